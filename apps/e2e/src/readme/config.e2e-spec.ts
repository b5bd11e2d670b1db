import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Programs as an operator starts them, without Kafka and ClickHouse: what is wrong in the environment is said at once.

jest.setTimeout(120_000);
const ROOT = join(__dirname, '..', '..', '..', '..');
const SERVICES = ['gateway', 'enricher', 'scorer', 'costs', 'incidents', 'verbosity', 'insights'] as const;
const KEY = Buffer.alloc(32, 7).toString('base64');
/** Nothing listens there; a program that tried to connect would wait for it. */
const CLUSTER = { KAFKA_BROKERS: '127.0.0.1:1', CLICKHOUSE_URL: 'http://user:hunter2@127.0.0.1:1', TELLTALE_MASTER_KEY: KEY };
const END_MS = 60_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(app: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const main = join(ROOT, 'dist', 'apps', app, 'main.cjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', timeout: END_MS, env: { PATH: process.env['PATH'] ?? '', ...env } }); // prettier-ignore
  return { status, stdout, stderr };
}

describe.each(SERVICES)('%s', (service) => {
  it('--print-config prints what is in force, secrets masked', () => {
    const { status, stdout, stderr } = run(service, ['--print-config'], CLUSTER);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('TELLTALE_MASTER_KEY=(set)\n');
    expect(stdout).toContain('CLICKHOUSE_URL=http://***@127.0.0.1:1\n');
    expect(stdout).not.toMatch(/hunter2|BwcH/);
  });
});

it('telltale up --print-config prints what is in force, secrets masked', () => {
  const { status, stdout } = run('cli', ['up', '--print-config'], CLUSTER);
  expect(status).toBe(0);
  expect(stdout).toContain('CLICKHOUSE_URL=http://***@127.0.0.1:1\n');
  expect(stdout).not.toMatch(/hunter2|BwcH/);
});

it.each([
  ['a short master key', { TELLTALE_MASTER_KEY: 'c2hvcnQ=' }, '', 'TELLTALE_MASTER_KEY: is not 32 bytes as base64: set the key that stored data was written with; only where nothing is stored yet, make one with: openssl rand -base64 32'],
  ['no master key', { TELLTALE_MASTER_KEY: '' }, '', 'TELLTALE_MASTER_KEY is not set'],
  ['a short API key in the settings file', {}, 'api_keys: [{name: bots, tenant: acme, key: short}]', 'api_keys.0.key: is shorter than 16 characters; make one with: openssl rand'],
  ['no settings file', { TELLTALE_SETTINGS_FILE: 'nowhere.yaml' }, '', 'the settings file nowhere.yaml cannot be read: give the path of a YAML file'],
  ['pseudonyms without their folder', {}, 'tenants: [{name: acme, privacy: pseudonymize}]', 'SUBJECT_KEYS_DIR is not set'],
])('%s ends a service at once, without Kafka, with one sentence', (_, env, settings, said) => {
  const file = join(folder, 'settings.yaml');
  writeFileSync(file, settings);
  for (const args of [[], ['--print-config']]) {
    const { status, stdout, stderr } = run('enricher', args, { ...CLUSTER, TELLTALE_SETTINGS_FILE: file, ...env });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/waiting_for_backend|\n {4}at |hunter2|Invalid input/);
  }
}); // prettier-ignore
