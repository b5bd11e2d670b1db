import { eventually } from '@telltale/testkit';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CHART_FOLDER, CUSTOM_KINDS, helm, type KubeObject, podsOf, render, ROOT, VALUE_FILES, valueFile } from './chart.fixture';

// The chart against a real API server: admission, defaults, validation, what may change. It has no nodes and no controllers, so nothing runs, and hooks are left out.
jest.setTimeout(300_000);
const BUILD_MS = 3_600_000;
const NAMESPACE = 'telltale';

interface Cluster {
  readonly ask: (
    method: string,
    path: string,
    body?: object,
  ) => Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  readonly env: NodeJS.ProcessEnv;
}

describe('the chart on a Kubernetes API server', () => {
  let server: ChildProcess;
  let cluster: Cluster;

  beforeAll(async () => {
    server = spawn(process.execPath, [join(ROOT, 'tools', 'kube-apiserver.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    server.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const isUp = () => {
      if (server.exitCode !== null) throw new Error('tools/kube-apiserver.mjs ended: run it by itself to see why');
      return Promise.resolve({ done: /KUBECONFIG=.*\n/.test(said), seen: said });
    };
    await eventually('a kubeconfig', isUp, BUILD_MS);
    const kubeconfig = /KUBECONFIG=(.*)/.exec(said)?.[1] ?? '';
    cluster = clusterOf(kubeconfig);
    await create('/api/v1/namespaces', {
      metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    for (const kind of [
      ...CUSTOM_KINDS,
      ...[
        'kafka.strimzi.io/v1/KafkaNodePool',
        'kafka.strimzi.io/v1/KafkaUser',
        'clickhouse.com/v1alpha1/KeeperCluster',
        'keda.sh/v1alpha1/TriggerAuthentication',
      ],
    ])
      await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', anyFields(kind));
    const priority = { metadata: { name: 'high' }, value: 1000 };
    await create('/apis/scheduling.k8s.io/v1/priorityclasses', priority);
    // Discovery of a new definition takes a moment.
    const isKnown = () => {
      const { code, err } = helmOf('install', 'probe', ['--dry-run=server', '--values', valueFile('operators')]);
      return Promise.resolve({ done: code === 0, seen: err });
    };
    await eventually('definitions that are known', isKnown, 120_000);
  }, BUILD_MS);

  afterAll(async () => {
    if (server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.stdin?.end();
    await ended;
  });

  function clusterOf(kubeconfig: string): Cluster {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as {
      clusters: { cluster: { server: string } }[];
      users: { user: { token: string } }[];
    };
    const headers = { authorization: `Bearer ${config.users[0]?.user.token}`, 'content-type': 'application/json' };
    const ask: Cluster['ask'] = (method, path, body) =>
      new Promise((resolve, reject) => {
        const asked = request(
          `${config.clusters[0]?.cluster.server}${path}`,
          { method, headers, rejectUnauthorized: false },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                body: JSON.parse(Buffer.concat(parts).toString() || '{}') as Record<string, unknown>,
              }),
            );
          },
        );
        asked.on('error', reject);
        asked.end(body && JSON.stringify(body));
      });
    return { ask, env: { KUBECONFIG: kubeconfig } };
  }

  async function create(path: string, object: object): Promise<void> {
    const { status, body } = await cluster.ask('POST', path, object);
    if (status >= 300 && status !== 409) throw new Error(`${path}: ${JSON.stringify(body['message'])}`);
  }

  const helmOf = (verb: string, release: string, args: readonly string[] = []) =>
    helm([verb, release, CHART_FOLDER, '--namespace', NAMESPACE, ...args], cluster.env);
  const succeeds = (verb: string, release: string, args: readonly string[] = []): string => {
    const { code, out, err } = helmOf(verb, release, args);
    expect([code, err]).toEqual([0, expect.not.stringContaining('Error')]);
    return out;
  };
  const uninstall = (release: string) => helm(['uninstall', release, '--namespace', NAMESPACE, '--no-hooks'], cluster.env);

  it.each(VALUE_FILES)('takes every object of %s', (name) => {
    succeeds('install', 'tt', ['--dry-run=server', '--values', valueFile(name)]);
  });

  it('says how to send the first event', () => {
    const notes = (name: string) =>
      succeeds('install', 'tt', ['--dry-run=server', '--values', valueFile(name)]).split('NOTES:')[1] ?? '';
    expect(notes('evaluation')).toMatch(
      /KEY=\$\(kubectl -n telltale get secret tt-evaluation .*\n +curl -H "authorization: Bearer \$KEY" http:\/\/localhost:4318\/v1\/events/,
    );
    expect(notes('minimal')).toContain('set tests.apiKey.existingSecret to a Secret with an API key');
    expect(notes('tls')).toContain('curl -k -H "authorization: Bearer $KEY" https://localhost:4318/v1/events');
  });

  it.each(VALUE_FILES)('installs %s, and upgrades it with another image, more pods and less disk', async (name) => {
    const release = `up-${name}`;
    const values = ['--values', valueFile(name), '--no-hooks'];
    succeeds('install', release, values);
    try {
      succeeds('upgrade', release, [
        ...values,
        '--set',
        'image.tag=0.2.0,image.digest=,services.scorer.replicas=3,defaults.scratchSize=512Mi,setup.backoffLimit=2',
      ]);
      succeeds('upgrade', release, [
        ...values,
        '--set',
        'services.gateway.service.type=NodePort,networkPolicy.enabled=false,runAsUser=3000',
      ]);
    } finally {
      expect(uninstall(release).code).toBe(0);
      for (const kind of [
        'kafka.strimzi.io/v1/namespaces/telltale/kafkas',
        'clickhouse.com/v1alpha1/namespaces/telltale/clickhouseclusters',
      ])
        await cluster.ask('DELETE', `/apis/${kind}/${release}`);
    }
  });

  it.each(VALUE_FILES)('admits every pod of %s into a namespace of Pod Security "restricted"', async (name) => {
    const pods = podsOf(render(name));
    const refused: string[] = [];
    for (const { of, spec } of pods) {
      await create(`/api/v1/namespaces/${NAMESPACE}/serviceaccounts`, { metadata: { name: spec.serviceAccountName } });
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'p-' }, spec: { ...spec, restartPolicy: 'Never', volumes: [...(spec.volumes ?? []), ...(of.startsWith('StatefulSet') ? [{ name: 'data', emptyDir: {} }] : [])] } }; // prettier-ignore
      const { status, body } = await cluster.ask('POST', `/api/v1/namespaces/${NAMESPACE}/pods?dryRun=All`, pod);
      if (status !== 201) refused.push(`${of}: ${String(body['message'])}`);
    }
    expect(refused).toEqual([]);
    expect(pods.length).toBeGreaterThan(8);
    for (const account of new Set(pods.map(({ spec }) => spec.serviceAccountName)))
      await cluster.ask('DELETE', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/${account}`);
  });

  describe('an evaluation', () => {
    const on = ['--set', 'evaluation.enabled=true'];
    const secretPath = `/api/v1/namespaces/${NAMESPACE}/secrets/eval-evaluation`;
    const claims = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;
    const passwords = async () => (await cluster.ask('GET', secretPath)).body['data'] as Record<string, string>;
    const labels = { 'app.kubernetes.io/instance': 'eval', 'app.kubernetes.io/part-of': 'telltale' };
    const claim = (name: string) => ({
      metadata: { name, labels },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } },
    });
    const fails = (release: string, args: readonly string[]): string => {
      const { code, err } = helmOf('upgrade', release, args);
      expect(code).toBe(1);
      return err;
    };

    beforeAll(async () => {
      succeeds('install', 'eval', on);
      // What the controller of StatefulSets would make.
      for (const store of ['kafka', 'clickhouse']) await create(claims, claim(`data-eval-${store}-0`));
    });

    it('keeps its passwords over upgrades, though they are random', async () => {
      const before = await passwords();
      expect(Buffer.from(before['clickhouse-password'] ?? '', 'base64').toString()).toMatch(/^[a-zA-Z0-9]{32}$/);
      succeeds('upgrade', 'eval', [...on, '--set', 'services.costs.env.LOG_LEVEL=debug']);
      succeeds('upgrade', 'eval', [...on, '--set', `evaluation.seed=${'s'.repeat(32)}`]);
      expect(await passwords()).toEqual(before);
    });

    it('is not switched off while its volumes are there', () => {
      const err = fails('eval', ['--values', valueFile('minimal')]);
      expect(err).toContain('the volume data-eval-kafka-0 of this release would be left behind: evaluation.enabled is false now');
      expect(err).toContain('data-eval-clickhouse-0');
    });

    it('is not given another name', () => {
      expect(fails('eval', [...on, '--set', 'fullnameOverride=other'])).toContain(
        'the release is called other now, so set fullnameOverride back',
      );
    });

    it('is not given volumes of another size or class', () => {
      expect(fails('eval', [...on, '--set', 'evaluation.kafka.storage.size=30Gi'])).toContain(
        'evaluation.kafka.storage.size is 30Gi: a StatefulSet cannot change it. Set it back to 20Gi',
      );
      expect(fails('eval', [...on, '--set', 'evaluation.clickhouse.storage.class=fast'])).toContain('a volume keeps its class');
    });

    it('is not given another number of partitions', () => {
      expect(fails('eval', [...on, '--set', 'partitions=48'])).toContain('the topics were made with 24');
    });

    it('finds its passwords again when it is installed after it was uninstalled', async () => {
      const before = await passwords();
      expect(uninstall('eval').code).toBe(0);
      expect(await passwords()).toEqual(before);
      succeeds('install', 'eval', on);
      expect(await passwords()).toEqual(before);
    });

    it('does not begin with new passwords over old volumes', async () => {
      const { body } = await cluster.ask('GET', secretPath);
      await cluster.ask('DELETE', secretPath);
      expect(fails('eval', on)).toContain('the Secret eval-evaluation that its passwords are in is not: bring the Secret back');
      const { metadata, data, immutable } = body as unknown as {
        metadata: KubeObject['metadata'];
        data: object;
        immutable: boolean;
      };
      const { name, labels: kept, annotations } = metadata;
      await create(`/api/v1/namespaces/${NAMESPACE}/secrets`, { metadata: { name, labels: kept, annotations }, data, immutable });
      succeeds('upgrade', 'eval', on);
    });

    it('is left behind on purpose only', () => {
      succeeds('upgrade', 'eval', ['--values', valueFile('minimal'), '--no-hooks', '--set', 'evaluation.abandonVolumes=true']);
    });
  });

  it('restarts pods when a Secret that they have read is another', async () => {
    const secret = `/api/v1/namespaces/${NAMESPACE}/secrets`;
    const annotations = async () => {
      const { body } = await cluster.ask('GET', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/rot-gateway`);
      return (body as unknown as { spec: { template: { metadata: { annotations: Record<string, string> } } } }).spec.template
        .metadata.annotations;
    };
    const values = ['--values', valueFile('minimal'), '--no-hooks'];
    await create(secret, { metadata: { name: 'telltale-master-key' }, data: { 'master-key': 'YQ==' } });
    succeeds('install', 'rot', values);
    const before = await annotations();
    succeeds('upgrade', 'rot', values);
    expect(await annotations()).toEqual(before);
    await cluster.ask('DELETE', `${secret}/telltale-master-key`);
    await create(secret, { metadata: { name: 'telltale-master-key' }, data: { 'master-key': 'Yg==' } });
    succeeds('upgrade', 'rot', values);
    expect((await annotations())['checksum/secrets']).not.toBe(before['checksum/secrets']);
    expect(uninstall('rot').code).toBe(0);
  });

  it('does not leave a Kafka of Strimzi behind', async () => {
    succeeds('install', 'op', ['--values', valueFile('operators'), '--no-hooks']);
    const err = helmOf('upgrade', 'op', ['--values', valueFile('minimal'), '--no-hooks']).err;
    expect(err).toContain(
      'the Kafka op of this release would be left behind with its volumes: set kafka.strimzi.enabled back to true',
    );
    expect(err).toContain('the ClickHouseCluster op of this release would be left behind');
    expect(uninstall('op').code).toBe(0);
    expect((await cluster.ask('GET', '/apis/kafka.strimzi.io/v1/namespaces/telltale/kafkas/op')).status).toBe(200);
  });
});

/** A definition whose objects may hold anything: their fields are checked by the schemas of chart-schemas. */
function anyFields(of: string): object {
  const [group = '', version = '', kind = ''] = of.split('/');
  const plural = kind === 'ClickHouseCluster' ? 'clickhouseclusters' : `${kind.toLowerCase()}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    // Names under k8s.io are reviewed.
    metadata: { name: `${plural}.${group}`, annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
