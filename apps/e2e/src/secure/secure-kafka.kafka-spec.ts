import { ACL_PROCESSES, aclsOf } from '@telltale/services';
import { requireSecureKafka, type SecureKafka, startClickHouse, type TestClickHouse } from '@telltale/testkit';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { eventually, type ServiceProcess, startService } from '../harness/service-process';

// A Kafka that denies what no ACL allows: every process has its own user, and no more than `telltale topics acls` says it needs.

jest.setTimeout(240_000);
const CLI = join(__dirname, '..', '..', '..', '..', 'dist', 'apps', 'cli', 'main.cjs');
const API_KEY = 'a-key-of-at-least-16-characters';
const SASL_PROCESSES = ['setup', 'enricher', 'turns', 'insights', 'scorer', 'costs', 'incidents', 'verbosity'];
const passwordOf = (process: string): string => `pass-of-${process}`;
const userOf = (process: string): string => `telltale-${process}`;
/** The gateway shows a certificate instead. */
const GATEWAY = 'gateway.telltale';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let kafka: SecureKafka;
let clickhouse: TestClickHouse;
let folder: string;
const running: ServiceProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-secure-'));
  const users = Object.fromEntries(SASL_PROCESSES.map((name) => [userOf(name), passwordOf(name)]));
  [kafka, clickhouse] = await Promise.all([requireSecureKafka(users), startClickHouse()]);
  const principalOf = (name: string): string => (name === 'gateway' ? `User:CN=${GATEWAY}` : `User:${userOf(name)}`);
  await kafka.grant(ACL_PROCESSES.flatMap((name) => aclsOf(name).map((rule) => ({ principal: principalOf(name), ...rule }))));
}, 120_000);
afterAll(async () => {
  for (const one of running) await one.kill('SIGKILL');
  await kafka.stop();
  await clickhouse.stop();
  rmSync(folder, { recursive: true, force: true });
});

const common = (): Record<string, string> => ({
  TELLTALE_HOME: join(folder, 'home'),
  TELLTALE_PARTITIONS: '2',
  TELLTALE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  CLICKHOUSE_URL: clickhouse.url,
  MIGRATIONS: 'wait',
  TOPICS: 'wait',
  TURNS_QUIET_MS: '1000',
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA_FILE: kafka.authority.ca,
});
const asUser = (process: string, mechanism = 'scram-sha-512'): Record<string, string> => ({
  ...common(),
  KAFKA_BROKERS: kafka.sasl.join(','),
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: userOf(process),
  KAFKA_SASL_PASSWORD: passwordOf(process),
});

function telltale(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) =>
    execFile(process.execPath, [CLI, ...args], { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    ),
  );
}

