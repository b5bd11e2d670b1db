import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  CHART_FOLDER,
  chartToolsMissing,
  containersOf,
  helm,
  kubeconform,
  KUBERNETES_VERSION,
  nameOf,
  ofKind,
  podOf,
  podsOf,
  render,
  template,
  VALUE_FILES,
  valueFile,
  writeSchemas,
} from './chart.fixture';

jest.setTimeout(240_000);

/** Whose definitions are in no module; README of chart-schemas says more. */
const WITHOUT_SCHEMA = ['Kafka', 'KafkaNodePool', 'KafkaUser', 'ClickHouseCluster', 'KeeperCluster'];
const title = 'the chart, rendered';

(chartToolsMissing ? describe.skip : describe)(chartToolsMissing ? `${title} (left out: ${chartToolsMissing})` : title, () => {
  let scratch: string;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'telltale-chart-'));
    writeSchemas(join(scratch, 'schemas'));
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it('has a value file of each way to install it', () => {
    expect(VALUE_FILES).toEqual(['evaluation', 'full', 'minimal', 'operators', 'sharded', 'tls']);
  });

  const conforms = (text: string) =>
    kubeconform(
      ['-strict', '-summary', '-skip', WITHOUT_SCHEMA.join(','), '-schema-location', join(scratch, 'schemas', '{{ .ResourceKind }}{{ .KindSuffix }}.json')],
      text,
    ); // prettier-ignore

  describe.each(VALUE_FILES)('%s', (name) => {
    it('is taken by helm lint --strict', () => {
      const { code, out } = helm([
        'lint',
        '--strict',
        CHART_FOLDER,
        '--kube-version',
        KUBERNETES_VERSION,
        '--values',
        valueFile(name),
      ]);
      expect([code, out]).toEqual([0, expect.stringContaining('1 chart(s) linted, 0 chart(s) failed')]);
    });

    it('renders objects that fit the schemas of Kubernetes, strictly', () => {
      const { out } = template(name);
      const { code, out: said } = conforms(out);
      expect([code, said]).toEqual([0, expect.stringMatching(/Valid: \d+, Invalid: 0, Errors: 0/)]);
      expect(Number(/Valid: (\d+)/.exec(said)?.[1])).toBeGreaterThan(25);
    });

    it('renders the same when it is rendered again', () => {
      expect(template(name).out).toBe(template(name).out);
    });

    it('makes no object twice, and none with a name that is too long', () => {
      const names = render(name).map(nameOf);
      expect(names.filter((one, at) => names.indexOf(one) !== at)).toEqual([]);
      expect(names.filter((one) => one.split('/').at(-1)!.length > 63)).toEqual([]);
    });
  });

  it('are refused with a field that there is not', () => {
    const { code, out } = conforms(stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, dta: {} }));
    expect([code, out]).toEqual([1, expect.stringContaining("'dta'")]);
  });

  describe.each(VALUE_FILES)('pods of %s', (name) => {
    const pods = podsOf(chartToolsMissing ? [] : render(name));

    it('are admitted under Pod Security "restricted"', () => {
      const broken = pods.flatMap((pod) => {
        const { spec, of } = pod;
        const problems = [
          spec.securityContext?.['runAsNonRoot'] === true ? '' : 'may run as root',
          spec.securityContext?.['runAsUser'] === 0 ? 'is root' : '',
          JSON.stringify(spec.securityContext?.['seccompProfile']) === '{"type":"RuntimeDefault"}'
            ? ''
            : 'has no seccomp profile',
          spec.hostNetwork || spec.hostPID ? 'is on the host' : '',
          (spec.volumes ?? []).some((volume) => 'hostPath' in volume) ? 'mounts the host' : '',
          ...containersOf(pod).flatMap(({ name: container, securityContext = {} }) => [
            securityContext['allowPrivilegeEscalation'] === false ? '' : `${container} may gain rights`,
            JSON.stringify(securityContext['capabilities']) === '{"drop":["ALL"]}' ? '' : `${container} has capabilities`,
            securityContext['privileged'] ? `${container} is privileged` : '',
          ]),
        ];
        return problems.filter(Boolean).map((problem) => `${of} ${problem}`);
      });
      expect(broken).toEqual([]);
      expect(pods.length).toBeGreaterThan(8);
    });

    it('have a read-only file system, no token, memory and cpu that are set, and an image of a version', () => {
      const broken = pods.flatMap((pod) => {
        const problems = [
          pod.spec.automountServiceAccountToken === false ? '' : 'has a token',
          pod.spec.serviceAccountName ? '' : 'has the account of the namespace',
          ...containersOf(pod).flatMap(({ name: container, image, securityContext, resources }) => [
            securityContext?.['readOnlyRootFilesystem'] === true ? '' : `${container} writes to its image`,
            resources?.requests?.['cpu'] && resources.requests['memory'] && resources.limits?.['memory']
              ? ''
              : `${container} has no resources`,
            /(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(image) ? '' : `${container} has the image ${image}`,
            /bitnami|minio|zookeeper/i.test(image) ? `${container} has the image ${image}` : '',
          ]),
        ];
        return problems.filter(Boolean).map((problem) => `${pod.of} ${problem}`);
      });
      expect(broken).toEqual([]);
    });

    it('are each selected by what is to select them, and by no one else', () => {
      const objects = render(name);
      const services = [...ofKind(objects, 'Service'), ...ofKind(objects, 'PodDisruptionBudget')];
      const selectorOf = (spec: Readonly<Record<string, unknown>>) =>
        ((spec['selector'] as { matchLabels?: object }).matchLabels ?? spec['selector']) as Record<string, string>;
      const counts = services.map((service) => {
        const selector = Object.entries(selectorOf(service.spec ?? {}));
        return [nameOf(service), pods.filter(({ labels }) => selector.every(([key, value]) => labels[key] === value)).length];
      });
      expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
    });
  });

  it('restarts only what a changed value concerns', () => {
    const pods = (values: object) => new Map(render('minimal', values).flatMap((object) => (podOf(object) ? [[nameOf(object), JSON.stringify(podOf(object))]] : []))); // prettier-ignore
    const before = pods({});
    const changed = (values: object): string[] => [...pods(values)].flatMap(([name, pod]) => (before.get(name) === pod ? [] : [name])); // prettier-ignore
    expect(changed({ 'services.enricher.env': { SHUTDOWN_DEADLINE_MS: 20_000 } })).toEqual(['Deployment/tt-enricher']);
    expect(changed({ 'services.scorer.replicas': 5 })).toEqual([]);
    expect(changed({ 'services.gateway.service.type': 'LoadBalancer' })).toEqual([]);
    expect(changed({ 'gatewayTls.existingSecret': 'tls' })).toEqual(['Deployment/tt-gateway']);
    expect(changed({ 'env.LOG_LEVEL': 'warn' })).toEqual([...before.keys()]);
  });

  it('writes large numbers as digits', () => {
    const values = { env: { GATEWAY_MAX_BODY_BYTES: 8_388_608 }, runAsUser: 1_000_680_000 };
    const text = template('minimal', values).out;
    expect(text).toContain('value: "8388608"');
    expect(text).toContain('runAsUser: 1000680000');
    expect(text).not.toMatch(/\de\+\d/);
  });

  it('prepares external stores before the release, and its own beside it under names of what is done', () => {
    const jobs = (name: string, values = {}) => ofKind(render(name, values), 'Job').map(({ metadata }) => [metadata.name, metadata.annotations?.['helm.sh/hook']]); // prettier-ignore
    const hook = 'pre-install,pre-upgrade';
    expect(jobs('minimal').sort()).toEqual([['tt-migrate', hook], ['tt-settings', hook], ['tt-topics', hook]]); // prettier-ignore
    const own = jobs('evaluation');
    expect(own.map(([name, of]) => [name?.replace(/-[0-9a-f]{8}$/, ''), of]).sort()).toEqual([['tt-migrate', undefined], ['tt-settings', undefined], ['tt-topics', undefined]]); // prettier-ignore
    const inline = { 'settings.inline': { tenants: [{ name: 'acme' }] } };
    const before = jobs('evaluation', inline);
    const after = jobs('evaluation', { 'settings.inline': { tenants: [{ name: 'other' }] } });
    expect(after.filter(([name]) => !before.some(([other]) => other === name)).map(([name]) => name?.split('-')[1])).toEqual(['settings']); // prettier-ignore
  });

  it('lets hooks need nothing that only the release brings', () => {
    const objects = render('full');
    const ofHook = (object: (typeof objects)[number]) =>
      object.metadata.annotations?.['helm.sh/hook']?.includes('pre-install') ?? false;
    const hooks = objects.filter(ofHook);
    const made = objects.filter((object) => !ofHook(object) && ['Secret', 'ConfigMap', 'ServiceAccount'].includes(object.kind));
    const text = JSON.stringify(hooks);
    expect(made.map(({ metadata: { name } }) => name).filter((name) => text.includes(`"${name}"`))).toEqual([]);
    expect(hooks.map(nameOf).sort()).toEqual(['Job/observe-migrate', 'Job/observe-settings', 'Job/observe-topics', 'Secret/observe-settings', 'ServiceAccount/observe-setup']); // prettier-ignore
  });

  it.each(VALUE_FILES)('comes in waves that do not wait for later ones: %s', (name) => {
    // Argo CD begins a wave when all of the one before is healthy; a pod that lacks a Secret never is.
    const objects = render(name, name === 'evaluation' ? { 'settings.inline': { tenants: [{ name: 'acme' }] } } : {});
    const ofHook = ({ metadata }: (typeof objects)[number]) => 'helm.sh/hook' in (metadata.annotations ?? {});
    const waveOf = ({ metadata }: (typeof objects)[number]) =>
      Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);
    const synced = objects.filter((object) => !ofHook(object));
    const needed = synced.filter(({ kind }) => ['Secret', 'ConfigMap', 'ServiceAccount'].includes(kind));
    const late = synced.flatMap((object) => {
      const pod = podOf(object);
      const text = JSON.stringify(pod?.spec ?? {});
      return needed.flatMap((other) => (text.includes(`"${other.metadata.name}"`) && waveOf(other) >= waveOf(object) ? [`${nameOf(object)} waits for ${nameOf(other)}`] : [])); // prettier-ignore
    });
    expect(late).toEqual([]);
    const jobs = synced.filter(({ kind }) => kind === 'Job').map(waveOf);
    const stores = synced
      .filter(({ kind }) => ['StatefulSet', 'Kafka', 'ClickHouseCluster', 'KafkaUser'].includes(kind))
      .map(waveOf);
    expect([...stores, -2].every((wave) => jobs.every((job) => wave < job))).toBe(true);
    expect(jobs.every((job) => job < 0)).toBe(true);
  });

  it('holds the rules of Prometheus where it was packed with them', () => {
    const chart = join(scratch, 'telltale');
    cpSync(CHART_FOLDER, chart, { recursive: true });
    writeFileSync(join(chart, 'files', 'rules.yaml'), stringify({ groups: [{ name: 'telltale', rules: [{ alert: 'Down', expr: 'up == 0', annotations: { summary: '{{ $labels.pod }} is down' } }] }] })); // prettier-ignore
    const values = { 'metrics.prometheusRule.enabled': true };
    const { out } = template('minimal', values, { chart });
    const [rule] = ofKind(render('minimal', values, { chart }), 'PrometheusRule');
    expect(rule?.spec).toEqual({ groups: [{ name: 'telltale', rules: [{ alert: 'Down', expr: 'up == 0', annotations: { summary: '{{ $labels.pod }} is down' } }] }] }); // prettier-ignore
    expect(conforms(out).code).toBe(0);
  });

  it('makes the read-only user of queries in an evaluation, and elsewhere as it is asked for', () => {
    const variablesOf = (values: object, file: string) =>
      podsOf(render(file, values))
        .filter(({ of }) => of.startsWith('Job/') && of.includes('-migrate'))
        .flatMap((pod) => containersOf(pod))
        .flatMap(({ env = [] }) => env.filter(({ name }) => name.startsWith('CLICKHOUSE_QUERY')));
    const secret = { secretKeyRef: { name: 'x-evaluation-query', key: 'clickhouse-password' } };
    const made = variablesOf({ fullnameOverride: 'x' }, 'evaluation');
    expect(made).toEqual(expect.arrayContaining([{ name: 'CLICKHOUSE_QUERY_ACCESS', value: 'apply' }, { name: 'CLICKHOUSE_QUERY_PASSWORD', valueFrom: secret }])); // prettier-ignore
    const query = { 'clickhouse.query.url': 'https://clickhouse:8443', 'clickhouse.query.existingSecret': 'query' };
    expect(variablesOf(query, 'minimal')).toContainEqual({ name: 'CLICKHOUSE_QUERY_ACCESS', value: 'auto' });
    expect(variablesOf({ ...query, 'clickhouse.query.access': 'off' }, 'minimal')).toContainEqual({ name: 'CLICKHOUSE_QUERY_ACCESS', value: 'off' }); // prettier-ignore
    expect(variablesOf({}, 'minimal')).toEqual([]);
  });

  it('derives the passwords of an evaluation from its seed, and from nothing else', () => {
    const secret = (values: object) => ofKind(render('evaluation', values), 'Secret')[0]?.stringData ?? {};
    const passwords = secret({});
    expect(passwords['clickhouse-password']).toMatch(/^[0-9a-zA-Z]{32}$/);
    expect(Buffer.from(passwords['master-key'] ?? '', 'base64')).toHaveLength(32);
    expect(secret({ partitions: 12 })).toEqual(passwords);
    expect(secret({ 'evaluation.seed': 'x'.repeat(32) })['clickhouse-password']).not.toBe(passwords['clickhouse-password']);
    expect(new Set(Object.values(passwords)).size).toBe(Object.keys(passwords).length);
  });
});
