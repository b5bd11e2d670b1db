import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { fillTables } from '@telltale/adapter-clickhouse/bench';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillStatements } from './reads-tables';

it('fills the tables with turns of thirty days, their events, sessions and spend, that fit each other', async () => {
  const path = mkdtempSync(join(tmpdir(), 'telltale-reads-'));
  const rows = createChdbRowStore({ path });
  const one = async (sql: string): Promise<unknown> => (await rows.query(`SELECT ${sql} AS it`)).at(0)?.['it'];
  try {
    await rows.migrate('apply');
    await fillTables(path, fillStatements(2_000, 'default', Date.now()));
    expect(await one('(SELECT count() FROM telltale.events)')).toBe(2_000);
    expect(await one('(SELECT count() FROM telltale.events_core)')).toBe(2_000);
    expect(await one('(SELECT (count(), max(revision)) FROM telltale.turns FINAL)')).toEqual([400, 6]);
    expect(await one('(SELECT (count(), sum(turns)) FROM telltale.sessions FINAL)')).toEqual([100, 400]);
    expect(await one('(SELECT sum(calls) FROM telltale.spend)')).toBe(800);
    expect(await one('(SELECT uniqExact(tenant) > 5 AND uniqExact(toDate(ts)) >= 30 FROM telltale.turns)')).toBe(1);
    expect(await one('(SELECT count() FROM telltale.events WHERE trace_id NOT IN (SELECT trace_id FROM telltale.turns))')).toBe(
      0,
    );
  } finally {
    await rows.close();
    rmSync(path, { recursive: true, force: true });
  }
}, 60_000);
