import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbRowStore } from './clickhouse-row-store';

const root = mkdtempSync(join(tmpdir(), 'telltale-tables-'));
const made = join(root, 'made');
const path = join(root, 'tables');
beforeAll(async () => {
  const store = createChdbRowStore({ path: made });
  await store.migrate('apply');
  await store.close();
}, 60_000);
beforeEach(() => cpSync(made, path, { recursive: true, verbatimSymlinks: true }));
afterEach(() => rmSync(path, { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const garbage = Buffer.alloc(300, 0xc1);
function replace(name: string, content: Buffer | string | null): void {
  rmSync(join(path, name), { recursive: true, force: true });
  if (content === null) mkdirSync(join(path, name));
  else writeFileSync(join(path, name), content);
}
function onlyForeign(): void {
  replace('.', null);
  writeFileSync(join(path, 'photo.jpg'), garbage);
}

describe('the folder of the tables', () => {
  it.each<[string, string, () => void]>([
    ['a file in its place', 'there is a file where a folder should be', () => replace('.', 'hello')],
    ['files of others in it', "holds files that are not Telltale's (photo.jpg)", onlyForeign],
    ['a file in place of a folder of the engine', 'are damaged, or are none (store is not', () => replace('store', 'hello')],
    ['a folder in place of its lock', 'are damaged, or are none (status is not', () => replace('status', null)],
    ['a damaged definition of the database', 'are damaged', () => replace('metadata/telltale.sql', garbage)],
    ['a damaged definition of a table', 'are damaged', () => replace('metadata/telltale/events.sql', garbage)],
    ['an empty definition of a table', 'are damaged', () => replace('metadata/telltale/events.sql', '')],
    ['a folder in place of a definition', 'are damaged', () => replace('metadata/telltale/events.sql', null)],
    ['tables whose data is gone', 'points to nothing', () => rmSync(join(path, 'store'), { recursive: true })],
  ])('%s: one sentence with the folder and the fix, and nothing is changed', (_, said, damage) => {
    damage();
    const before = existsSync(join(path, 'metadata')) ? readdirSync(join(path, 'metadata')) : [];
    const open = (): unknown => createChdbRowStore({ path });
    expect(open).toThrow(expect.objectContaining({ code: 'config', message: expect.stringContaining(said) as string }) as Error);
    expect(open).toThrow(/move (it|them) away/);
    expect(open).toThrow(path);
    expect(existsSync(join(path, 'metadata')) ? readdirSync(join(path, 'metadata')) : []).toEqual(before);
  }); // prettier-ignore

  it('ignores an unfinished definition, as a kill leaves it, and a note next to the folders of the engine', async () => {
    writeFileSync(join(path, 'metadata', 'telltale', 'unfinished.sql.tmp'), '');
    writeFileSync(join(path, 'note.txt'), 'mine');
    const store = createChdbRowStore({ path });
    expect(await store.query('SELECT count() AS n FROM telltale.events')).toEqual([{ n: 0 }]);
    await store.close();
    expect(readFileSync(join(path, 'note.txt'), 'utf8')).toBe('mine');
  });
});
