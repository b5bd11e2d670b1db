// Writes tools/chart-schemas/*.json, JSON Schemas of the kinds that the chart makes, from the sources that its README names:
//   node tools/chart-schemas.mjs      (needs Go, and the network once)
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const OUT = join(import.meta.dirname, 'chart-schemas');
const MODULES = {
  kubernetes: 'k8s.io/kubernetes@v1.34.2',
  keda: 'github.com/kedacore/keda/v2@v2.18.1',
  prometheus: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
  gateway: 'sigs.k8s.io/gateway-api@v1.4.0',
};
/** In the OpenAPI document of Kubernetes. */
const KINDS = [
  'apps.v1.Deployment',
  'apps.v1.StatefulSet',
  'autoscaling.v2.HorizontalPodAutoscaler',
  'batch.v1.Job',
  'core.v1.ConfigMap',
  'core.v1.Pod',
  'core.v1.Secret',
  'core.v1.Service',
  'core.v1.ServiceAccount',
  'networking.v1.Ingress',
  'networking.v1.NetworkPolicy',
  'policy.v1.PodDisruptionBudget',
];
const DEFINITIONS = [
  ['keda', 'config/crd/bases/keda.sh_scaledobjects.yaml'],
  ['keda', 'config/crd/bases/keda.sh_triggerauthentications.yaml'],
  ['prometheus', 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml'],
  ['prometheus', 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml'],
  ['gateway', 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
  ['gateway', 'config/crd/standard/gateway.networking.k8s.io_grpcroutes.yaml'],
];

const folderOf = (name) => JSON.parse(execFileSync('go', ['mod', 'download', '-json', MODULES[name]], { encoding: 'utf8' })).Dir;

/** Without what says nothing about validity, and strict: what is not named is not allowed. */
function reduced(schema) {
  if (Array.isArray(schema)) return schema.map(reduced);
  if (schema === null || typeof schema !== 'object') return schema;
  const { description, example, default: _default, format, ...rest } = schema;
  const kept = Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-'));
  const out = Object.fromEntries(
    kept.map(([key, value]) =>
      key === 'properties'
        ? [key, Object.fromEntries(Object.entries(value).map(([name, of]) => [name, reduced(of)]))]
        : [key, reduced(value)],
    ),
  );
  if (format === 'int-or-string' || schema['x-kubernetes-int-or-string']) return { ...out, type: ['integer', 'string'] };
  if (out.properties && !out.additionalProperties && !schema['x-kubernetes-preserve-unknown-fields'])
    out.additionalProperties = false;
  return out;
}

/** Definitions that a schema refers to, directly or not. */
function reachable(schema, all, found = {}) {
  for (const [, name] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (found[name]) continue;
    found[name] = reduced(all[name]);
    reachable(found[name], all, found);
  }
  return found;
}

const write = (name, value) => writeFileSync(join(OUT, `${name}.json`), `${JSON.stringify(value)}\n`);

const { definitions } = JSON.parse(readFileSync(join(folderOf('kubernetes'), 'api/openapi-spec/swagger.json'), 'utf8'));
// These two are plain values, whatever else the document says of them.
definitions['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number'] };
definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString'] = { type: ['integer', 'string'] };
const roots = Object.fromEntries(
  KINDS.map((kind) => {
    const [group, version, name] = kind.split('.');
    return [`${name}-${group === 'core' ? '' : `${group}-`}${version}`.toLowerCase(), `io.k8s.api.${kind}`];
  }),
);
write('kubernetes', {
  kinds: roots,
  definitions: reachable(Object.values(roots).map((name) => ({ $ref: `#/definitions/${name}` })), definitions), // prettier-ignore
});
const metadata = { type: 'object' };
const custom = DEFINITIONS.flatMap(([module, path]) => {
  const { spec } = parse(readFileSync(join(folderOf(module), path), 'utf8'));
  return spec.versions
    .filter(({ storage }) => storage)
    .map(({ name, schema }) => {
      const { status, ...properties } = reduced(schema.openAPIV3Schema).properties;
      return [`${spec.names.kind}-${spec.group.split('.')[0]}-${name}`.toLowerCase(), { type: 'object', additionalProperties: false, required: ['spec'], properties: { ...properties, metadata } }]; // prettier-ignore
    });
});
write('custom', Object.fromEntries(custom));
