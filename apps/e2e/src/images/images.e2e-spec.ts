import { SERVICES } from '@telltale/services';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonWithHadolint } from '../clients/client-tools';
import { eventually } from '../harness/service-process';
import { environmentOf, removeStages, runStages, stagesOf, valueOf, wholeStage } from './dockerfile';

jest.setTimeout(600_000);
const ROOT = join(__dirname, '..', '..', '..', '..');
const FILE = join(ROOT, 'deploy', 'docker', 'Dockerfile');
const stages = stagesOf(readFileSync(FILE, 'utf8'));
const IMAGES = ['services', 'standalone'];
const hadolint = { path: '', missing: '', ...pythonWithHadolint() };
const CI = process.env['CI'] === 'true';
const mayBuild = CI || process.env['TELLTALE_IMAGE_STEPS'] === '1';

describe.each(IMAGES)('the image %s', (name) => {
  const whole = wholeStage(stages, name);
  const own = [...(stages.find((one) => one.name === 'runtime')?.instructions ?? []), ...(stages.find((one) => one.name === name)?.instructions ?? [])]; // prettier-ignore

  it('is not root, by number, and asks for its health without a shell', () => {
    expect(valueOf(whole, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(valueOf(whole, 'HEALTHCHECK')).toMatch(/CMD \["node", "\/app\/deploy\/docker\/healthcheck\.cjs"\]$/);
    expect(valueOf(whole, 'ENTRYPOINT')).toBe('["node"]');
  });
  it('is of a pinned version, and runs nothing where it is put together', () => {
    expect(stages.find((one) => one.name === 'runtime')?.from).toMatch(/^node:\d+\.\d+\.\d+-/);
    expect(own.filter((one) => one.name === 'RUN')).toEqual([]);
  });
  it('has a title and a licence', () => expect(valueOf(whole, 'LABEL')).toMatch(/image\.title=.*image\.licenses="Apache-2\.0"/));
});

it('opens the ports of every service', () => {
  const ports = [4317, ...SERVICES.filter(({ name, app }) => name === app).map(({ httpPort }) => httpPort)].sort();
  expect(valueOf(wholeStage(stages, 'services'), 'EXPOSE')?.split(' ').map(Number)).toEqual(ports);
});

(hadolint.missing && !CI ? it.skip : it)(`is in order for a linter of Dockerfiles${hadolint.missing ? ` (left out: ${hadolint.missing})` : ''}`, () => {
  const { status, stdout } = spawnSync(join(hadolint.path, '..', 'hadolint'), ['--no-color', FILE], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}); // prettier-ignore

(mayBuild ? describe : describe.skip)(`the steps of a build${mayBuild ? '' : ' (left out: they install packages: set TELLTALE_IMAGE_STEPS=1, or CI=true)'}`, () => {
  const into = mkdtempSync(join(tmpdir(), 'telltale-image-'));
  let folderOf: (name: string) => string;
  beforeAll(() => (folderOf = runStages(ROOT, stages, into)));
  afterAll(() => removeStages(into));
  const programOf = (name: string): string[] => (JSON.parse(valueOf(wholeStage(stages, name), 'CMD') ?? '[]') as string[]);
  const envOf = (name: string, more: Record<string, string>): Record<string, string> => ({ PATH: process.env['PATH'] ?? '', ...environmentOf(wholeStage(stages, name)), HTTP_HOST: '127.0.0.1', ...more });

  it('make a standalone that starts from nothing else, is healthy, and says so', async () => {
    const app = join(folderOf('standalone'), 'app');
    const home = join(folderOf('standalone'), 'data');
    const port = String(20_000 + (process.pid % 20_000));
    const env = envOf('standalone', { TELLTALE_HOME: home, HTTP_PORT: port, GATEWAY_GRPC_PORT: '0' });
    const check = () => spawnSync(process.execPath, ['deploy/docker/healthcheck.cjs'], { cwd: app, env, encoding: 'utf8' });
    expect(check()).toMatchObject({ status: 1, stderr: `no answer at port ${port}: ECONNREFUSED\n` });
    const child = spawn(process.execPath, programOf('standalone'), { cwd: app, env, stdio: 'ignore' });
    try {
      const healthy = () => { const { status, stderr } = check(); return Promise.resolve({ done: status === 0, seen: stderr }); };
      await eventually('a healthy standalone', healthy, 60_000);
      const version = execFileSync(process.execPath, ['apps/cli/bin/telltale.cjs', '--version'], { cwd: app, env, encoding: 'utf8' });
      expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
    } finally {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('make services without the engine, which say where it is', () => {
    const app = join(folderOf('services'), 'app');
    expect(existsSync(join(app, 'node_modules', '@chdb'))).toBe(false);
    const missing = SERVICES.filter(({ name, app: of }) => name === of && !existsSync(join(app, 'dist', 'apps', name, 'main.cjs')));
    expect(missing).toEqual([]);
    const env = envOf('services', { TELLTALE_HOME: join(folderOf('services'), 'data') });
    const { status, stderr } = spawnSync(process.execPath, ['dist/apps/scorer/main.cjs'], { cwd: app, env, encoding: 'utf8', timeout: 30_000 });
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('set CLICKHOUSE_URL to a ClickHouse server, or use the standalone image') as string });
  });

  it('list what is in the image, without what only builds and tests', () => {
    const sbom = JSON.parse(readFileSync(join(folderOf('services'), 'app', 'sbom.cdx.json'), 'utf8')) as { components: { name: string; licenses?: unknown }[] };
    const names = sbom.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['kafkajs', 'lmdb']));
    expect(names.filter((name) => ['jest', 'typescript', 'eslint', 'testcontainers'].includes(name))).toEqual([]);
  });

  it('make services small beside the standalone', () => {
    const sizeOf = (name: string): number => Number(execFileSync('du', ['-sm', folderOf(name)], { encoding: 'utf8' }).split('\t')[0]);
    const sizes = { services: sizeOf('services'), standalone: sizeOf('standalone') };
    process.stderr.write(`megabytes above the base image: ${JSON.stringify(sizes)}\n`);
    expect(sizes.services / sizes.standalone).toBeLessThan(0.4);
  });
}); // prettier-ignore
