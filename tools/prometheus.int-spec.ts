import { METRICS, type MetricSpec } from '@telltale/platform-telemetry';
import { SERVICES } from '@telltale/services';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { unknownMetricsIn } from './metrics-in-promql.fixture';

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'deploy', 'prometheus');
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}
const rules = (parse(textOf('rules.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const tests = parse(textOf('rules.test.yaml')) as {
  tests: { name: string; promql_expr_test: { expr: string; exp_samples: { value: number }[] }[] }[];
};
const specs: Readonly<Record<string, MetricSpec>> = METRICS;

const kept = join(homedir(), '.cache', 'telltale', 'prometheus', 'usr', 'bin', 'promtool');
const promtool = existsSync(kept) ? kept : 'promtool';
const missing = spawnSync(promtool, ['--version']).status !== 0;
const why = missing ? ' (left out: promtool is needed, of the Debian package prometheus)' : '';

describe('alerts of Prometheus', () => {
  it.each(rules)('$alert names metrics that there are, by labels that they have', ({ expr }) => {
    expect(unknownMetricsIn(expr, specs)).toEqual([]);
  });
  it.each(rules)('$alert says what is wrong, what it means, and which runbook says what to do', ({ labels, annotations }) => {
    expect(labels.severity).toMatch(/^(?:critical|warning|info)$/);
    expect(Object.keys(annotations).sort()).toEqual(['description', 'runbook_url', 'summary']);
    expect(existsSync(join(ROOT, annotations['runbook_url'] ?? ''))).toBe(true);
  });
  it.each(rules)('$alert is tested where it fires, before it does, and where all is well', ({ alert }) => {
    const values = tests.tests.filter(({ name }) => name.split(',')[0] === alert).flatMap(({ promql_expr_test: checks }) =>
      checks.filter(({ expr }) => expr.includes(`alertname="${alert}"`)).map(({ exp_samples: samples }) => samples[0]?.value)); // prettier-ignore
    expect(values.sort()).toEqual([0, 0, 1]);
  });

  (missing && process.env['CI'] !== 'true' ? it.skip : it)(`do so${why}`, () => {
    for (const args of [['check', 'rules', 'rules.yaml'], ['test', 'rules', 'rules.test.yaml'], ['check', 'config', 'prometheus.yml']]) {
      const { status, stdout, stderr } = spawnSync(promtool, args, { cwd: FOLDER, encoding: 'utf8' });
      expect({ args, status, said: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ args, status: 0, said: '' });
    }
  }); // prettier-ignore
});

it('Prometheus asks every process of a cluster', () => {
  const { scrape_configs: jobs } = parse(textOf('prometheus.yml')) as { scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[] }; // prettier-ignore
  const targets = jobs.find(({ job_name: name }) => name === 'telltale')?.static_configs.flatMap((one) => one.targets);
  expect(targets?.sort()).toEqual(SERVICES.filter(({ name, app }) => name === app).map(({ name, httpPort }) => `${name}:${httpPort}`).sort()); // prettier-ignore
});
