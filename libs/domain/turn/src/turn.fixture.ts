import { eventRecord, turnRecord, type TurnRecord } from '@telltale/contracts';
import { type AboutTurn } from './turn-of';
import { type TurnEvent, turnEvent } from './turn-event';

export const AT = Date.UTC(2026, 0, 31, 12);

const empty: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(eventRecord.shape).map(([name, field]) => [
    name,
    [undefined, '', null, [], {}, false, 0].find((value) => value !== undefined && field.safeParse(value).success),
  ]),
);

/** An event at `offset` ms of the turn's time. */
export const newTestEvent = ({ offset = 0, ...of }: Partial<TurnEvent> & { readonly offset?: number } = {}): TurnEvent =>
  turnEvent.parse({
    ...empty,
    tenant: 'acme',
    id: `e${offset}`,
    kind: 'llm',
    name: 'chat',
    ts: new Date(AT + offset).toISOString(),
    received_at: new Date(AT + offset + 500).toISOString(),
    expires_on: '2026-03-02',
    status: 'ok',
    trace_id: 't1',
    service_name: 'bot',
    ingest_format: 'otlp-traces',
    sampling_weight: 1,
    parent_span_id: 'root',
    ...of,
  });

/** A turn at `second` of that time. */
export const newTestTurn = (second: number, of: Partial<TurnRecord> = {}): TurnRecord => {
  const ts = new Date(AT + second * 1_000).toISOString();
  return turnRecord.parse({ tenant: 'acme', turn_id: `t${second}`, revision: 3, ts, first_minute: ts, received_at: ts, expires_on: '2026-03-02', duration_ms: 500, service_name: 'bot', ...of });
}; // prettier-ignore

export const ABOUT: AboutTurn = {
  tenant: 'acme', turnId: 't1', traceId: 't1', firstMinute: AT, expiresOn: '2026-03-02', outcome: 'answered', outcomeEventId: 'e1', outcomeReason: 'It rains.',
  intent: '', intentMatchedTerms: [], language: 'en', cues: [], requestHash: '', requestSimhash: '',
}; // prettier-ignore
