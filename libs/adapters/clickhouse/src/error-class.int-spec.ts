import { PermanentError, TransientError } from '@telltale/kernel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbRowStore } from './clickhouse-row-store';
import { classify, PERMANENT_CODES } from './error-class';

/** Codes about parsing files, schemas and statements, which inserting rows never raises. */
const NOT_OF_ROWS = /_(ELF|DWARF|YAML|SCHEMA|BACKUP_SETTINGS|PROMQL_QUERY)$/;

describe('classes of ClickHouse errors', () => {
  let folder: string;
  let codes: { code: string; name: string }[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-codes-'));
    const store = createChdbRowStore({ path: folder });
    codes = await store.query("SELECT toString(number) AS code, errorCodeToName(toUInt32(number)) AS name FROM numbers(2000) WHERE name != ''"); // prettier-ignore
    await store.close();
  }, 30_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('have the numbers and names of the engine', () => {
    expect(codes).toEqual(expect.arrayContaining([...PERMANENT_CODES].map(([code, name]) => ({ code, name }))));
  });

  it('classify every value that cannot be parsed as permanent', () => {
    const parsing = codes.filter(({ name }) => /^CANNOT_(PARSE_|READ_.*_FROM_TEXT)/.test(name) && !NOT_OF_ROWS.test(name));
    expect(parsing.length).toBeGreaterThan(10);
    for (const { code, name } of parsing) expect([name, PERMANENT_CODES.has(code)]).toEqual([name, true]);
  });

  it.each([
    ['252', 'TOO_MANY_PARTS', TransientError],
    ['241', 'MEMORY_LIMIT_EXCEEDED', TransientError],
    ['243', 'NOT_ENOUGH_SPACE', TransientError],
    ['27', 'CANNOT_PARSE_INPUT_ASSERTION_FAILED', PermanentError],
  ])('take %s (%s) for %p', (code, type, kind) => {
    expect(classify(Object.assign(new Error('x'), { code, type }), 'insert')).toBeInstanceOf(kind);
  });
});
