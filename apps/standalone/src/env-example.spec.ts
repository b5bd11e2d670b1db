import { clientConfig, commonConfig, composeConfig, loadConfig } from '@telltale/platform-config';
import { configOf } from '@telltale/platform-nest-runtime';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPS } from './apps';

const ROOT = join(__dirname, '..', '..', '..');
const text = readFileSync(join(ROOT, '.env.example'), 'utf8');
const lines = [...text.matchAll(/\n# (.+)\n#([A-Z_0-9]+)=(.*)/g)].map(([, about = '', name = '', value = '']) => ({ about, name, value })); // prettier-ignore
const CATALOGUE = { ...configOf(APPS).shape, ...clientConfig.shape };

/** Variables of tests and tools, and of the operating system. */
const NOT_OURS = /^(?:TELLTALE_FAILPOINT|TELLTALE_DATA|CI|PATH|HOME)$/;

describe('.env.example', () => {
  it('lists every variable with its description, and sets none; those of docker compose, which shares some, have a section of their own', () => {
    expect(lines.map(({ name }) => name).sort()).toEqual([...Object.keys(CATALOGUE), ...Object.keys(composeConfig.shape)].sort());
    for (const { about } of lines) expect(about.length).toBeGreaterThan(5);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('lists the defaults: setting them changes nothing', () => {
    const env = Object.fromEntries(lines.map(({ name, value }) => [name, value]));
    expect(loadConfig(configOf(APPS), env)).toEqual(loadConfig(configOf(APPS), {}));
  });

  it('contains no secret', () => {
    const secrets = lines.filter(({ name }) => /KEY$|PASSWORD|URL$/.test(name));
    expect(secrets.length).toBeGreaterThan(2);
    expect(secrets.filter(({ value }) => value !== '')).toEqual([]);
  });

  it('lists every variable that the code reads', () => {
    const read = ['apps', 'libs'].flatMap(
      (folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/spec\.ts$|fixture\.ts$|bench|testkit|e2e/.test(file))
        .flatMap((file) => [...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(/\benv\[['"]([A-Z_0-9]+)['"]\]/g)].map(([, name = '']) => name)), // prettier-ignore
    );
    expect(read.length).toBeGreaterThan(3);
    expect([...new Set(read)].filter((name) => !(name in CATALOGUE) && !NOT_OURS.test(name))).toEqual([]);
  });
});

describe('a process of one service', () => {
  it.each(APPS.filter(({ service }) => service.name === service.app).map((app) => [app.service.name, app] as const))(
    '%s has its own default HTTP port',
    (_, app) => {
      const { HTTP_PORT: port } = loadConfig(configOf([app]), {});
      const others = APPS.filter(({ service }) => service.app !== app.service.app).map(
        (other) => loadConfig(configOf([other]), {})['HTTP_PORT'],
      );
      expect(others).not.toContain(port);
      expect(loadConfig(configOf([app]), { HTTP_PORT: '0' })['HTTP_PORT']).toBe(0);
    },
  );
  it('all services in one use the port of the gateway', () =>
    expect(loadConfig(configOf(APPS), {})['HTTP_PORT']).toBe(loadConfig(commonConfig, {}).HTTP_PORT));
});
