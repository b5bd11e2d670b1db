import { commonConfig, composeConfig } from '@telltale/platform-config';
import { SERVICES } from '@telltale/services';
import { TOPICS } from '@telltale/contracts';
import { existsSync, readFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import { parse } from 'yaml';
import { stagesOf, valueOf, wholeStage } from './dockerfile';

const ROOT = join(__dirname, '..', '..', '..', '..');
const textOf = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');
const text = textOf('docker-compose.yml');

interface ComposeService {
  readonly image: string;
  readonly profiles: readonly string[];
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly mem_limit?: string;
}
const compose = parse(text, { merge: true }) as { services: Record<string, ComposeService>; volumes: Record<string, null> };
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const processes = SERVICES.filter(({ name, app }) => name === app);

/** The schema of the Compose specification, as its own reader in Go has it. */
const SCHEMA_OF = 'github.com/compose-spec/compose-go/v2@v2.16.2';
const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
const CI = process.env['CI'] === 'true';

describe('docker-compose.yml', () => {
  (hasGo || CI ? it : it.skip)(`is what the Compose specification asks for${hasGo ? '' : ' (left out: Go is needed for its schema)'}`, () => {
    const found = execFileSync('go', ['mod', 'download', '-json', SCHEMA_OF], { cwd: tmpdir(), encoding: 'utf8' });
    const schema = JSON.parse(readFileSync(join((JSON.parse(found) as { Dir: string }).Dir, 'schema', 'compose-spec.json'), 'utf8')) as object;
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
    const check = ajv.compile(schema);
    check(parse(text, { merge: true }));
    expect(check.errors ?? []).toEqual([]);
    expect(check({ services: { a: { imag: 'typo' } } })).toBe(false);
  }, 120_000); // prettier-ignore

  it('has every process of a cluster, by its own program and port, and no other', () => {
    const run = ours.filter(([, { command }]) => command?.length === 1).map(([name, { command, environment }]) => [name, command?.[0], environment?.['HTTP_PORT']]); // prettier-ignore
    expect(run.sort()).toEqual(processes.map(({ name, httpPort }) => [name, `dist/apps/${name}/main.cjs`, httpPort]).sort());
  });

  it('opens the ports that people use, at an address that is this machine alone unless they say otherwise', () => {
    const ports = services.flatMap(([name, { ports: opened = [] }]) => opened.map((port) => `${name} ${port}`));
    expect(ports.filter((port) => !port.includes('${LISTEN:-127.0.0.1}:'))).toEqual([]);
    expect(ports).toEqual(expect.arrayContaining(['gateway ${LISTEN:-127.0.0.1}:4318:4318', 'insights ${LISTEN:-127.0.0.1}:4319:4319']));
  }); // prettier-ignore

  it('sets only variables that there are', () => {
    const known = new Set([...Object.keys(commonConfig.shape), ...SERVICES.flatMap(({ config }) => Object.keys(config.shape))]);
    const set = ours.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect([...new Set(set)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('takes from outside only what is documented, and has no default for a secret', () => {
    const variables = [...text.matchAll(/\$\{(\w+)(:[-?])?([^}]*)\}/g)].map(([, name = '', how = '', rest = '']) => ({ name, how, rest }));
    const documented = new Map([...Object.entries(composeConfig.shape), ...Object.entries(commonConfig.shape)]);
    expect(variables.filter(({ name }) => !documented.has(name))).toEqual([]);
    expect(variables.filter(({ how }) => how === '')).toEqual([]);
    const secrets = variables.filter(({ name }) => /KEY|PASSWORD/.test(name));
    expect(secrets.length).toBeGreaterThan(3);
    expect(secrets.filter(({ how, rest }) => how !== ':?' || !rest.includes('telltale init'))).toEqual([]);
    const defaults = variables.filter(({ how }) => how === ':-').map(({ name, rest }) => [name, rest]);
    expect(defaults.filter(([name = '', value]) => documented.get(name)?.safeParse(undefined).data !== value)).toEqual([]);
  }); // prettier-ignore

  it('pins every image, and bounds the memory of every container', () => {
    expect(services.filter(([, { image }]) => !/:(?:v?\d+\.\d+|\$\{TELLTALE_VERSION)/.test(image)).map(([name]) => name)).toEqual(
      [],
    );
    expect(services.filter(([, { mem_limit: limit }]) => !limit).map(([name]) => name)).toEqual([]);
  });

  it('starts nothing before what it needs is healthy or done', () => {
    for (const [name, { depends_on: needs = {} }] of services)
      for (const [other, { condition }] of Object.entries(needs)) {
        const needed = compose.services[other];
        const check = condition === 'service_healthy' ? needed?.healthcheck?.test !== undefined : condition === 'service_completed_successfully';
        expect({ name, other, check }).toEqual({ name, other, check: true });
      }
    for (const { name } of processes) expect(Object.keys(compose.services[name]?.depends_on ?? {}).sort()).toEqual(['migrate', 'topics']);
  }); // prettier-ignore

  it('builds stages that there are, and mounts files that there are', () => {
    const stages = stagesOf(textOf('deploy', 'docker', 'Dockerfile'));
    for (const [, { build, command }] of ours) {
      expect(wholeStage(stages, build?.target ?? '').length).toBeGreaterThan(0);
      expect(command === undefined || command[0]?.startsWith('dist/apps/')).toBe(true);
    }
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const files = mounts.filter((path) => path.startsWith('./') && path !== './settings.yaml');
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect([...new Set(mounts.filter((path) => !path.startsWith('./')))].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('has the images of the chart, and of the stores that tests run against', () => {
    const values = parse(textOf('helm', 'telltale', 'values.yaml')) as Record<string, Record<string, { image?: { repository: string; tag: string } } & { repository?: string }>>; // prettier-ignore
    const imageOf = (store: string): string => { const image = values['evaluation']?.[store]?.image; return `${image?.repository}:${image?.tag}`; }; // prettier-ignore
    expect(compose.services['kafka']?.image).toBe(imageOf('kafka'));
    expect(compose.services['clickhouse']?.image).toBe(imageOf('clickhouse'));
    expect(valueOf(wholeStage(stagesOf(textOf('deploy', 'docker', 'Dockerfile')), 'services'), 'ENTRYPOINT')).toBe('["node"]');
  });
});

it('the Collector writes to the topics that the enricher reads', () => {
  const config = parse(textOf('deploy', 'collector', 'config.yaml')) as {
    exporters: { kafka: Record<string, { topic: string; encoding: string }> };
  };
  const { traces, logs } = config.exporters.kafka;
  expect([traces, logs]).toEqual([
    { topic: TOPICS.otlpSpans.name, encoding: 'otlp_proto' },
    { topic: TOPICS.otlpLogs.name, encoding: 'otlp_proto' },
  ]);
});
