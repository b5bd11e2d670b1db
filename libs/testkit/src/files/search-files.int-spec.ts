import { Session } from 'chdb';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchFiles } from './search-files';

const PLAIN = "it's plain \\ text";

describe('searching files for readable text', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-search-files-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('finds text inside compressed columns of either codec, in files of one column or of all', () => {
    const session = new Session(join(home, 'tables'));
    const layouts = [
      ['wide', 'min_bytes_for_wide_part = 0'],
      ['compact', 'min_bytes_for_wide_part = 100000000'],
    ] as const;
    session.query('CREATE DATABASE t');
    for (const [table, settings] of layouts) {
      session.query(
        `CREATE TABLE t.${table} (id UInt64, a String CODEC(LZ4), b String CODEC(ZSTD(1)), ts DateTime64(3) CODEC(Delta, ZSTD(1))) ENGINE = MergeTree ORDER BY id SETTINGS ${settings}`,
      );
      session.query(
        `INSERT INTO t.${table} SELECT number, concat('first of ${table} ', toString(number)), concat('second of ${table} ', toString(number)), now64() FROM numbers(20000)`,
      );
    }
    session.close();
    writeFileSync(join(home, 'note.txt'), PLAIN);
    const stored = layouts.flatMap(([table]) => [`first of ${table} 19998`, `second of ${table} 19998`]);
    const found = searchFiles([home], [...stored, PLAIN, 'nowhere']).map(({ needle }) => needle);
    expect(found.sort()).toEqual([...stored, PLAIN].sort());
  });
});
