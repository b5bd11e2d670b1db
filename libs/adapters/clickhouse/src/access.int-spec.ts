import { MATERIALIZED_TABLES, QUERYABLE_TABLES, TABLES } from '@telltale/contracts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { startClickHouse } from '@telltale/testkit';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createChdbRowStore, createClickHouseRowStore } from './clickhouse-row-store';
import { migrationsFolder, type Topology } from './migrations/read-migrations';
import { AccessRefused, accessStatements, applyQueryAccess } from './query-access';
import { settingsOf } from './query-settings';
import { CHANGEABLE } from './server-reader';

const file = readFileSync(join(dirname(migrationsFolder()), 'access', 'access.sql'), 'utf8');
const statementsFor = (topology: Topology): readonly string[] => accessStatements(topology, 'a password');

describe('the read-only user of a server', () => {
  it.each([{ kind: 'single' }, { kind: 'replicated', cluster: 'main' }] as const)(
    'is created by statements that the engine accepts: $kind',
    async (topology) => {
      const folder = mkdtempSync(join(tmpdir(), 'telltale-access-'));
      const store = createChdbRowStore({ path: folder });
      for (const text of statementsFor(topology)) {
        const [row] = await store.query<{ sql: string }>('SELECT formatQuerySingleLine({text:String}) AS sql', { text });
        expect([text, row?.sql.includes('ON CLUSTER')]).toEqual([text, topology.kind === 'replicated']);
      }
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  );

  it('is made twice on a server whose user may; on one whose user may not, the engine itself names the grant', async () => {
    const server = await startClickHouse();
    try {
      const store = createClickHouseRowStore({ url: server.url });
      await store.migrate('apply');
      await store.close();
      const outcome = () =>
        applyQueryAccess({ url: server.url }, 'a password').then(
          () => 'applied',
          (error: unknown) => (error instanceof AccessRefused ? error.message : String(error)),
        );
      // The engine in this process has no users of its own, and lets nobody make them.
      const expected = server.dataDir === null ? 'applied' : 'the user of CLICKHOUSE_URL lacks the grant CREATE SETTINGS PROFILE ON *.*'; // prettier-ignore
      expect([await outcome(), await outcome()]).toEqual([expected, expected]);
    } finally {
      await server.stop();
    }
  }, 120_000);

  it('may read every readable table, and only rows of the tenant in shared ones', () => {
    const statements = statementsFor({ kind: 'single' });
    const granted = statements.flatMap((one) => /^GRANT\s+SELECT ON telltale\.(\w+) TO telltale_query$/.exec(one)?.[1] ?? []);
    const filtered = statements.flatMap(
      (one) =>
        /^CREATE ROW POLICY OR REPLACE telltale_query\s+ON telltale\.(\w+) USING tenant = getSetting\('SQL_telltale_tenant'\) TO telltale_query$/.exec(one)?.[1] ?? [],
    ); // prettier-ignore
    expect(granted).toEqual([...QUERYABLE_TABLES]);
    expect(filtered).toEqual([...TABLES, ...MATERIALIZED_TABLES]);
  });

  it('lets requests change only the settings that insights sends; its own limits equal those of insights', () => {
    const changeable = [...file.matchAll(/^ {2}`?(\w+)`?(?: = .*)? CHANGEABLE_IN_READONLY[,;]$/gm)].map(([, name]) => name ?? '');
    expect(changeable.sort()).toEqual([...CHANGEABLE, 'SQL_telltale_tenant'].sort());
    const fixed = Object.entries(settingsOf({ asked: 'SELECT 1' }, 0)).filter(([name]) => !CHANGEABLE.has(name));
    for (const [name, value] of fixed) expect(file).toContain(`  ${name} = ${typeof value === 'number' ? value : `'${value}'`},`);
  });

  it('runs queries on behalf of a tenant, which is a setting of the request', async () => {
    const asked: URL[] = [];
    const server = createServer((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://server'));
      request.resume().on('end', () => response.end('{"n":1}\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const store = createClickHouseRowStore({ url: `http://${address}`, queryUrl: `http://telltale_query:x@${address}` });
    expect(await store.query('SELECT n FROM events', undefined, { tenant: "o'clock" })).toEqual([{ n: 1 }]);
    await store.close();
    await new Promise((resolve) => server.close(resolve));
    const sent = Object.fromEntries(asked[0]?.searchParams ?? []);
    expect(sent).toMatchObject({ SQL_telltale_tenant: "o'clock", database: 'telltale' });
    expect(sent['additional_table_filters']).toContain(String.raw`'telltale.events': 'tenant = \'o\\\'clock\''`);
    const settings = Object.keys(sent).filter((name) => name in settingsOf({ tenant: 'x', limitRows: 1 }, 0));
    expect(settings.filter((name) => !CHANGEABLE.has(name))).toEqual([]);
    expect(sent).not.toHaveProperty('readonly');
  });
});
