import { clientConfig, commonConfig } from '@telltale/platform-config';
import { SERVICES } from '@telltale/services';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartServices, chartValues } from './chart-files';
import {
  CHART_FOLDER,
  chartToolsMissing,
  containersOf,
  type KubeObject,
  ofKind,
  podOf,
  podsOf,
  render,
  ROOT,
  VALUE_FILES,
} from './chart.fixture';

jest.setTimeout(240_000);
const APPS = SERVICES.filter(({ name, app }) => name === app);
const title = 'the chart and the code';

(chartToolsMissing ? describe.skip : describe)(chartToolsMissing ? `${title} (left out: ${chartToolsMissing})` : title, () => {
  const deploymentsOf = (objects: readonly KubeObject[]) => ofKind(objects, 'Deployment');
  const serviceOf = ({ metadata }: KubeObject): string => metadata.labels?.['app.kubernetes.io/name'] ?? '';

  it('have the same services, each by its command and on its ports', () => {
    const found = deploymentsOf(render('minimal')).map((deployment) => {
      const [container] = podOf(deployment)?.spec.containers ?? [];
      return [serviceOf(deployment), container?.command, container?.ports?.map(({ containerPort }) => containerPort)];
    });
    const wanted = APPS.map(({ name, httpPort }) => [name, ['node', `dist/apps/${name}/main.cjs`], name === 'gateway' ? [httpPort, 4317] : [httpPort]]); // prettier-ignore
    expect(found.sort()).toEqual(wanted.sort());
  });

  it.each(VALUE_FILES)('know the same variables: %s', (name) => {
    const common = Object.keys(commonConfig.shape);
    const variables = new Map(APPS.map(({ name: app }) => [app, [...common, ...SERVICES.filter((service) => service.app === app).flatMap(({ config }) => Object.keys(config.shape))]])); // prettier-ignore
    variables.set('setup', [...new Set([...variables.values()].flat())]);
    variables.set('test', [...Object.keys(clientConfig.shape), 'TIMEOUT_SECONDS']);
    // Node's own.
    const node = ['NODE_OPTIONS', 'NODE_TLS_REJECT_UNAUTHORIZED'];
    const pods = podsOf(render(name)).filter(({ labels }) => variables.has(labels['app.kubernetes.io/name'] ?? ''));
    const unknown = pods.flatMap((pod) => {
      const known = [...(variables.get(pod.labels['app.kubernetes.io/name'] ?? '') ?? []), ...node];
      return containersOf(pod).flatMap(({ env = [] }) => env.flatMap((variable) => (known.includes(variable.name) ? [] : [`${pod.of}: ${variable.name}`]))); // prettier-ignore
    });
    expect([...new Set(unknown)]).toEqual([]);
    expect(pods.length).toBeGreaterThan(APPS.length);
  });

  it('give no variable twice', () => {
    const twice = VALUE_FILES.flatMap((name) =>
      podsOf(render(name)).flatMap(
        (pod) =>
        containersOf(pod).flatMap(({ env = [] }) => env.flatMap((variable, at) => (env.findIndex((other) => other.name === variable.name) < at ? [`${name} ${pod.of}: ${variable.name}`] : []))), // prettier-ignore
      ),
    );
    expect(twice).toEqual([]);
  });

  it('wait for each other: services do not make what the Jobs make', () => {
    const values = podsOf(render('minimal')).map(({ of, spec }) => {
      const valueOf = (name: string) => spec.containers[0]?.env?.find((variable) => variable.name === name)?.value;
      return [of.split('/')[0], valueOf('MIGRATIONS'), valueOf('TOPICS')];
    });
    expect(values.filter(([kind]) => kind === 'Deployment')).toEqual(APPS.map(() => ['Deployment', 'wait', 'wait']));
    expect(values.filter(([kind]) => kind === 'Job')).toEqual([1, 2, 3].map(() => ['Job', undefined, undefined]));
  });

  it('let a pod end its work: Kubernetes waits longer than the service does', () => {
    const { SHUTDOWN_DEADLINE_MS: deadline } = commonConfig.parse({});
    const seconds = (name: string) =>
      deploymentsOf(render(name)).map((deployment) => podOf(deployment)?.spec.terminationGracePeriodSeconds ?? 0);
    expect(Math.min(...seconds('minimal')) * 1_000).toBeGreaterThan(deadline + 5_000);
    expect(Math.min(...seconds('full')) * 1_000).toBeGreaterThan(40_000 + 5_000);
  });

  it('scale by the lag of the groups that a service reads, up to its partitions', () => {
    const scaled = ofKind(render('sharded'), 'ScaledObject').map((object) => {
      const { maxReplicaCount, triggers } = object.spec as {
        maxReplicaCount: number;
        triggers: { metadata: { consumerGroup: string; topic: string } }[];
      };
      return [serviceOf(object), maxReplicaCount, triggers.map(({ metadata }) => `${metadata.consumerGroup} ${metadata.topic}`)];
    });
    const wanted = APPS.filter(({ state }) => state !== null).map(({ name }) => {
      const hosted = SERVICES.filter(({ app }) => app === name);
      const lags = hosted.flatMap(({ groupId, inputs }) => inputs.filter(({ readFirst }) => !readFirst).map((topic) => `${groupId} ${topic.name}`)); // prettier-ignore
      return [name, name === 'enricher' ? 48 : 96, lags];
    });
    expect(scaled.sort()).toEqual(wanted.sort());
  });

  it('let pods reach what they need, and nothing else', () => {
    const policies = new Map(ofKind(render('full'), 'NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec as Record<string, unknown>])); // prettier-ignore
    expect(policies.get('observe-deny')).toEqual({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'tt', 'app.kubernetes.io/part-of': 'telltale' } }, policyTypes: ['Ingress', 'Egress'] }); // prettier-ignore
    const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' }));
    expect(policies.get('observe-stores')?.['egress']).toEqual([
      { ports: [{ port: 53, protocol: 'UDP' }, ...tcp(53)] },
      { ports: tcp(9093, 9094), to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] },
      { ports: tcp(443), to: [{ ipBlock: { cidr: '10.2.0.0/16' } }] },
      { ports: tcp(443) },
    ]);
    const test = { podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'tt', 'app.kubernetes.io/name': 'test', 'app.kubernetes.io/part-of': 'telltale' } } }; // prettier-ignore
    const metrics = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } };
    expect(policies.get('observe-gateway')?.['ingress']).toEqual([{ ports: tcp(4318, 4317), from: [{ namespaceSelector: { matchLabels: { bots: 'true' } } }, metrics, test] }]); // prettier-ignore
    expect(policies.get('observe-metrics')?.['ingress']).toEqual([{ ports: tcp(...APPS.map(({ httpPort }) => httpPort).filter((port) => port > 4_330).sort()), from: [metrics] }]); // prettier-ignore
    expect(policies.get('observe-insights')?.['ingress']).toEqual([{ ports: tcp(4319), from: [{ ipBlock: { cidr: '10.0.0.0/8' } }, metrics, test] }]); // prettier-ignore
  });
});

