import { type RowStore } from '@telltale/engine';
import { PermanentError } from '@telltale/kernel';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChdbRowStore } from './clickhouse-row-store';

const alert = (id: string, at = '2026-11-23T00:00:00.000Z') => JSON.stringify({ tenant: 't', id, incident_id: 'i', edge: 'opened', at, title: 'x', summary: "it's" });

describe('row store in this process', () => {
  let folder: string;
  let store: RowStore;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-rows-'));
    store = createChdbRowStore({ path: folder });
    await store.migrate();
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('applies each migration once', async () => {
    expect(await store.migrate()).toEqual([]);
  });

  it('takes the same token once and another one again', async () => {
    const batch = { table: 'alerts', rows: [alert('a'), alert('b')], comment: "test o'clock" };
    await store.insert({ ...batch, token: 'g:0:x=0-2:1:alerts' });
    await store.insert({ ...batch, token: 'g:0:x=0-2:1:alerts' });
    expect(Number((await store.query<{ n: string }>('SELECT count() AS n FROM telltale.alerts'))[0]?.n)).toBe(2);
    await store.insert({ ...batch, token: 'g:0:x=2-4:1:alerts' });
    expect(Number((await store.query<{ n: string }>('SELECT count() AS n FROM telltale.alerts'))[0]?.n)).toBe(4);
  });

  it('says for good that a wrong row is refused', async () => {
    const wrong = { table: 'alerts', rows: [alert('c', 'yesterday')], token: 'w', comment: 'test' };
    await expect(store.insert(wrong)).rejects.toBeInstanceOf(PermanentError);
  });

  it('hands the engine message of a wrong query to the one who asked', async () => {
    await expect(store.query('SELECT nothing FROM telltale.alerts')).rejects.toThrow(/nothing/);
  });

  it('binds parameters', async () => {
    expect(await store.query<{ v: string }>('SELECT {v:String} AS v', { v: "x'; DROP TABLE y" })).toEqual([{ v: "x'; DROP TABLE y" }]);
  });
});
