import { type TurnRecord, turnRecord, type SessionRecord, sessionRecord, TOPICS } from '@telltale/contracts';
import { type TurnEvent, turnEvent } from '@telltale/domain-turn';
import { eventRecord } from '@telltale/contracts';
import { type BatchEffects, type LogRecord } from '@telltale/streaming';
import { newTestRecord, newTestTask, outputsOf, type TestTask } from '@telltale/streaming/testing';
import { sessionsConfig, turnsConfig } from './config';
import { sessionsService, turnsService } from './service';

export const T = Date.UTC(2026, 0, 31, 12);
export const QUIET = 60_000;

const empty: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(eventRecord.shape).map(([name, field]) => [
    name,
    [undefined, '', null, [], {}, false, 0].find((value) => value !== undefined && field.safeParse(value).success),
  ]),
);

/** An event `offset` ms after T. */
export const newTestEvent = ({ offset = 0, ...of }: Partial<TurnEvent> & { readonly offset?: number } = {}): TurnEvent => {
  const ts = new Date(T + offset).toISOString();
  return turnEvent.parse({
    ...empty, tenant: 'acme', id: `${of.trace_id ?? 't1'}/${offset}`, kind: 'llm', name: 'chat', ts, received_at: ts, expires_on: '2026-03-02', status: 'ok', trace_id: 't1', service_name: 'bot',
    ingest_format: 'otlp-traces', sampling_weight: 1, parent_span_id: 'root', duration_ms: 10, ...of,
  }); // prettier-ignore
};
export const eventRecordOf = (event: TurnEvent, offset = 0): LogRecord =>
  newTestRecord(TOPICS.events.name, event, event.trace_id || event.session_id || event.id, offset);

export const newTurnsTask = (config: Partial<Record<keyof typeof turnsConfig.shape, unknown>> = {}, restored?: ReadonlyMap<string, Buffer>): TestTask =>
  newTestTask(turnsService.open(turnsConfig.parse(config), { measurePartitions: 1 }), restored); // prettier-ignore
export const newSessionsTask = (config: Partial<Record<keyof typeof sessionsConfig.shape, unknown>> = {}, restored?: ReadonlyMap<string, Buffer>): TestTask =>
  newTestTask(sessionsService.open(sessionsConfig.parse(config), undefined), restored); // prettier-ignore

export const turnsOf = (effects: BatchEffects): TurnRecord[] =>
  (effects.rows.get('turns') ?? []).map((row) => turnRecord.parse(JSON.parse(String(row))));
export const sessionsOf = (effects: BatchEffects): SessionRecord[] =>
  (effects.rows.get('sessions') ?? []).map((row) => sessionRecord.parse(JSON.parse(String(row))));
export const turnOutputs = (effects: BatchEffects): LogRecord[] =>
  effects.outputs
    .filter(({ topic }) => topic === TOPICS.turns.name)
    .map(({ key, value }) => newTestRecord(TOPICS.turns.name, String(value), key));
export const turnsOnTopic = (effects: BatchEffects): TurnRecord[] => outputsOf(effects, TOPICS.turns.name);

/** Of each the one that counts: that of the highest revision. */
export function latestBy<T extends { readonly revision: number }>(
  records: Iterable<T>,
  keyOf: (one: T) => string,
): Map<string, T> {
  const latest = new Map<string, T>();
  for (const one of records) if (one.revision >= (latest.get(keyOf(one))?.revision ?? 0)) latest.set(keyOf(one), one);
  return new Map([...latest].sort(([a], [b]) => (a < b ? -1 : 1)));
}
