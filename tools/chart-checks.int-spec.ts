import { SERVICES } from '@telltale/services';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART_FOLDER, chartToolsMissing, CUSTOM_KINDS, template } from './chart.fixture';

jest.setTimeout(240_000);
const title = 'values of the chart that cannot work';

interface Schema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

(chartToolsMissing ? describe.skip : describe)(chartToolsMissing ? `${title} (left out: ${chartToolsMissing})` : title, () => {
  const seed = 'a-seed-of-tests-which-nobody-else-may-use';
  const rest = { 'masterKey.existingSecret': 'key', 'settings.existingSecret': 'settings', 'kafka.brokers': ['kafka:9092'], 'clickhouse.url': 'http://clickhouse:8123' }; // prettier-ignore
  const without = (...names: string[]) => Object.fromEntries(Object.entries(rest).filter(([name]) => !names.includes(name)));

  it('are those alone that are refused: with what is required, it renders', () => {
    expect(template(null, rest).code).toBe(0);
  });

  it.each<[problem: string, values: object, cure: RegExp]>([
    ['no master key', without('masterKey.existingSecret'), /masterKey\.existingSecret is not set.*openssl rand -base64 32/],
    ['no settings', without('settings.existingSecret'), /settings are missing.*kubectl create secret generic telltale-settings/],
    ['no brokers', without('kafka.brokers'), /kafka\.brokers is empty.*evaluation\.enabled/],
    ['no ClickHouse', without('clickhouse.url'), /clickhouse\.url is empty.*http\(s\):\/\/host:port/],
    ['settings twice', { ...rest, 'settings.inline': { tenants: [{ name: 'a' }] } }, /settings\.existingSecret and settings\.inline are both set/],
    ['the tag latest', { ...rest, 'image.tag': 'latest' }, /image\.tag is latest.*image\.digest/],
    ['a long name', { ...rest, fullnameOverride: 'a'.repeat(41) }, /more than 40 characters.*fullnameOverride/],
    ['SASL without a Secret', { ...rest, 'kafka.sasl.mechanism': 'plain' }, /kafka\.sasl\.mechanism is set without kafka\.existingSecret/],
    ['a Secret without SASL', { ...rest, 'kafka.existingSecret': 'kafka' }, /kafka\.existingSecret is set without kafka\.sasl\.mechanism/],
    ['a CA of Kafka without TLS', { ...rest, 'kafka.tls.caSecret': 'ca' }, /kafka\.tls has a Secret.*kafka\.tls\.enabled/],
    ['a CA of ClickHouse without TLS', { ...rest, 'clickhouse.tls.caSecret': 'ca' }, /clickhouse\.url is not https/],
    ['a password in an address', { ...rest, 'clickhouse.url': 'http://me:secret@clickhouse:8123' }, /clickhouse\.url holds a user or password.*existingSecret/],
    ['a query user without an address', { ...rest, 'clickhouse.query.existingSecret': 'query' }, /without clickhouse\.query\.url/],
    ['evaluation beside brokers', { ...rest, 'evaluation.enabled': true, 'evaluation.seed': seed }, /evaluation\.enabled brings its own Kafka.*only one/],
    ['evaluation beside ClickHouse', { 'evaluation.enabled': true, 'evaluation.seed': seed, 'clickhouse.url': 'http://c:8123' }, /evaluation\.enabled brings its own ClickHouse/],
    ['evaluation beside Strimzi', { 'evaluation.enabled': true, 'evaluation.seed': seed, 'kafka.strimzi.enabled': true }, /kafka\.strimzi\.enabled names another/],
    ['evaluation without a seed where nothing can be looked up', { 'evaluation.enabled': true }, /evaluation\.seed is empty.*openssl rand -hex 32/],
    ['Strimzi beside brokers', { ...rest, 'kafka.strimzi.enabled': true }, /kafka\.brokers names another/],
    ['Strimzi with certificates of others', { ...without('kafka.brokers'), 'kafka.strimzi.enabled': true, 'kafka.tls.enabled': true }, /makes its own user and certificates/],
    ['Strimzi with too few replicas', { ...without('kafka.brokers'), 'kafka.strimzi.enabled': true, 'kafka.strimzi.replicas': 1 }, /minInsyncReplicas 2 is more than topics have replicas \(1\)/],
    ['the ClickHouse Operator beside an address', { ...rest, 'clickhouse.operator.enabled': true, 'clickhouse.existingSecret': 'c' }, /clickhouse\.url names another/],
    ['the ClickHouse Operator without a password', { ...without('clickhouse.url'), 'clickhouse.operator.enabled': true }, /needs clickhouse\.existingSecret.*openssl rand/],
    ['an even number of Keepers', { ...without('clickhouse.url'), 'clickhouse.operator.enabled': true, 'clickhouse.existingSecret': 'c', 'clickhouse.operator.keeper.replicas': 2 }, /is even.*1, 3 or 5/],
    ['more replicas than partitions', { ...rest, 'services.scorer.replicas': 25 }, /services\.scorer\.replicas 25 is more than partitions 24.*Set 24 or less/],
    ['more pods by use than partitions', { ...rest, partitions: 4, 'services.turns.autoscaling': { enabled: true, maxReplicas: 5 } }, /services\.turns\.autoscaling\.maxReplicas 5 is more than partitions 4/],
    ['more pods by lag than partitions', { ...rest, 'services.turns.keda': { enabled: true, maxReplicas: 99 } }, /services\.turns\.keda\.maxReplicas 99 is more than partitions 24/],
    ['two autoscalers', { ...rest, 'services.turns.keda': { enabled: true }, 'services.turns.autoscaling': { enabled: true } }, /both enabled.*keep one/],
    ['lag of a service without tasks', { ...rest, 'services.gateway.keda': { enabled: true } }, /gateway has no tasks.*use services\.gateway\.autoscaling/],
    ['use of CPU without a request', { ...rest, 'services.gateway.autoscaling': { enabled: true }, 'defaults.resources.requests': { cpu: null }, 'services.gateway.resources.requests': { cpu: null } }, /resources\.requests\.cpu is not set/],
    ['fewer at most than at least', { ...rest, 'services.gateway.autoscaling': { enabled: true, minReplicas: 9 } }, /minReplicas 9 is more than maxReplicas 6/],
    ['fewer at most than at least, by lag', { ...rest, 'services.turns.keda': { enabled: true, minReplicas: 9, maxReplicas: 3 } }, /keda\.minReplicas 9 is more than maxReplicas 3/],
    ['an end before the work has ended', { ...rest, 'services.turns.terminationGracePeriodSeconds': 20 }, /is not more than SHUTDOWN_DEADLINE_MS 15000.*Set it to 25 or more/],
    ['an end before a longer work has ended', { ...rest, 'env.SHUTDOWN_DEADLINE_MS': 60_000, 'services.turns.terminationGracePeriodSeconds': 60 }, /SHUTDOWN_DEADLINE_MS 60000.*Set it to 70/],
    ['no limit of memory', { ...rest, 'defaults.resources': { limits: { memory: null } } }, /services\.incidents\.resources\.limits\.memory is not set/],
    ['a variable that there is not', { ...rest, 'env.LOG_LEVLE': 'debug' }, /env sets LOG_LEVLE, which is no variable of Telltale.*extraEnv/],
    ['a variable of another service', { ...rest, 'services.costs.env': { GATEWAY_CELL: 'a' } }, /services\.costs\.env sets GATEWAY_CELL, which is no variable of services\.costs/],
    ['a variable with a value of its own', { ...rest, 'env.KAFKA_BROKERS': 'a:1' }, /env sets KAFKA_BROKERS.*set it there/],
    ['a certificate as a variable', { ...rest, 'env.KAFKA_SSL_CA_FILE': '/ca' }, /env sets KAFKA_SSL_CA_FILE.*set it there/],
    ['an account without a name', { ...rest, 'serviceAccount.create': false }, /serviceAccount\.name is empty/],
    ['an Ingress without a host', { ...rest, 'ingress.insights.enabled': true }, /ingress\.insights\.host: set the name/],
    ['HTTP and gRPC at one host', { ...rest, 'ingress.gateway': { enabled: true, host: 'a.example' }, 'ingress.grpc': { enabled: true, host: 'a.example' } }, /are the same.*otlp\.a\.example/],
    ['a route of no Gateway', { ...rest, 'routes.gateway.enabled': true }, /routes\.parentRefs: name your Gateway/],
  ])('%s', (_, values, cure) => {
    const { code, err } = template(null, values);
    expect([code, err.replaceAll('\n', ' ')]).toEqual([1, expect.stringMatching(cure)]);
  }); // prettier-ignore

  it.each<[kind: string, values: object]>([
    ['kafka.strimzi.io/v1/Kafka', { ...without('kafka.brokers'), 'kafka.strimzi.enabled': true }],
    ['clickhouse.com/v1alpha1/ClickHouseCluster', { ...without('clickhouse.url'), 'clickhouse.existingSecret': 'c', 'clickhouse.operator.enabled': true }],
    ['keda.sh/v1alpha1/ScaledObject', { ...rest, 'services.turns.keda': { enabled: true } }],
    ['monitoring.coreos.com/v1/ServiceMonitor', { ...rest, 'metrics.serviceMonitor.enabled': true }],
    ['gateway.networking.k8s.io/v1/HTTPRoute', { ...rest, 'routes.parentRefs': [{ name: 'public' }], 'routes.insights.enabled': true }],
    ['gateway.networking.k8s.io/v1/GRPCRoute', { ...rest, 'routes.parentRefs': [{ name: 'public' }], 'routes.grpc.enabled': true }],
  ])('%s on a cluster that does not have it', (kind, values) => {
    const { code, err } = template(null, values, { kinds: CUSTOM_KINDS.filter((other) => other !== kind) });
    expect([code, err]).toEqual([1, expect.stringContaining(`needs ${kind}, which this cluster does not have: install`)]);
    expect(template(null, values).code).toBe(0);
  }); // prettier-ignore

  it('are named all at once', () => {
    const { err } = template(null, {});
    expect(
      ['masterKey', 'kafka.brokers', 'clickhouse.url', 'settings are missing'].filter((name) => !err.includes(name)),
    ).toEqual([]);
  });

  it.each<[problem: string, values: object, at: string]>([
    ['a text where a number belongs', { 'services.gateway.replicas': 'abc' }, '/services/gateway/replicas'],
    ['a text where a number belongs, for all', { 'defaults.replicas': 'abc' }, '/defaults/replicas'],
    ['half a pod', { 'services.gateway.replicas': 1.5 }, '/services/gateway/replicas'],
    ['no partitions', { partitions: 0 }, '/partitions'],
    ['a key that there is not', { replicas: 3 }, "'replicas'"],
    ['a service that there is not', { 'services.gatway': {} }, "'gatway'"],
    ['a key of a service that there is not', { 'services.gateway.replica': 2 }, "'replica'"],
    ['a key deep below', { 'kafka.strimzi.storage.sise': '1Gi' }, "'sise'"],
    ['resources of no kind', { 'services.gateway.resources': { limit: {} } }, "'limit'"],
    ['a quantity that is none', { 'services.gateway.resources.limits.memory': '1 GB' }, '/memory'],
    ['a broker without a port', { 'kafka.brokers': ['kafka'] }, '/kafka/brokers/0'],
    ['brokers as text', { 'kafka.brokers': 'kafka:9092' }, '/kafka/brokers'],
    ['an address of another protocol', { 'clickhouse.url': 'tcp://clickhouse:9000' }, '/clickhouse/url'],
    ['an unknown mechanism', { 'kafka.sasl.mechanism': 'gssapi' }, '/kafka/sasl/mechanism'],
    ['a short seed', { 'evaluation.seed': 'abc' }, '/evaluation/seed'],
    ['an image of no version', { 'evaluation.kafka.image.tag': 'latest' }, '/evaluation/kafka/image/tag'],
    ['a variable in small letters', { 'env.log_level': 'debug' }, 'log_level'],
    ['a variable that is a list', { 'env.LOG_LEVEL': ['debug'] }, '/env/LOG_LEVEL'],
  ])('fail the schema: %s', (_, values, at) => {
    const { code, err } = template(null, { ...rest, ...values });
    expect([code, err]).toEqual([1, expect.stringContaining(at)]);
    expect(err).toContain('values don\'t meet the specifications of the schema');
  }); // prettier-ignore

  it('are strict at every level: what takes any key is named here', () => {
    const schema = JSON.parse(readFileSync(join(CHART_FOLDER, 'values.schema.json'), 'utf8')) as Schema;
    const free: string[] = [];
    const visit = (at: string, value: unknown): void => {
      if (value === null || typeof value !== 'object') return;
      const { type, additionalProperties } = value as Schema;
      if (type === 'object' && additionalProperties !== false) free.push(at);
      for (const [key, of] of Object.entries(value)) visit(`${at}/${key}`, of);
    };
    visit('', schema);
    // Any object (affinity, settings), lists of Kubernetes objects, labels and annotations, variables, quantities by resource.
    expect(free).toEqual(['/properties/global', '/$defs/free', '/$defs/objects/items', '/$defs/strings', '/$defs/variables', '/$defs/resources/properties/requests', '/$defs/resources/properties/limits']); // prettier-ignore
    const services = schema.properties?.['services']?.properties ?? {};
    expect(Object.keys(services).sort()).toEqual(SERVICES.filter(({ name, app }) => name === app).map(({ name }) => name).sort()); // prettier-ignore
  });
});
