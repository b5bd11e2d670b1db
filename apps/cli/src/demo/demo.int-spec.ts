import { runAlone } from '../test-cli.fixture';
import { type DemoSummary } from './run-demo';

/** The whole road in one process: what the first command of the README shows must be there. */
it('demo finds what was planted, raises a directive and lets it expire', async () => {
  const { code, out, err } = await runAlone({}, 'demo', '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  const summary = JSON.parse(out) as DemoSummary;
  expect(summary.sessions).toBeGreaterThan(1_000);
  expect(summary.events).toBeGreaterThan(20_000);
  const isOf =
    (tool: string) =>
    (a: DemoSummary['anomalies'][number]): boolean =>
      a.dimensions['name'] === tool && a.dimensions['service_name'] === 'support-bot';
  expect(summary.anomalies.filter(isOf('lookup_customer')).some(({ backfill }) => backfill)).toBe(true);
  expect(
    summary.anomalies.some((a) => a.backfill && a.metric.startsWith('llm.') && a.dimensions['service_name'] === 'shop-assistant'),
  ).toBe(true);
  expect(summary.anomalies.filter(isOf('search_orders')).some(({ backfill }) => !backfill)).toBe(true);
  expect(summary.incidents.length).toBeGreaterThan(0);
  expect(summary.directives_raised).toBeGreaterThan(0);
  expect(summary.directives_expired).toBeGreaterThan(0);
  expect(summary.spend_usd).toBeGreaterThan(0);
  expect(summary.dlq).toBeGreaterThan(0);
}, 240_000);
