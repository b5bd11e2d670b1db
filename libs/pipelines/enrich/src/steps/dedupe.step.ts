import { drop, ok } from '@telltale/streaming';
import { type DedupeWindow } from '../state/dedupe-window';
import { type EnrichStep, type Serialized, type Redacted } from '../types';

/** Lets an event pass once in ten minutes: what a client sends again has the same id. Behind all steps that may reject it. */
export function createDedupeStep(window: Pick<DedupeWindow, 'add'>): EnrichStep<Redacted & Serialized, object> {
  return function dedupe(item) {
    const { tenant, id } = item.event;
    return window.add(tenant, id) ? ok(item) : drop('duplicate');
  };
}
