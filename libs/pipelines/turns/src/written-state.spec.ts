import { TOPICS, type TurnRecord, turnRecord, turnRowAndRecord } from '@telltale/contracts';
import { describeWrittenState, newTestRecord, type TestBatch } from '@telltale/streaming/testing';
import { join } from 'node:path';
import { sessionsConfig, turnsConfig } from './config';
import { sessionsService, turnsService } from './service';
import { turnKeyOf } from './turn-record';
import { eventRecordOf, newTestEvent, T } from './turns.fixture';

const MINUTE = 60_000;

describe('turns', () => {
  const batches = Array.from({ length: 8 }, (_, batch): TestBatch => {
    const of = { trace_id: `t${batch % 3}`, session_id: `s${batch % 2}`, input: 'cancel my order', cost_nano_usd: 4 };
    const root = { ...of, id: `root-${batch}`, kind: 'agent' as const, parent_span_id: '', offset: batch * 25_000 };
    const call = { ...of, id: `call-${batch}`, parent_span_id: 'root', offset: batch * 25_000 + 5, output: 'Done.' };
    return {
      now: T + batch * 25_000,
      records: [root, call].map((event, i) => eventRecordOf(newTestEvent(event), 2 * batch + i)),
    };
  });
  const paidTools = [{ id: 'ocr-1', cost_nano_usd: 5 }, { id: 'ocr-2' }].map((of, i) => ({ ...of, offset: 100_010 + i, trace_id: 't1', kind: 'tool' as const, price_version: 'tool_price/ocr' })); // prettier-ignore
  describeWrittenState(
    join(__dirname, 'state', 'written-turns'),
    turnsService.open(turnsConfig.parse({}), { measurePartitions: 1 }),
    {
      before: [
        ...batches.slice(0, 5),
        { now: T + 4 * 25_000, records: paidTools.map((of, i) => eventRecordOf(newTestEvent(of), 100 + i)) },
      ],
      after: [...batches.slice(5), { now: T + 5 * MINUTE, records: [] }, { now: T + 20 * MINUTE, records: [] }],
    },
  );
});

describe('sessions', () => {
  const turn = (id: string, minute: number, of: Partial<TurnRecord> = {}): TurnRecord => {
    const ts = new Date(T + minute * MINUTE).toISOString();
    return turnRecord.parse({
      tenant: 'acme', turn_id: id, trace_id: id, revision: 1, ts, first_minute: ts, received_at: ts, expires_on: '2026-03-02', duration_ms: 1_000, service_name: 'bot', outcome: 'answered', ...of,
    }); // prettier-ignore
  };
  const batches = Array.from({ length: 8 }, (_, i): TestBatch => {
    const turns = [turn(`named-${i}`, i, { session_id: `s${i % 2}` }), turn(`derived-${i}`, i * 17, { user_id: 'u1' })];
    return {
      now: T + i * MINUTE,
      records: turns.map((one) => newTestRecord(TOPICS.turns.name, turnRowAndRecord(one)[0], turnKeyOf(one))),
    };
  });
  describeWrittenState(join(__dirname, 'state', 'written-sessions'), sessionsService.open(sessionsConfig.parse({}), undefined), {
    before: batches.slice(0, 5),
    after: batches.slice(5),
  });
});
