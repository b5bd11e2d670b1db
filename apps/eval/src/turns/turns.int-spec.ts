import { eventRecord, type EventRecord } from '@telltale/contracts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recountSessions, recountTurns } from './recount';
import { evaluateTurns } from './turns';

jest.setTimeout(180_000);
const AT = Date.UTC(2026, 0, 31, 12);

describe('the recount', () => {
  const empty = Object.fromEntries(
    Object.entries(eventRecord.shape).map(([name, field]) => [name, ['', null, [], {}, false, 0].find((value) => field.safeParse(value).success)]),
  ); // prettier-ignore
  const event = (offset: number, of: Partial<EventRecord>): EventRecord =>
    ({ ...empty, tenant: 'acme', id: `e${offset}`, kind: 'llm', ts: new Date(AT + offset).toISOString(), trace_id: 't', span_id: `s${offset}`, status: 'ok', duration_ms: 10, service_name: 'bot', ingest_format: 'otlp-traces', parent_span_id: 'x', attributes: {}, ...of }) as EventRecord; // prettier-ignore

  it('counts by trace, an event that comes twice once, and a request that two report once', () => {
    const call = { usage_input_uncached: 5, cost_nano_usd: 3 };
    const inner = event(2, { ...call, parent_span_id: 's1' });
    const turns = recountTurns([event(0, { kind: 'agent', parent_span_id: '', session_id: 's' }), event(1, call), inner, inner, event(3, { kind: 'feedback' })]);
    expect(turns.get('t')).toMatchObject({ revision: 3, calls: { agent: 1, llm: 1 }, cost_nano_usd: 3, usage_input_uncached: 5, session_id: 's', has_root: true });
  }); // prettier-ignore
  it('puts turns of a user together that are half an hour apart at most', () => {
    const turns = recountTurns([0, 29, 70].map((minute) => event(minute * 60_000, { trace_id: `t${minute}`, user_id: 'u' })));
    expect(recountSessions(turns.values()).map((session) => session.turns)).toEqual([2, 1]);
  });
});

it('turns and sessions that come in pieces, twice, late, and over restores equal the recount', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-eval-turns-'));
  const span = (n: number, parent: string) => ({
    name: `chat ${n}`, spanContext: { traceId: 'a'.repeat(32), spanId: String(n).padStart(16, '0') }, parentSpanId: parent, startTime: [1_000, n * 1e6], endTime: [1_001, 0],
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': n },
  }); // prettier-ignore
  writeFileSync(join(folder, 'spans.json'), JSON.stringify([span(1, ''), span(2, '0'.repeat(15) + '1'), span(3, '')]));
  try {
    const report = await evaluateTurns(folder);
    expect(report).toMatchObject({ recount_equal: true, sessions_equal: true, differences: [] });
    expect(report.revisions).toBeGreaterThan(500);
    expect(report.restores).toBeGreaterThan(100);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
