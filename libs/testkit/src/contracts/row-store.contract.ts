import { TABLES } from '@telltale/contracts';
import { systemClock } from '@telltale/platform-telemetry';
import { retryTransient, type RowStore } from '@telltale/streaming';
import { DAY_MS, isoDay, isoTime, PermanentError } from '@telltale/kernel';

const alert = (id: string, at = '2026-11-23T00:00:00.000Z'): string =>
  JSON.stringify({ tenant: 't', id, incident_id: 'i', status: 'firing', at, title: 'x', summary: "it's" });
const spend = (cost: number): string =>
  JSON.stringify({ tenant: 't', hour: '2026-11-23T01:00:00.000Z', service_name: 's', provider: 'p', model: 'm', kind: 'llm', backfill: false, calls: 1, unpriced_calls: 0, cost_nano_usd: cost, input_tokens: 1, output_tokens: 1 }); // prettier-ignore

const STARTING_TOGETHER = 14;
/** Migrates like a starting process: retries while another one applies the migrations. */
const start = (store: RowStore, i: number): Promise<string[] | null> =>
  retryTransient(() => store.migrate('apply'), {
    clock: systemClock,
    caller: `process ${i}`,
    signal: new AbortController().signal,
    onRetry: () => undefined,
  });

/** The contract of every row store. */
export function describeRowStore(
  name: string,
  make: () => Promise<{ readonly store: RowStore; readonly cleanup: () => Promise<void> }>,
): void {
  describe(`row store: ${name}`, () => {
    let store: RowStore;
    let cleanup: () => Promise<void>;
    let applied: (string[] | null)[];
    const count = async (table: string): Promise<number> =>
      Number((await store.query<{ n: string | number }>(`SELECT count() AS n FROM telltale.${table}`))[0]?.n);
    beforeAll(async () => {
      ({ store, cleanup } = await make());
      applied = await Promise.all(Array.from({ length: STARTING_TOGETHER }, (_, i) => start(store, i)));
    }, 60_000);
    afterAll(() => cleanup());

    it('applies each migration once when 14 processes start together', async () => {
      const byOne = applied.filter((names) => names !== null && names.length > 0);
      expect(byOne).toHaveLength(1);
      const log = await store.query<{ name: string; times: string }>('SELECT name, toString(count()) AS times FROM telltale.migrations GROUP BY name ORDER BY name'); // prettier-ignore
      expect(log).toEqual(byOne.flatMap((names) => (names ?? []).map((name) => ({ name, times: '1' }))));
      expect(await store.migrate('apply')).toEqual([]);
      expect(await store.migrate('wait')).toEqual([]);
      expect(await store.migrate('off')).toEqual([]);
    });

    it('applies inserts with one token once, and with another token again', async () => {
      const batch = { table: 'alerts', rows: [alert('a'), alert('b')], comment: "test o'clock" };
      await store.insert({ ...batch, token: 'g:0:x=0-2:1:alerts' });
      await store.insert({ ...batch, token: 'g:0:x=0-2:1:alerts' });
      expect(await count('alerts')).toBe(2);
      await store.insert({ ...batch, token: 'g:0:x=2-4:1:alerts' });
      expect(await count('alerts')).toBe(4);
    });

    it('stores rows that come as bytes, and has done with these once they are durable', async () => {
      const memory = Buffer.from(`${alert('e')}\n${alert('f')}`);
      const middle = memory.indexOf('\n');
      const rows = [memory.subarray(0, middle), memory.subarray(middle + 1), alert('g')];
      await store.insert({ table: 'alerts', rows, token: 'bytes', comment: 'test' });
      memory.fill(0);
      const found = await store.query<{ id: string }>("SELECT id FROM telltale.alerts WHERE id IN ('e', 'f', 'g') ORDER BY id");
      expect(found.map(({ id }) => id)).toEqual(['e', 'f', 'g']);
    });

    it('does not double a sum when the insert is repeated', async () => {
      const batch = { table: 'spend', rows: [spend(5), spend(7)], token: 'sum', comment: 'test' };
      await store.insert(batch);
      await store.insert(batch);
      expect(Number((await store.query<{ c: string }>('SELECT sum(cost_nano_usd) AS c FROM telltale.spend'))[0]?.c)).toBe(12);
    });

    it.each(TABLES)('stores every row of a batch of %s with times in 130 months', async (table) => {
      const MONTHS = 130;
      const columns = await store.query<{ name: string; type: string }>(
        "SELECT name, type FROM system.columns WHERE database = 'telltale' AND table = {table:String}",
        { table },
      );
      const rows = Array.from({ length: MONTHS }, (_, i) => {
        const at = Date.UTC(2026, 0, 1) - i * 31 * DAY_MS;
        const row: Record<string, string | number> = {};
        for (const { name, type } of columns) {
          if (/^(Nullable\()?DateTime/.test(type)) row[name] = isoTime(at);
          else if (type === 'Date') row[name] = isoDay(Date.UTC(2035, 0, 1) + i * DAY_MS);
          else if (type === 'UInt64') row[name] = 1;
          else if (type === 'String' && /^(id|template_id|event_id|pseudonym)$/.test(name)) row[name] = `m${i}`;
        }
        return JSON.stringify({ ...row, tenant: 'months' });
      });
      await store.insert({ table, rows, token: `months:${table}`, comment: 'test' });
      const [kept] = await store.query<{ n: string }>(`SELECT count() AS n FROM telltale.${table} WHERE tenant = 'months'`);
      expect(Number(kept?.n)).toBe(MONTHS);
    });

    it('rejects a wrong row permanently, and stores nothing of its batch', async () => {
      const before = await count('alerts');
      await expect(
        store.insert({ table: 'alerts', rows: [alert('c'), alert('d', 'yesterday')], token: 'w', comment: 'test' }),
      ).rejects.toBeInstanceOf(PermanentError);
      expect(await count('alerts')).toBe(before);
    });

    it('describes the error of a wrong query in our own words, and names only what the query contains', async () => {
      const failed = store.query("SELECT nothing FROM telltale.alerts WHERE title = 'secret'");
      await expect(failed).rejects.toThrow(/there is no such column.*\(nothing\).*code 47/);
      await expect(failed).rejects.not.toThrow(/secret|SETTINGS/);
      await expect(store.query('SELECT 1 FORM x')).rejects.toThrow(/syntax error in line 1, column 15/);
    });

    it('returns the rows of EXPLAIN', async () => {
      const lines = await store.query<{ explain: string }>('EXPLAIN AST SELECT kind FROM telltale.events');
      expect(lines.map(({ explain }) => explain.trim())).toContain('TableIdentifier telltale.events');
    });

    it('returns integers beyond 2^53 as text', async () => {
      const sql =
        "SELECT 9007199254740991 AS safe, 9007199254740993 AS above, 18446744073709551615 AS most, '18446744073709551615' AS text, 1.25 AS half";
      expect(await store.query(sql)).toEqual([
        { safe: 9007199254740991, above: '9007199254740993', most: '18446744073709551615', text: '18446744073709551615', half: 1.25 },
      ]); // prettier-ignore
    });

    it('reads only the rows of one tenant, on behalf of that tenant', async () => {
      await store.insert({ table: 'alerts', rows: [alert('z').replace('"t"', '"other"')], token: 'other', comment: 'test' });
      const ids = await store.query<{ id: string }>('SELECT id FROM alerts', undefined, { tenant: 'other' });
      expect(ids).toEqual([{ id: 'z' }]);
    });

    it('cancels a query', async () => {
      const cancelled = new AbortController();
      const sum = store.query('SELECT sum(cityHash64(number)) FROM numbers(10000000000000)', undefined, {
        signal: cancelled.signal,
      });
      const outcome = expect(sum).rejects.toMatchObject({ name: 'TransientError' });
      cancelled.abort();
      await outcome;
    });

    it('binds parameters', async () => {
      const params = { v: "x'; DROP TABLE y \\n\n\t", n: 7, list: ["it's", 'b\\'] };
      expect(await store.query('SELECT {v:String} AS v, {n:UInt8} AS n, {list:Array(String)} AS list', params)).toEqual([params]);
    });

    it('responds to a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}
