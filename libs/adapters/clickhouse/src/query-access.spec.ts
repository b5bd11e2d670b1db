import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransientError } from '@telltale/kernel';
import { AccessRefused, accessStatements, applyQueryAccess } from './query-access';

const PASSWORD = "correct horse 'battery'";
const DIGEST = createHash('sha256').update(PASSWORD).digest('hex');

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server that keeps what it is sent, and refuses what `refuse` names. */
async function newTestServer(refuse: (sql: string) => { code: number; text: string } | null = () => null) {
  const sent: string[] = [];
  const server: Server = createServer((request, response) => {
    let sql = '';
    request.on('data', (chunk: Buffer) => (sql += chunk.toString()));
    request.on('end', () => {
      sent.push(sql);
      const refused = refuse(sql);
      if (!refused) return void response.end();
      response.writeHead(500, { 'x-clickhouse-exception-code': String(refused.code) });
      response.end(`Code: ${refused.code}. DB::Exception: ${refused.text}. (${refused.code === 497 ? 'ACCESS_DENIED' : 'ANOTHER'}) (version 25.8.1.1)`); // prettier-ignore
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://admin:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { sent, url };
}

describe('the read-only user, as it is sent to a server', () => {
  it('is every statement of the file in its order, one a request, with the digest of the password and never the password', async () => {
    const { sent, url } = await newTestServer();
    expect(await applyQueryAccess({ url }, PASSWORD)).toBe(sent.length);
    await applyQueryAccess({ url }, PASSWORD);
    const half = sent.slice(0, sent.length / 2);
    expect(half).toEqual(accessStatements({ kind: 'single' }, PASSWORD).map((sql) => expect.stringContaining(sql) as string));
    expect(sent.slice(sent.length / 2)).toEqual(half);
    expect(sent.join('\n')).not.toContain('battery');
    expect(half.filter((sql) => sql.includes(DIGEST)).map((sql) => sql.split(' ', 2).join(' '))).toEqual(['CREATE USER', 'ALTER USER']); // prettier-ignore
    expect(half.join('\n')).not.toMatch(/ON CLUSTER|@/);
  });

  it('is bounded to rows before it is granted tables, and neither it nor its profile is made again, which would unbind its policies', () => {
    const kinds = accessStatements({ kind: 'single' }, PASSWORD).map((sql) => /^(?:CREATE|ALTER|GRANT)(?: SETTINGS PROFILE| USER| QUOTA| ROW POLICY)?/.exec(sql)?.[0] ?? sql); // prettier-ignore
    expect(kinds.filter((kind, i) => kind !== kinds[i - 1])).toEqual(['CREATE SETTINGS PROFILE', 'ALTER SETTINGS PROFILE', 'CREATE USER', 'ALTER USER', 'CREATE QUOTA', 'CREATE ROW POLICY', 'GRANT']); // prettier-ignore
    const replaced = accessStatements({ kind: 'single' }, PASSWORD).filter((sql) => sql.includes('OR REPLACE'));
    expect(new Set(replaced.map((sql) => sql.split(' ', 2)[1]))).toEqual(new Set(['QUOTA', 'ROW']));
  });

  it('is made on every node of a cluster', async () => {
    const { sent, url } = await newTestServer();
    await applyQueryAccess({ url, cluster: 'main' }, PASSWORD);
    expect(sent.filter((sql) => !sql.includes("ON CLUSTER 'main'"))).toEqual([]);
  });

  it.each([
    [/^CREATE USER/, "admin: Not enough privileges. To execute this query, it's necessary to have the grant CREATE USER ON telltale_query", 'CREATE USER ON telltale_query'],
    [/^GRANT/, "admin: Not enough privileges. The required privileges have been granted, but without grant option. To execute this query, it's necessary to have the grant SELECT ON telltale.events WITH GRANT OPTION", 'SELECT ON telltale.events WITH GRANT OPTION'],
    [/^CREATE QUOTA/, 'no', 'CREATE QUOTA OR'],
  ])('that may not be made at %s names the grant that is missing, and stops there', async (at, text, grant) => {
    const { sent, url } = await newTestServer((sql) => (at.test(sql) ? { code: 497, text } : null));
    const refused = await applyQueryAccess({ url }, PASSWORD).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AccessRefused);
    expect((refused as Error).message).toBe(`the user of CLICKHOUSE_URL lacks the grant ${grant}`);
    expect(sent.at(-1)).toMatch(at);
  }); // prettier-ignore

  it.each([
    [115, /^ALTER SETTINGS/, 'ALTER SETTINGS PROFILE: ClickHouse refuses it (code 115): add SQL_ to custom_settings_prefixes'],
    [514, /^CREATE USER/, 'CREATE USER IF: ClickHouse refuses it (code 514): give the server a user_directories/local_directory'],
  ])('that the server cannot keep (code %s) says what its configuration lacks', async (code, at, said) => {
    const { url } = await newTestServer((sql) => (at.test(sql) ? { code, text: 'no' } : null));
    await expect(applyQueryAccess({ url }, PASSWORD)).rejects.toThrow(said);
  });

  it('is tried again later where the server fails otherwise, without the digest in the message', async () => {
    const { url } = await newTestServer((sql) => (/^ALTER USER/.test(sql) ? { code: 999, text: `keeper: ${sql}` } : null));
    const failed = await applyQueryAccess({ url }, PASSWORD).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TransientError);
    expect((failed as Error).message).not.toContain(DIGEST);
  });

  it('needs its file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-access-'));
    expect(() => accessStatements({ kind: 'single' }, PASSWORD, folder)).toThrow(
      'access.sql is not there: ship it with the program',
    );
    rmSync(folder, { recursive: true });
  });
});
