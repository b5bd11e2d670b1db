import { migrationsFolder, readMigrations } from '@telltale/adapter-clickhouse';
import { startClickHouse, type TestClickHouse } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAlone } from '../test-cli.fixture';

jest.setTimeout(120_000);
type Answer = { readonly ok: boolean } & Readonly<Record<string, { readonly state: string; readonly found: string; readonly fix: string }>>; // prettier-ignore
const folder = mkdtempSync(join(tmpdir(), 'telltale-doctor-'));
const home = join(folder, 'home');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function doctor(env: Record<string, string>): Promise<{ code: number; answer: Answer }> {
  const { code, out } = await runAlone({ TELLTALE_HOME: home, HTTP_PORT: '65011', GATEWAY_GRPC_PORT: 'off', ...env }, 'doctor', '--json');
  return { code, answer: JSON.parse(out) as Answer };
} // prettier-ignore
const statesOf = (answer: Answer): Record<string, string> =>
  Object.fromEntries(Object.entries(answer).flatMap(([check, one]) => (typeof one === 'boolean' ? [] : [[check, one.state]])));

describe('the doctor', () => {
  it('says nothing of Kafka and ClickHouse to who uses neither', async () => {
    const { code, answer } = await doctor({});
    expect({ code, ok: answer.ok }).toEqual({ code: 0, ok: true });
    const { disk, ...others } = statesOf(answer);
    expect(['ok', 'warning']).toContain(disk);
    expect(others).toEqual({
      versions: 'ok', home: 'ok', clock: 'ok', running: 'ok', http_port: 'ok', engines: 'ok',
      broker: 'skipped', topics: 'skipped', acls: 'skipped',
      clickhouse: 'skipped', grants: 'skipped', clickhouse_clock: 'skipped', clickhouse_disks: 'skipped', clickhouse_logs: 'skipped',
    }); // prettier-ignore
  });

  it('names wrong variables, with the fix', async () => {
    const { code, answer } = await doctor({ CLICKHOUSE_URL: 'nowhere', KAFKA_BROKERS: 'kafka' });
    expect(code).toBe(1);
    expect(answer['configuration']).toMatchObject({ state: 'failed', found: expect.stringMatching(/KAFKA_BROKERS: is not a list.*CLICKHOUSE_URL: is not an address/s) as string }); // prettier-ignore
  });

  it('says that nobody answers', async () => {
    const { code, answer } = await doctor({ CLICKHOUSE_URL: 'http://127.0.0.1:1', KAFKA_BROKERS: '127.0.0.1:1' });
    expect(code).toBe(1);
    expect(statesOf(answer)).toMatchObject({ broker: 'failed', topics: 'skipped', acls: 'skipped', clickhouse: 'failed', grants: 'skipped', engines: 'skipped' }); // prettier-ignore
    expect(Object.keys(answer)).not.toContain('http_port');
  });
});

describe('the doctor beside a ClickHouse', () => {
  let server: TestClickHouse;
  const sql = (body: string): Promise<unknown> => fetch(server.url, { method: 'POST', body });
  beforeAll(async () => void (server = await startClickHouse()));
  afterAll(() => server.stop());

  it('finds migrations that are not applied, then that all are, then those of a newer release', async () => {
    const look = async () => (await doctor({ CLICKHOUSE_URL: server.url })).answer;
    const before = await look();
    const names = readMigrations(migrationsFolder(), { kind: 'single' }).map(({ name }) => name);
    expect(before['clickhouse']).toMatchObject({ state: 'warning', found: expect.stringContaining(names.join(', ')) as string, fix: expect.stringContaining('telltale migrate') as string }); // prettier-ignore
    expect(statesOf(before)).toMatchObject({ grants: 'ok', clickhouse_clock: 'ok', clickhouse_disks: expect.stringMatching(/ok|warning/) as string }); // prettier-ignore
    expect((await runAlone({ CLICKHOUSE_URL: server.url, LOG_LEVEL: 'silent' }, 'migrate')).code).toBe(0);
    expect((await look())['clickhouse']).toMatchObject({ state: 'ok', found: expect.stringMatching(/^version \d+\.\d+.*all migrations applied/) as string }); // prettier-ignore
    await sql("INSERT INTO telltale.migrations (name, checksum, applied_by) VALUES ('9001_later', 'x', 'a newer release')");
    expect((await look())['clickhouse']).toMatchObject({
      state: 'failed',
      found: expect.stringContaining('9001_later') as string,
    });
  });

  it('warns of logs of the server that grow without end, and says what to do', async () => {
    const table = (name: string, ttl: string): string =>
      `CREATE TABLE IF NOT EXISTS system.${name} (event_date Date) ENGINE = MergeTree ORDER BY event_date ${ttl}`;
    await sql(table('part_log', 'TTL event_date + INTERVAL 1 DAY'));
    await sql(table('trace_log', ''));
    const look = async () => (await doctor({ CLICKHOUSE_URL: server.url })).answer['clickhouse_logs'];
    const found = await look();
    expect(found).toMatchObject({ state: 'warning', fix: expect.stringContaining('telltale-system-logs.xml') as string });
    expect(found?.found).toMatch(/system\.trace_log.* grow without end/);
    expect(found?.found).not.toContain('part_log');
    await sql('ALTER TABLE system.trace_log MODIFY TTL event_date + INTERVAL 1 DAY');
    // A server that others started too may have more logs without an end.
    const isOurs = server.dataDir !== null;
    expect(isOurs ? await look() : { state: 'ok', fix: '' }).toMatchObject({ state: 'ok', fix: '' });
  });

  it.each([
    ['apply', ['INSERT', 'ALTER TABLE'], 'missing on telltale.*: INSERT, ALTER TABLE'],
    ['wait', ['ALTER TABLE', 'CREATE TABLE'], 'all that is needed on telltale.*'],
  ])('with MIGRATIONS=%s and without %j says %s', async (MIGRATIONS, denied, found) => {
    // A server whose user has not all rights: the engine here has one user, who has all.
    const front = createServer((request, response) => {
      void (async () => {
        const pieces: Buffer[] = [];
        for await (const piece of request) pieces.push(piece as Buffer);
        const body = Buffer.concat(pieces).toString();
        const asked = /CHECK GRANT ([A-Z ]+) ON telltale/.exec(body + decodeURIComponent(request.url ?? ''))?.[1];
        if (asked !== undefined) {
          response.end(denied.includes(asked) ? '0\n' : '1\n');
          return;
        }
        const answer = await fetch(`${server.url}${request.url}`, { method: 'POST', body });
        response.writeHead(answer.status).end(await answer.text());
      })();
    });
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const { answer } = await doctor({ CLICKHOUSE_URL: `http://127.0.0.1:${(front.address() as AddressInfo).port}`, MIGRATIONS });
    await new Promise((resolve) => front.close(resolve));
    expect(answer['grants']).toMatchObject({ found, state: found.startsWith('missing') ? 'failed' : 'ok' });
  });
});
