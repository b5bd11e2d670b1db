import { type RowStore } from '@telltale/engine';
import { PermanentError } from '@telltale/kernel';

const alert = (id: string, at = '2026-11-23T00:00:00.000Z'): string =>
  JSON.stringify({ tenant: 't', id, incident_id: 'i', edge: 'opened', at, title: 'x', summary: "it's" });
const spend = (cost: number): string =>
  JSON.stringify({ tenant: 't', hour: '2026-11-23T01:00:00.000Z', service_name: 's', provider: 'p', model: 'm', kind: 'llm', historic: false, calls: 1, unpriced_calls: 0, cost_nano: cost, input_tokens: 1, output_tokens: 1 }); // prettier-ignore

/** What every row store must hold, whichever engine is behind it. */
export function describeRowStore(
  name: string,
  make: () => Promise<{ readonly store: RowStore; readonly cleanup: () => Promise<void> }>,
): void {
  describe(`row store: ${name}`, () => {
    let store: RowStore;
    let cleanup: () => Promise<void>;
    const count = async (table: string): Promise<number> =>
      Number((await store.query<{ n: string | number }>(`SELECT count() AS n FROM telltale.${table}`))[0]?.n);
    beforeAll(async () => {
      ({ store, cleanup } = await make());
      await store.migrate();
    }, 60_000);
    afterAll(() => cleanup());

    it('applies each migration once', async () => {
      expect(await store.migrate()).toEqual([]);
    });

    it('lets the same token take effect once and another one again', async () => {
      const batch = { table: 'alerts', rows: [alert('a'), alert('b')], comment: "test o'clock" };
      await store.insert({ ...batch, token: 'g:0:x=0-2:1:alerts' });
      await store.insert({ ...batch, token: 'g:0:x=0-2:1:alerts' });
      expect(await count('alerts')).toBe(2);
      await store.insert({ ...batch, token: 'g:0:x=2-4:1:alerts' });
      expect(await count('alerts')).toBe(4);
    });

    it('does not double a sum that is inserted again', async () => {
      const batch = { table: 'spend', rows: [spend(5), spend(7)], token: 'sum', comment: 'test' };
      await store.insert(batch);
      await store.insert(batch);
      expect(Number((await store.query<{ c: string }>('SELECT sum(cost_nano) AS c FROM telltale.spend'))[0]?.c)).toBe(12);
    });

    it('says for good that a wrong row is refused, and stores nothing of its batch', async () => {
      const before = await count('alerts');
      await expect(
        store.insert({ table: 'alerts', rows: [alert('c'), alert('d', 'yesterday')], token: 'w', comment: 'test' }),
      ).rejects.toBeInstanceOf(PermanentError);
      expect(await count('alerts')).toBe(before);
    });

    it('hands the engine message of a wrong query to the one who asked', async () => {
      await expect(store.query('SELECT nothing FROM telltale.alerts')).rejects.toThrow(/nothing/);
    });

    it('binds parameters', async () => {
      expect(await store.query('SELECT {v:String} AS v', { v: "x'; DROP TABLE y" })).toEqual([{ v: "x'; DROP TABLE y" }]);
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}
