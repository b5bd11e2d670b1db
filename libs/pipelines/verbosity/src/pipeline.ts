import {
  type AckRecord,
  ackRecord,
  anomalyRecord,
  commandRecord,
  type DirectiveAckRow,
  type DirectiveRecord,
  type DirectiveRow,
  incidentRecord,
  TOPICS,
  volumeRecord,
} from '@telltale/contracts';
import { decide, type VerbosityEffect, type VerbosityEvent, type VerbosityRules } from '@telltale/domain-verbosity';
import { DAY_MS, isoTime } from '@telltale/kernel';
import {
  createEffects,
  createTaskSettings,
  type Effects,
  type LogRecord,
  madeOfSettings,
  readOrReject,
  type RecordSigner,
  type TaskProcessor,
} from '@telltale/streaming';
import { type z } from 'zod';
import { adoptDirective } from './adopt-directive';
import { createDirectiveState } from './state/directive-state';

const STEP = 'read_input';
type Input = { readonly tenant: string; readonly event: VerbosityEvent };

function readInput(record: LogRecord, effects: Effects): Input | null {
  const readAs = <T extends { tenant: string }>(schema: z.ZodType<T>, wrap: (value: T) => VerbosityEvent): Input | null => {
    const value = readOrReject(record, schema, STEP, effects);
    return value && { tenant: value.tenant, event: wrap(value) };
  };
  switch (record.topic) {
    case TOPICS.anomalies.name:
      return readAs(anomalyRecord, (anomaly) => ({ type: 'anomaly', anomaly }));
    case TOPICS.incidents.name:
      return readAs(incidentRecord, (incident) => ({ type: 'incident', incident }));
    case TOPICS.commands.name:
      return readAs(commandRecord, (command) => ({ type: 'command', command }));
    case TOPICS.volume.name:
      return readAs(volumeRecord, (volume) => ({ type: 'volume', volume }));
    case TOPICS.acks.name:
      return readAs(ackRecord, (ack) => ({ type: 'ack', ack }));
    default:
      return null;
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
  if (effect.type === 'applied') return;
  const { change, active } = effect;
  const { directive, appliedBy, records, bytes, evidenceFor = [] } = active;
  const { target, set, limits, evidence, ...plain } = directive;
  if (change === 'raised' || change === 'extended') write(directive, directive);
  else if (change === 'expired' || change === 'revoked') write(directive, null);
  const row: DirectiveRow = {
    ...plain,
    target: JSON.stringify(target),
    set: JSON.stringify(set),
    limits: JSON.stringify(limits),
    evidence: JSON.stringify(evidence),
    state: change,
    changed_at: isoTime(now),
    applied_by: appliedBy.length,
    records,
    bytes,
    evidence_for: evidenceFor,
  };
  effects.row('directives', JSON.stringify(row));
}

const ACKS_KEPT_MS = 30 * DAY_MS;

/** A row of the whole set, which says that the instance is there, and one of each directive of which there is something to say. */
function ackRows(ack: AckRecord, made: readonly VerbosityEffect[]): DirectiveAckRow[] {
  const { tenant, instance, sdk, service_name, set_hash, status, error, received_at, suppressed } = ack;
  const expires_on = isoTime(Date.parse(received_at) + ACKS_KEPT_MS).slice(0, 10);
  const common = {
    tenant,
    instance,
    sdk: `${sdk.name} ${sdk.version}`,
    service_name,
    set_hash,
    status,
    error,
    received_at,
    expires_on,
  };
  const first = new Set(made.flatMap((effect) => (effect.type === 'applied' ? [effect.id] : [])));
  const whole = { ...common, directive_id: '', is_first: false, hits: suppressed.records, drops: 0, bytes: suppressed.bytes };
  const each = ack.directives
    .filter(({ id, hits, drops, bytes }) => first.has(id) || hits + drops + bytes > 0)
    .map(({ id, ...counts }) => ({ ...common, directive_id: id, is_first: first.has(id), ...counts }));
  return [whole, ...each];
}

/** One task of verbosity: the directives of its tenants. */
export function createVerbosityTask(
  rules: VerbosityRules,
  signer: RecordSigner,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const directives = createDirectiveState(restored);
  const settings = createTaskSettings(['verbosity_budget'], restored);
  const rulesOf = madeOfSettings(settings, (tenant): VerbosityRules => {
    const budget = settings.valueOf('verbosity_budget', tenant);
    if (!budget) return rules;
    const bytesPerMinute = budget.bytes_per_hour === undefined ? null : budget.bytes_per_hour / 60;
    return { ...rules, maxBoosts: budget.max_boosts, mode: budget.mode ?? rules.mode, bytesPerMinute };
  });

  const isTaken = (tenant: string): boolean => settings.valueOf('verbosity_budget', tenant)?.control_topic !== 'refuse';

  /** What is to become of one batch. */
  function createDecider(effects: Effects, now: number, write: WriteControl) {
    return (tenant: string, event: VerbosityEvent): void => {
      const before = directives.of(tenant);
      const { state, effects: made, reason } = decide(before, event, now, rulesOf(tenant));
      for (const effect of made) apply(effect, now, write, effects);
      if (event.type === 'ack') for (const row of ackRows(event.ack, made)) effects.row('directive_acks', JSON.stringify(row));
      if (reason !== 'nothing') effects.count(reason);
      if (state !== before) directives.add(tenant, state);
    };
  }

  /** A record of the control topic: one of ours, or what somebody else wrote there. */
  function adopt(record: LogRecord, now: number, write: WriteControl, effects: Effects): void {
    const adopted = adoptDirective(record, signer, now, isTaken);
    // Through the tenant's own task, which may be another.
    if (adopted.kind === 'command')
      return effects.output(TOPICS.commands, adopted.command.tenant, JSON.stringify(adopted.command));
    if (adopted.kind === 'rejected') effects.reject(adopted.rejection);
    const { place } = adopted;
    if (!place) return;
    const { inForce } = directives.of(place.tenant);
    const present = inForce.find(({ directive }) => directive.id === place.id)?.directive ?? null;
    // One of ours that is over may have been written again by somebody else.
    const isRight = adopted.kind === 'own' ? String(record.value) === String(present && JSON.stringify(present)) : !present;
    if (!isRight) write(place, present);
  }

  return {
    process(records, { now, partition }) {
      const effects = createEffects();
      const write = controlWriter(effects, signer, partition);
      const decideFor = createDecider(effects, now, write);
      directives.startBatch(now);
      const rest = settings.take(records, effects);
      for (let tenant = directives.nextExpired(); tenant !== undefined; tenant = directives.nextExpired())
        decideFor(tenant, { type: 'tick' });
      for (const record of rest) {
        if (record.topic === TOPICS.control.name) {
          adopt(record, now, write, effects);
          continue;
        }
        const input = readInput(record, effects);
        // Volumes of tenants without a budget would be state that nothing reads.
        if (input && (input.event.type !== 'volume' || rulesOf(input.tenant).bytesPerMinute !== null))
          decideFor(input.tenant, input.event);
      }
      directives.flush(effects);
      settings.flush(effects);
      return effects.done();
    },
    due: directives.due,
  };
}