describe('files of the chart that are generated', () => {
  it('describe every deployable once', () => {
    expect(chartServices().match(/^ {2}\w+:$/gm)?.map((line) => line.trim().slice(0, -1))).toEqual(APPS.map(({ name }) => name)); // prettier-ignore
  });

  it('name the version of the program', () => {
    const { appVersion } = parse(readFileSync(join(CHART_FOLDER, 'Chart.yaml'), 'utf8')) as { appVersion: string };
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(appVersion).toBe(version);
  });

  it('read a value with its comment, and a map by its own', () => {
    const text = "# A.\na: 1\nb:\n  # C, in\n  # two lines.\n  c: ''\n  d: { e: 1 }\n# F.\nf:\n  g: []\n";
    expect(chartValues(text)).toEqual([
      { path: 'a', fallback: '`1`', about: 'A.' },
      { path: 'b.c', fallback: '`""`', about: 'C, in two lines.' },
      { path: 'b.d', fallback: '`{"e":1}`', about: '' },
      { path: 'f', fallback: '', about: 'F.' },
      { path: 'f.g', fallback: '`[]`', about: '' },
    ]);
  });

  it('say nothing of values that there are not', () => {
    expect(() => chartValues('- a\n')).toThrow('values.yaml is not a map of values');
    expect(chartValues(readFileSync(join(CHART_FOLDER, 'values.yaml'), 'utf8')).length).toBeGreaterThan(150);
  });
});
