import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CHART } from './chart-files';

export const ROOT = join(__dirname, '..');
export const CHART_FOLDER = join(ROOT, CHART);
/** Where .ci/run puts what it builds with Go. */
export const GO_TOOLS = join(homedir(), '.cache', 'telltale', 'go-tools');
export const KUBERNETES_VERSION = '1.34.2';

const toolAt = (name: string): string | null =>
  [...(process.env['PATH'] ?? '').split(':'), GO_TOOLS].map((folder) => join(folder, name)).find((path) => existsSync(path)) ??
  null;

const HELM = toolAt('helm');
const KUBECONFORM = toolAt('kubeconform');

/** Why the chart cannot be tested here; null where it can, and in CI, where it has to. */
export const chartToolsMissing: string | null =
  process.env['CI'] === 'true' || (HELM && KUBECONFORM)
    ? null
    : `no ${HELM ? 'kubeconform: go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0' : 'helm: go install helm.sh/helm/v3/cmd/helm@v3.18.6'}`;

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** Kinds of others that value files need; a cluster without them is tested for its refusal. */
export const CUSTOM_KINDS = [
  'kafka.strimzi.io/v1/Kafka',
  'clickhouse.com/v1alpha1/ClickHouseCluster',
  'keda.sh/v1alpha1/ScaledObject',
  'monitoring.coreos.com/v1/ServiceMonitor',
  'monitoring.coreos.com/v1/PrometheusRule',
  'gateway.networking.k8s.io/v1/HTTPRoute',
  'gateway.networking.k8s.io/v1/GRPCRoute',
];

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(program: string | null, name: string, args: readonly string[], input?: string, env?: NodeJS.ProcessEnv): Answer {
  if (program === null) throw new Error(`${name} is not installed: .ci/run builds it into ${GO_TOOLS}`);
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...(input !== undefined && { input }), ...(env && { env: { ...process.env, ...env } }) }); // prettier-ignore
  if (error) throw error;
  return { code: status, out: stdout, err: stderr };
}

export const helm = (args: readonly string[], env?: NodeJS.ProcessEnv): Answer => run(HELM, 'helm', args, undefined, env);
export const kubeconform = (args: readonly string[], input: string): Answer => run(KUBECONFORM, 'kubeconform', args, input);

/** Value files of the chart by name, such as `minimal`. */
export const VALUE_FILES: readonly string[] = readdirSync(join(CHART_FOLDER, 'ci'))
  .map((file) => file.replace(/-values\.yaml$/, ''))
  .sort();
export const valueFile = (name: string): string => join(CHART_FOLDER, 'ci', `${name}-values.yaml`);

interface Rendering {
  readonly kinds?: readonly string[];
  readonly chart?: string;
  readonly files?: readonly string[];
}

/** `helm template` of a value file, with `values` (JSON) over it. */
export function template(name: string | null, values: object = {}, { kinds = CUSTOM_KINDS, chart = CHART_FOLDER, files = [] }: Rendering = {}): Answer {
  return helm([
    ...['template', 'tt', chart, '--namespace', 'telltale', '--kube-version', KUBERNETES_VERSION],
    ...kinds.flatMap((kind) => ['--api-versions', kind]),
    ...(name === null ? [] : ['--values', valueFile(name)]),
    ...files.flatMap((file) => ['--values', file]),
    ...Object.entries(values).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]),
  ]);
} // prettier-ignore

/** What a value file renders to; throws where it does not. */
export function render(name: string | null, values: object = {}, rendering: Rendering = {}): KubeObject[] {
  const { code, out, err } = template(name, values, rendering);
  if (code !== 0) throw new Error(err);
  return parseAllDocuments(out).flatMap((document) => (document.toJSON() as KubeObject | null) ?? []);
}

export const ofKind = (objects: readonly KubeObject[], kind: string): KubeObject[] => objects.filter((one) => one.kind === kind);
export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`;

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

/** Every pod that an object makes, with its labels. */
export function podOf(object: KubeObject): { readonly spec: PodSpec; readonly labels: Readonly<Record<string, string>> } | null {
  if (object.kind === 'Pod') return { spec: object.spec as unknown as PodSpec, labels: object.metadata.labels ?? {} };
  const template = object.spec?.['template'] as { metadata: { labels: Record<string, string> }; spec: PodSpec } | undefined;
  return template?.spec?.containers ? { spec: template.spec, labels: template.metadata.labels } : null;
}

export const podsOf = (objects: readonly KubeObject[]) =>
  objects.flatMap((object) => {
    const pod = podOf(object);
    return pod ? [{ of: nameOf(object), ...pod }] : [];
  });

export const containersOf = ({ spec }: { readonly spec: PodSpec }): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

/** A file of schemas for each kind, as kubeconform looks for them. */
export function writeSchemas(folder: string): void {
  const read = (name: string) => JSON.parse(readFileSync(join(ROOT, 'tools', 'chart-schemas', `${name}.json`), 'utf8')) as object;
  const { kinds, definitions } = read('kubernetes') as { kinds: Record<string, string>; definitions: object };
  mkdirSync(folder, { recursive: true });
  const write = (kind: string, schema: object) => writeFileSync(join(folder, `${kind}.json`), JSON.stringify(schema));
  for (const [kind, name] of Object.entries(kinds)) write(kind, { $ref: `#/definitions/${name}`, definitions });
  for (const [kind, schema] of Object.entries(read('custom') as Record<string, object>)) write(kind, schema);
}
