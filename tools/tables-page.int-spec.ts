import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { eventRecord } from '@telltale/contracts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablesPage } from './tables-page';

type Store = ReturnType<typeof createChdbRowStore>;

describe('the page of tables', () => {
  let path: string;
  let store: Store;
  let columns: { table: string; name: string; type: string; engine: string }[];
  beforeAll(async () => {
    path = mkdtempSync(join(tmpdir(), 'telltale-tables-'));
    store = createChdbRowStore({ path });
    await store.migrate('apply');
    columns = await store.query(
      "SELECT c.table AS table, c.name AS name, c.type AS type, t.engine AS engine FROM system.columns AS c JOIN system.tables AS t ON c.database = t.database AND c.table = t.name WHERE c.database = 'telltale'",
    );
  }, 60_000);
  afterAll(async () => {
    await store.close();
    rmSync(path, { recursive: true, force: true });
  });

  /** Rows of the page by section. */
  function sections(page: string): Map<string, string[][]> {
    return new Map(
      page.split(/^## /m).slice(1).map((text) => [
        text.slice(0, text.indexOf('\n')),
        text.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.slice(2, -2).split(' | ')),
      ]),
    ); // prettier-ignore
  }

  it('has each column of every table and view in the engine, with its type and a description', () => {
    const page = sections(readFileSync(join(__dirname, '..', 'docs', 'TABLES.md'), 'utf8'));
    expect(columns.length).toBeGreaterThan(300);
    const views = new Set(columns.filter(({ engine }) => engine === 'MaterializedView').map(({ table }) => table));
    expect(page.get('Materialized views')?.map(([view]) => view)).toEqual(
      expect.arrayContaining([...views].map((view) => `\`${view}\``)),
    );
    for (const { table, name, type } of columns.filter((column) => !views.has(column.table))) {
      const found = page.get(table)?.find(([column]) => column === `\`${name}\``);
      expect([table, name, found?.[1], (found?.[2] ?? '').length > 1]).toEqual([table, name, `\`${type}\``, true]);
      expect(found?.[2]).not.toMatch(/^As in \w+$/);
    }
  });

  it('is what the engine says, of the contract of events too', async () => {
    expect(readFileSync(join(__dirname, '..', 'docs', 'TABLES.md'), 'utf8')).toContain(await tablesPage(store));
    const events = columns.filter(({ table }) => table === 'events').map(({ name }) => name);
    expect(events.sort()).toEqual(Object.keys(eventRecord.shape).sort());
  });

  it.each([
    ['column', { name: 'undescribed', comment: '' }],
    ['column that is said to equal one that is not there', { name: 'undescribed', comment: 'As in events' }],
  ])('is not made while a %s has no description', async (_, column) => {
    const lacking = {
      ...store,
      query: async <T>(sql: string): Promise<T[]> => {
        const rows = await store.query<T>(sql);
        return sql.includes('system.columns') ? [...rows, { table: 'alerts', type: 'String', ...column } as T] : rows;
      },
    };
    await expect(tablesPage(lacking)).rejects.toThrow('column undescribed of alerts has no description: give it a COMMENT');
  });
});
