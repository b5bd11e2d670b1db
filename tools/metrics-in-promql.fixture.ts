import { type MetricSpec } from '@telltale/platform-telemetry';

/** What Prometheus adds to every series, and what it makes of a histogram. */
const ADDED = ['job', 'instance', 'le'];
const SUFFIX = /_(?:bucket|count|sum)$/;
/** Of Node's own metrics and of Prometheus. */
const OTHERS = /^(?:process_|nodejs_|up$)/;

/** Metrics and labels in an expression of PromQL that the catalogue does not have. */
export function unknownMetricsIn(expression: string, catalogue: Readonly<Record<string, MetricSpec>>): string[] {
  const problems: string[] = [];
  for (const [, name = '', , selector = ''] of expression.matchAll(
    /\b(telltale_\w+|process_\w+|nodejs_\w+|up)\b(\{([^}]*)\})?/g,
  )) {
    if (OTHERS.test(name)) continue;
    const spec = catalogue[name] ?? (SUFFIX.test(name) && catalogue[name.replace(SUFFIX, '')]);
    if (!spec) {
      problems.push(name);
      continue;
    }
    const labels = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
    problems.push(...labels.filter((label) => !spec.labels.includes(label) && !ADDED.includes(label)).map((label) => `${name}{${label}}`)); // prettier-ignore
  }
  return problems;
}
