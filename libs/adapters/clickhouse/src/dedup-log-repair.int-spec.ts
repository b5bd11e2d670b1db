import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbRowStore } from './clickhouse-row-store';
import { removeDanglingDedupTokens } from './dedup-log-repair';

describe('a process killed while a block was being committed', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'telltale-unfinished-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const tables = (): string[] =>
    readdirSync(join(home, 'store')).flatMap((prefix) =>
      readdirSync(join(home, 'store', prefix)).map((id) => join(home, 'store', prefix, id)),
    );
  const partsOf = (table: string): string[] => readdirSync(table).filter((name) => /_\d+_\d+_\d+$/.test(name) && !name.startsWith('tmp')); // prettier-ignore

  it('stores its rows once when the insert is repeated', async () => {
    const insert = (store: ReturnType<typeof createChdbRowStore>, id: string): Promise<void> =>
      store.insert({
        table: 'alerts',
        rows: [JSON.stringify({ tenant: 't', id, incident_id: 'i', status: 'firing', at: '2026-11-23T00:00:00.000Z', title: 'x', summary: '' })],
        token: id,
        comment: 'test',
      }); // prettier-ignore
    const before = createChdbRowStore({ path: home });
    await before.migrate('apply');
    await insert(before, 'finished');
    await insert(before, 'unfinished');
    await before.close();
    const table = tables().find((folder) => partsOf(folder).length === 2) ?? '';
    const last = partsOf(table).sort().at(-1) ?? '';
    renameSync(join(table, last), join(table, `tmp_insert_${last}`));

    const after = createChdbRowStore({ path: home });
    await insert(after, 'finished');
    await insert(after, 'unfinished');
    await insert(after, 'unfinished');
    const ids = await after.query<{ id: string }>('SELECT id FROM telltale.alerts ORDER BY id');
    await after.close();
    expect(ids.map(({ id }) => id)).toEqual(['finished', 'unfinished']);
  });

  it('removes only tokens without a part, and only once', () => {
    const table = join(home, 'store', '0a1', '0a1b');
    const log = (number: number): string => join(table, 'deduplication_logs', `deduplication_log_${number}.txt`);
    for (const name of ['deduplication_logs', '20261123_1_3_1', '20261123_5_5_0_9', 'tmp_insert_20261123_6_6_0', 'detached'])
      mkdirSync(join(table, name), { recursive: true });
    writeFileSync(
      log(9),
      '1\t20261123_2_2_0\tmerged\n1\t20261124_1_1_0\tother-day\n1\t20261123_4_4_0\tdropped\n2\t20261123_4_4_0\tdropped\n',
    );
    writeFileSync(log(10), '1\t20261123_5_5_0\tmutated\n1\t20261123_6_6_0\tkilled\n');
    expect(removeDanglingDedupTokens(home)).toBe(2);
    expect(readFileSync(log(10), 'utf8')).toBe(
      '1\t20261123_5_5_0\tmutated\n1\t20261123_6_6_0\tkilled\n2\t20261124_1_1_0\tother-day\n2\t20261123_6_6_0\tkilled\n',
    );
    expect(removeDanglingDedupTokens(home)).toBe(0);
  });
});