describe('a Kafka with TLS, users and ACLs', () => {
  it('is set up by a user who may make topics, and by nobody else', async () => {
    const refused = await telltale({ ...asUser('enricher') }, 'topics', 'apply');
    expect(refused).toMatchObject({ code: 1, out: '' });
    const applied = await telltale(asUser('setup'), 'topics', 'apply');
    expect(applied).toMatchObject({ code: 0, err: expect.stringContaining('topics are as they should be') as string });
    expect(await telltale(asUser('setup'), 'topics', 'diff', '--json')).toMatchObject({ code: 0, out: '' });
    expect(await telltale({ ...asUser('setup'), TELLTALE_PARTITIONS: '3' }, 'topics', 'diff', '--json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('"topic":"telltale.events.v1","what":"partitions","is":"2","wanted":"3"') as string,
    });
    const again = await telltale(asUser('setup'), 'migrate', '--json');
    expect({ ...again, out: (JSON.parse(again.out) as { applied: string[] }).applied.length > 0 }).toMatchObject({
      code: 0,
      out: true,
    });
    expect(await telltale(asUser('setup'), 'migrate', '--json')).toMatchObject({ code: 0, out: expect.stringMatching(/^{"applied":\[\],"query_access":{"state":"skipped"/) as string }); // prettier-ignore
    const file = join(folder, 'settings.yaml');
    writeFileSync(file, `api_keys:\n  - { name: all, tenant: default, key: ${API_KEY}, scopes: [ingest, read] }\n`);
    expect(await telltale(asUser('setup'), 'settings', 'apply', file, '--json')).toMatchObject({
      code: 0,
      out: '{"in_force":1}\n',
    });
  });

  it('lets every process do its work: what is sent can be queried, with a certificate, SCRAM or PLAIN', async () => {
    const { cert, key } = kafka.authority.issue(GATEWAY);
    const withCertificate = {
      ...common(),
      KAFKA_BROKERS: kafka.mtls.join(','),
      KAFKA_SSL_CERT_FILE: cert,
      KAFKA_SSL_KEY_FILE: key,
    };
    const others = SASL_PROCESSES.filter((name) => name !== 'setup');
    const home = (name: string): Record<string, string> => ({ TELLTALE_HOME: join(folder, name) });
    running.push(
      ...(await Promise.all([
        startService('gateway', { ...withCertificate, ...home('gateway') }),
        ...others.map((name) => startService(name, { ...asUser(name, name === 'turns' ? 'plain' : undefined), ...home(name), ...(name === 'enricher' && { SUBJECT_KEYS_DIR: join(folder, 'subjects') }) })),
      ])),
    ); // prettier-ignore
    const [gateway, insights] = ['gateway', 'insights'].map((name) => running.find((one) => one.name === name));
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ kind: 'llm', ts: new Date().toISOString(), service_name: 'shop', name: 'chat', session_id: 's-1', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', span_id: '00f067aa0ba902b7', model: 'gpt-4o', duration_ms: 5, input: 'tea?', output: 'yes' }); // prettier-ignore
    const sent = await fetch(`${gateway?.url}/v1/events`, { method: 'POST', headers, body });
    expect({ status: sent.status, answer: await sent.text() }).toEqual({
      status: 200,
      answer: expect.stringContaining('"accepted":1') as string,
    });
    const sql = JSON.stringify({ sql: "SELECT count() AS n FROM turns WHERE session_id = 's-1'" });
    const look = async () => {
      const seen = await (await fetch(`${insights?.url}/api/query`, { method: 'POST', headers, body: sql })).text();
      return { done: seen.includes('"n":1'), seen };
    };
    await eventually('the turn', look, 60_000);
    // Nothing that they try is denied.
    const denied = running.flatMap(({ name, lines }) => lines.filter((line) => /not authorized|authorization failed/i.test(line)).map((line) => `${name}: ${line}`)); // prettier-ignore
    expect(denied).toEqual([]);
  });

  it('tells the doctor what each user may do, and why one cannot connect', async () => {
    const doctor = async (env: Record<string, string>, ...more: string[]) => {
      const { code, out } = await telltale(env, 'doctor', '--json', ...more);
      return { code, ...(JSON.parse(out) as Record<string, { state: string; found: string; fix: string }>) };
    };
    expect(await doctor(asUser('enricher'), '--process', 'enricher')).toMatchObject({
      code: 0,
      broker: { state: 'ok', found: expect.stringMatching(/^cluster \S+, 1 broker, Fetch up to version \d+$/) as string },
      topics: { state: expect.stringMatching(/ok|warning/) as string },
      acls: { state: 'ok', found: 'all that enricher needs' },
      clickhouse: { state: 'ok' },
      engines: { state: 'skipped' },
    });
    expect(await doctor(asUser('setup'))).toMatchObject({ code: 0, topics: { state: 'ok' }, acls: { found: 'all that setup needs' } });
    expect(await doctor(asUser('enricher'), '--process', 'verbosity')).toMatchObject({
      code: 1,
      acls: {
        state: 'failed',
        found: expect.stringMatching(/^verbosity lacks .*on topic telltale\./) as string,
        fix: expect.stringContaining('telltale topics acls') as string,
      },
    });
    expect(await doctor({ ...asUser('enricher'), KAFKA_SASL_PASSWORD: 'wrong' })).toMatchObject({
      code: 1,
      broker: { state: 'failed', found: expect.stringMatching(/authentication failed; check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD/) as string },
      acls: { state: 'skipped' },
    });
    expect(await doctor({ ...asUser('enricher'), KAFKA_SSL_CA_FILE: '' })).toMatchObject({
      code: 1,
      broker: { state: 'failed', found: expect.stringMatching(/certificate of a broker is not trusted/) as string },
    });
  }); // prettier-ignore

  it('keeps a process from what it does not need', async () => {
    const client = new Kafka({
      clientId: 'thief', brokers: [...kafka.sasl], logLevel: logLevel.NOTHING, retry: { retries: 0 },
      ssl: { ca: [readFileSync(kafka.authority.ca)] },
      sasl: { mechanism: 'scram-sha-512', username: userOf('enricher'), password: passwordOf('enricher') },
    }); // prettier-ignore
    const producer = client.producer();
    await producer.connect();
    await expect(producer.send({ topic: 'telltale.control.v1', messages: [{ value: '{}' }] })).rejects.toThrow(/not authorized/i);
    await producer.disconnect();
  });

  it.each([
    ['no certificate authority', () => ({ KAFKA_SSL_CA_FILE: '' }), /self.signed|certificate/i],
    ['a wrong password', () => ({ KAFKA_SASL_PASSWORD: 'wrong' }), /authentication/i],
    ['a file that is not there', () => ({ KAFKA_SSL_CA_FILE: '/no/such.pem' }), /KAFKA_SSL_CA_FILE: \/no\/such\.pem cannot be read \(ENOENT\): give the path of a PEM file/],
    ['half a certificate', () => ({ KAFKA_SSL_CERT_FILE: kafka.authority.ca }), /KAFKA_SSL_KEY_FILE is not set and KAFKA_SSL_CERT_FILE is: give both, or neither/],
    ['files without TLS', () => ({ KAFKA_SSL: 'false' }), /KAFKA_SSL is false: set KAFKA_SSL=true/],
  ])('says what is wrong with %s', async (_what, change, said) => {
    const { code, err } = await telltale({ ...asUser('setup'), ...change() }, 'topics', 'diff');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(said) as string });
  }); // prettier-ignore
});
