import { ackRecord, anomalyRecord, commandRecord, type DirectiveRow, incidentRecord, TOPICS } from '@telltale/contracts';
import {
  decide,
  isEmpty,
  nextExpiry,
  NO_DIRECTIVES,
  type VerbosityEffect,
  type VerbosityEvent,
  type VerbosityRules,
  type VerbosityState,
} from '@telltale/domain-verbosity';
import { type LaneStage, type LogRecord } from '@telltale/engine';
import { isoTime } from '@telltale/kernel';
import { createDueQueue } from '../stream/due-queue';
import { createEffects, type Effects } from '../stream/effects';
import { type Read, readRecord } from '../stream/read-record';

const STEP = 'read_input';
type Input = { readonly tenant: string; readonly event: VerbosityEvent };

const as = <T extends { tenant: string }>(read: Read<T>, wrap: (value: T) => VerbosityEvent): Read<Input> =>
  read.kind === 'ok' ? { kind: 'ok', value: { tenant: read.value.tenant, event: wrap(read.value) } } : read;

function readInput(record: LogRecord): Read<Input> {
  switch (record.topic) {
    case TOPICS.anomalies.name:
      return as(readRecord(record, anomalyRecord, STEP), (anomaly) => ({ type: 'anomaly', anomaly }));
    case TOPICS.incidents.name:
      return as(readRecord(record, incidentRecord, STEP), (incident) => ({ type: 'incident', incident }));
    case TOPICS.commands.name:
      return as(readRecord(record, commandRecord, STEP), (command) => ({ type: 'command', command }));
    case TOPICS.acks.name:
      return as(readRecord(record, ackRecord, STEP), (ack) => ({ type: 'ack', ack }));
    default:
      return { kind: 'none' };
  }
}

function apply(effect: VerbosityEffect, now: number, effects: Effects): void {
  if (effect.type === 'cleared') return effects.output(TOPICS.control, `${effect.tenant}/${effect.id}`, null);
  const { change, directive, appliedBy } = effect;
  const { tenant, id, action, target, level, reason, issued_by, issued_at, expires_at } = directive;
  const isOver = change === 'expired' || change === 'revoked';
  effects.output(TOPICS.control, `${tenant}/${id}`, isOver ? null : JSON.stringify(directive));
  const row: DirectiveRow = {
    tenant,
    id,
    action,
    target: JSON.stringify(target),
    level,
    reason,
    issued_by,
    issued_at,
    expires_at,
    state: change,
    changed_at: isoTime(now),
    applied_by: appliedBy,
  };
  effects.row('directives', JSON.stringify(row));
}

/** One lane of verbosity: the directives of its tenants. State is a record a tenant. */
export function openVerbosityLane(rules: VerbosityRules, restored: ReadonlyMap<string, Buffer>): LaneStage {
  const tenants = new Map<string, VerbosityState>();
  const expiries = createDueQueue();
  const watch = (tenant: string, state: VerbosityState): void => {
    const at = nextExpiry(state);
    if (at < Infinity) expiries.add({ at, key: tenant });
  };
  for (const [tenant, value] of restored) {
    const state = JSON.parse(value.toString()) as VerbosityState;
    tenants.set(tenant, state);
    watch(tenant, state);
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      const changed = new Set<string>();
      function step(tenant: string, event: VerbosityEvent): void {
        const before = tenants.get(tenant) ?? NO_DIRECTIVES;
        const { state, effects: made, reason } = decide(before, event, now, rules);
        for (const effect of made) apply(effect, now, effects);
        if (reason !== 'nothing') effects.count(reason);
        if (state === before) return;
        tenants.set(tenant, state);
        changed.add(tenant);
      }

      for (let due = expiries.takeUntil(now); due; due = expiries.takeUntil(now)) step(due.key, { type: 'tick' });
      for (const record of records) {
        const read = readInput(record);
        if (read.kind === 'rejected') effects.reject(read.rejection);
        if (read.kind === 'ok') step(read.value.tenant, read.value.event);
      }
      for (const tenant of changed) {
        const state = tenants.get(tenant) ?? NO_DIRECTIVES;
        if (isEmpty(state)) tenants.delete(tenant);
        else watch(tenant, state);
        effects.state(tenant, isEmpty(state) ? null : JSON.stringify(state));
      }
      return effects.done();
    },
    due: (now) => (expiries.peek()?.at ?? Infinity) <= now,
  };
}
