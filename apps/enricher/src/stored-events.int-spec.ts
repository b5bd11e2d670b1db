import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { MINUTE_MS } from '@telltale/kernel';
import { MAX_QUESTION_ITEMS } from '@telltale/pipeline-enrich';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storedEventsIn } from '@telltale/query';

jest.setTimeout(120_000);

it('asks for as many events and sessions as one question may hold', async () => {
  const path = mkdtempSync(join(tmpdir(), 'telltale-stored-'));
  const rows = createChdbRowStore({ path });
  try {
    await rows.migrate('apply');
    const received = '2026-11-20T00:00:00.000Z';
    const row = {
      tenant: 'acme', id: 'e7', kind: 'tool', name: 'search', ts: '2026-11-20T00:00:07.000Z', received_at: received, expires_on: '2126-11-20', status: 'ok', sampling_weight: 1,
      ingest_format: 'native',
    }; // prettier-ignore
    await rows.insert({ table: 'events', rows: [JSON.stringify(row)], token: 't', comment: 'test' });
    const minute = Math.floor(Date.parse(row.ts) / MINUTE_MS) * MINUTE_MS;
    const events = Array.from({ length: MAX_QUESTION_ITEMS }, (_, i) => ({ id: `e${i}`, minute }));
    const sessions = Array.from({ length: MAX_QUESTION_ITEMS }, (_, i) => `s${i}`);
    const ask = storedEventsIn(rows);
    expect(await ask({ tenant: 'acme', events, sessions })).toEqual([{ id: 'e7', receivedAt: Date.parse(received) }]);
    expect(await ask({ tenant: 'other', events, sessions })).toEqual([]);
  } finally {
    await rows.close();
    rmSync(path, { recursive: true, force: true });
  }
});
