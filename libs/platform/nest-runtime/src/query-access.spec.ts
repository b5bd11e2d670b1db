import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { commonConfig, loadConfig } from '@telltale/platform-config';
import { prepareQueryAccess } from './query-access';

const DENIED = "Code: 497. DB::Exception: x: Not enough privileges. To execute this query, it's necessary to have the grant CREATE SETTINGS PROFILE ON *.*. (ACCESS_DENIED)"; // prettier-ignore

describe('the read-only user of queries, at telltale migrate', () => {
  const users: string[] = [];
  let isAllowed = true;
  const server = createServer((request, response) => {
    users.push(Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString());
    request.resume().on('end', () => {
      if (isAllowed) return void response.end();
      response.writeHead(500, { 'x-clickhouse-exception-code': '497' });
      response.end(DENIED);
    });
  });
  let address = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    users.length = 0;
    isAllowed = true;
  });
  const whole = () => ({
    CLICKHOUSE_URL: address, CLICKHOUSE_USERNAME: 'admin', CLICKHOUSE_PASSWORD: 'a', CLICKHOUSE_QUERY_URL: address, CLICKHOUSE_QUERY_USERNAME: 'telltale_query', CLICKHOUSE_QUERY_PASSWORD: 'q/w',
  }); // prettier-ignore
  const prepare = (env: Record<string, string | undefined>) => prepareQueryAccess(loadConfig(commonConfig, env));

  it('is made by the user of CLICKHOUSE_URL, where all is given', async () => {
    for (const mode of ['auto', 'apply']) {
      const made = await prepare({ ...whole(), CLICKHOUSE_QUERY_ACCESS: mode });
      expect(made).toEqual({ state: 'applied', statements: users.length });
      expect(users.length).toBeGreaterThan(40);
      expect(new Set(users.splice(0))).toEqual(new Set(['admin:a']));
    }
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['the engine in this process', { CLICKHOUSE_URL: undefined }, 'engine in this process, which has no users'],
    ['no address of its own', { CLICKHOUSE_QUERY_URL: undefined }, 'CLICKHOUSE_QUERY_URL is not set'],
    ['another user', { CLICKHOUSE_QUERY_USERNAME: 'reader' }, 'is reader: set CLICKHOUSE_QUERY_USERNAME=telltale_query'],
    ['no user', { CLICKHOUSE_QUERY_USERNAME: undefined }, 'is none: set CLICKHOUSE_QUERY_USERNAME=telltale_query'],
    ['no password', { CLICKHOUSE_QUERY_PASSWORD: undefined }, 'CLICKHOUSE_QUERY_PASSWORD is not set'],
  ])('is left alone with %s, which it says; that is an error where it has to be made', async (_what, env, said) => {
    expect(await prepare({ ...whole(), ...env })).toEqual({ state: 'skipped', reason: expect.stringContaining(said) as string });
    await expect(prepare({ ...whole(), ...env, CLICKHOUSE_QUERY_ACCESS: 'apply' })).rejects.toMatchObject({ code: 'config', message: expect.stringContaining(said) as string }); // prettier-ignore
    expect(users).toEqual([]);
  });

  it('is left alone where it is to be', async () => {
    expect(await prepare({ ...whole(), CLICKHOUSE_QUERY_ACCESS: 'off' })).toEqual({ state: 'skipped', reason: 'CLICKHOUSE_QUERY_ACCESS=off' }); // prettier-ignore
    expect(users).toEqual([]);
  });

  it('is left alone where the user of CLICKHOUSE_URL may not make it, and the grant is named; that is an error where it has to be made', async () => {
    isAllowed = false;
    const said = 'the user of CLICKHOUSE_URL lacks the grant CREATE SETTINGS PROFILE ON *.*; or apply deploy/clickhouse/access/access.sql as an administrator'; // prettier-ignore
    expect(await prepare(whole())).toEqual({ state: 'skipped', reason: said });
    await expect(prepare({ ...whole(), CLICKHOUSE_QUERY_ACCESS: 'apply' })).rejects.toMatchObject({ code: 'config', message: `CLICKHOUSE_QUERY_ACCESS=apply: ${said}` }); // prettier-ignore
  });
});
