import { describeWrittenState, type TestBatch } from '@telltale/streaming/testing';
import { join } from 'node:path';
import { native, newTestTopology, record, T } from './enrich.fixture';

/** Calls and log lines of two tenants; every third is one that was sent before. */
const batches = Array.from({ length: 8 }, (_, batch): TestBatch => {
  const now = T + batch * 30_000;
  const events = Array.from({ length: 6 }, (__, i) => {
    const id = `e-${i % 3 === 0 ? Math.max(0, batch - 1) : batch}-${i}`;
    return i % 2 === 0
      ? native({ id, ts: now - 100, kind: 'tool', name: `tool ${i}`, status: i === 4 ? 'error' : 'ok' })
      : native({
          id,
          ts: now - 100,
          kind: 'log',
          severity: 'error',
          body: `job of user ${['ann', 'bob', 'cid'][batch % 3]} failed`,
        });
  });
  return {
    now,
    records: [
      record(events, { offset: 2 * batch }),
      record(events.slice(0, 2), { offset: 2 * batch + 1, headers: { 'tt-tenant': 'other' } }),
    ],
  };
});

describeWrittenState(join(__dirname, 'state', 'written'), newTestTopology({}, { maxIds: 40, maxTemplates: 3 }), {
  before: batches.slice(0, 5),
  after: batches.slice(5),
});
