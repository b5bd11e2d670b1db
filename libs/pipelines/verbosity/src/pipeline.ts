import {
  ackRecord,
  anomalyRecord,
  commandRecord,
  type DirectiveRecord,
  type DirectiveRow,
  incidentRecord,
  TOPICS,
} from '@telltale/contracts';
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
import { type TaskProcessor, type LogRecord, type RecordSigner } from '@telltale/streaming';
import { isoTime } from '@telltale/kernel';
import { createTimerQueue } from '@telltale/streaming';
import { adoptDirective } from './adopt-directive';
import { createEffects, type Effects } from '@telltale/streaming';
import { type Read, readRecord } from '@telltale/streaming';

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

/** Writes to the control topic, each record with the proof that it is ours. */
type WriteControl = (place: Pick<DirectiveRecord, 'tenant' | 'id'>, directive: DirectiveRecord | null) => void;

/**
 * All of a tenant in the partition of its own task: only there could a record of somebody else displace ours, and there the task that reads
 * it knows what to write again.
 */
function controlWriter(effects: Effects, signer: RecordSigner, partition: number): WriteControl {
  return ({ tenant, id }, directive) => {
    const record = { topic: TOPICS.control.name, key: `${tenant}/${id}`, value: directive && JSON.stringify(directive) };
    effects.write(signer.sign({ ...record, partition }));
  };
}

function apply(effect: VerbosityEffect, now: number, write: WriteControl, effects: Effects): void {
  if (effect.type === 'cleared') return write(effect, null);
  const { change, directive, appliedBy } = effect;
  const { tenant, id, action, target, level, reason, issued_by, issued_at, expires_at } = directive;
  const isOver = change === 'expired' || change === 'revoked';
  write(directive, isOver ? null : directive);
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

/** One task of verbosity: the directives of its tenants. State is a record a tenant. */
export function createVerbosityTask(
  rules: VerbosityRules,
  signer: RecordSigner,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const tenants = new Map<string, VerbosityState>();
  const expiries = createTimerQueue();
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
    process(records, { now, partition }) {
      const effects = createEffects();
      const write = controlWriter(effects, signer, partition);
      const changed = new Set<string>();
      function step(tenant: string, event: VerbosityEvent): void {
        const before = tenants.get(tenant) ?? NO_DIRECTIVES;
        const { state, effects: made, reason } = decide(before, event, now, rules);
        for (const effect of made) apply(effect, now, write, effects);
        if (reason !== 'nothing') effects.count(reason);
        if (state === before) return;
        tenants.set(tenant, state);
        changed.add(tenant);
      }

      function adopt(record: LogRecord): void {
        const adopted = adoptDirective(record, signer, now);
        // By way of the tenant's own task, which may be another.
        if (adopted.kind === 'command')
          return effects.output(TOPICS.commands, adopted.command.tenant, JSON.stringify(adopted.command));
        if (adopted.kind === 'rejected') effects.reject(adopted.rejection);
        const { place } = adopted;
        if (!place) return;
        const present = tenants.get(place.tenant)?.inForce.find(({ directive }) => directive.id === place.id)?.directive ?? null;
        // One of ours that does not hold any more may have been written again by somebody else.
        const isRight = adopted.kind === 'own' ? String(record.value) === String(present && JSON.stringify(present)) : !present;
        if (!isRight) write(place, present);
      }

      for (let due = expiries.takeUntil(now); due; due = expiries.takeUntil(now)) step(due.key, { type: 'tick' });
      for (const record of records) {
        if (record.topic === TOPICS.control.name) {
          adopt(record);
          continue;
        }
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
