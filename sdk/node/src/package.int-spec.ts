import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, newTestGateway, type TestGateway } from './gateway.fixture';
import { VERSION } from './version';

jest.setTimeout(120_000);
const PACKAGE = join(__dirname, '..');
let folder: string;
let gateway: TestGateway;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-sdk-'));
  const env = { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_offline: 'true', npm_config_update_notifier: 'false' }; // prettier-ignore
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: PACKAGE, env });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app', 'package.json'), '{"name":"app","version":"1.0.0","private":true}');
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', join(folder, tarball)], {
    cwd: join(folder, 'app'),
    env,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  gateway = await newTestGateway();
});
afterEach(() => gateway.close());

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly ms: number;
}

/** Runs a program that uses the installed package. */
function run(
  name: string,
  source: string,
  env: Record<string, string> = {},
  onOutput?: (kill: (signal: NodeJS.Signals) => void, text: string) => void,
): Promise<Ended> {
  const file = join(folder, 'app', name);
  writeFileSync(file, source);
  const began = performance.now();
  const child = spawn(process.execPath, [file], {
    cwd: join(folder, 'app'),
    env: { PATH: process.env['PATH'], TELLTALE_URL: gateway.url, TELLTALE_API_KEY: 'tt_k', TELLTALE_SERVICE: 'app', ...env },
  });
  let output = '';
  const take = (piece: Buffer): void => {
    output += piece.toString('utf8');
    onOutput?.((signal) => child.kill(signal), output);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, output, ms: performance.now() - began })),
  );
}

const USE = "telltale.turn({ name: 'chat' }, () => telltale.log.info('hello'));\n";
const REQUIRE = "const telltale = require('@telltale/sdk');\n";

describe('the package', () => {
  it('says the version of package.json, and needs nothing', () => {
    const json = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(json['version']).toBe(VERSION);
    expect(json['dependencies']).toBeUndefined();
    expect(readdirSync(join(folder, 'app', 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@telltale']);
  });

  it.each([
    ['require', 'a.cjs', REQUIRE + USE],
    ['import', 'a.mjs', `import * as telltale from '@telltale/sdk';\n${USE}`],
  ])('sends by %s what a program did before it ended', async (_, file, source) => {
    const { code, output } = await run(file, source);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^telltale: 0\.1\.0: url=.* key=set service=app /) as string }); // prettier-ignore
    expect(gateway.events.map(({ kind, body, service_name: service }) => [kind, body, service])).toEqual([
      ['log', 'hello', 'app'],
      ['turn', undefined, 'app'],
    ]);
    expect(gateway.requests.find(({ path }) => path === '/v1/events')?.headers).toMatchObject({ authorization: 'Bearer tt_k', 'content-type': 'application/x-ndjson' }); // prettier-ignore
  });

  it('is one SDK in a program that does both', async () => {
    const source = `import * as a from '@telltale/sdk';\nimport { createRequire } from 'node:module';\nconst b = createRequire(import.meta.url)('@telltale/sdk');\nconsole.log(a.init() === b.init());`;
    expect((await run('both.mjs', source, { TELLTALE_DISABLED: '1' })).output).toContain('true');
  });

  it('has types for both', () => {
    const app = join(folder, 'app');
    const source = `import { init, turn, type Options } from '@telltale/sdk';\nimport transport, { mixin } from '@telltale/sdk/pino';\nconst options: Options = { service: 'x' };\nexport const client = init(options);\nexport const n: number = turn({ name: 't' }, () => 1);\nexport const stream: NodeJS.WritableStream = transport(options);\nexport const ids: Record<string, string> = mixin();\n`;
    for (const file of ['types.mts', 'types.cts']) writeFileSync(join(app, file), source);
    const root = join(PACKAGE, '../..');
    const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'node16', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]; // prettier-ignore
    expect(execFileSync(process.execPath, [...tsc, 'types.mts', 'types.cts'], { cwd: app, encoding: 'utf8' })).toBe('');
  });
});

describe('a program', () => {
  it('ends as before where there is no gateway', async () => {
    const { code, ms } = await run('away.cjs', REQUIRE + USE, {
      TELLTALE_URL: 'http://127.0.0.1:9',
      TELLTALE_SHUTDOWN_TIMEOUT_MS: '300',
    });
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
  });

  it('ends as before where the gateway says nothing', async () => {
    gateway.nextAnswers.push(null, null, null);
    const { code, ms } = await run('silent.cjs', REQUIRE + USE, { TELLTALE_SHUTDOWN_TIMEOUT_MS: '300' });
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
  });

  it('ends by the signal, with what it had to say sent', async () => {
    const source = `${REQUIRE}telltale.init({ flushIntervalMs: 600_000 });\n${USE}setInterval(() => undefined, 1_000);\nconsole.log('ready');`;
    const { signal } = await run('signal.cjs', source, {}, (kill, text) => void (text.includes('ready') && kill('SIGTERM')));
    expect(signal).toBe('SIGTERM');
    await eventually(() => gateway.events.length === 2);
    expect(gateway.events.map(({ kind }) => kind)).toEqual(['log', 'turn']);
  });

  it('decides itself when it ends, if it listens for the signal', async () => {
    const source = `${REQUIRE}${USE}process.on('SIGTERM', () => setTimeout(() => process.exit(7), 100));\nsetInterval(() => undefined, 1_000);\nconsole.log('ready');`;
    const { code } = await run('own.cjs', source, {}, (kill, text) => void (text.includes('ready') && kill('SIGTERM')));
    expect(code).toBe(7);
  });

  it('says what is wrong with its settings, and goes on', async () => {
    const { code, output } = await run('wrong.cjs', REQUIRE + USE, {
      TELLTALE_KEEP: '7',
      TELLTALE_MIN_SEVERITY: 'loud',
      TELLTALE_URL: 'gateway',
    });
    expect(code).toBe(0);
    expect(output.trim().split('\n')).toEqual([
      'telltale: TELLTALE_URL: give an http or https address; nothing is sent',
      'telltale: TELLTALE_MIN_SEVERITY: is none of its values',
      'telltale: TELLTALE_KEEP: give a number from 0.000001 to 1',
      'telltale: 0.1.0: disabled',
    ]);
  });
});

describe('pino', () => {
  it.each([
    ['require', 'pino.cjs', (path: string) => `const pino = require(${path});\n`],
    ['import', 'pino.mjs', (path: string) => `import pino from ${path};\n`],
  ])('loads it as a transport into a thread of its own, by %s', async (_, file, load) => {
    const path = JSON.stringify(require.resolve('pino'));
    const source = `${load(path)}pino({ level: 'debug' }, pino.transport({ target: '@telltale/sdk/pino', options: { onMessage: null } })).info('from pino');\n`;
    expect((await run(file, source)).code).toBe(0);
    expect(gateway.events.map(({ body, severity }) => [body, severity])).toEqual([['from pino', 'info']]);
  });
});
