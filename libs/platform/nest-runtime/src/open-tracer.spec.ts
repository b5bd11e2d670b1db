import { commonConfig, loadConfig } from '@telltale/platform-config';
import { systemClock } from '@telltale/platform-telemetry';
import { noMetrics, silentLogger } from '@telltale/testkit';
import { openTracer } from './open-tracer';

const loaded = jest.fn();
jest.mock('@telltale/adapter-otel', () => {
  loaded();
  return { createOtlpTracer: (options: object) => ({ options }) };
});
const open = (env: Record<string, string>, ...services: string[]) =>
  openTracer(loadConfig(commonConfig, env), services, { clock: systemClock, metrics: noMetrics, logger: silentLogger });

describe('the tracer of a process', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

  it('is not there by default, and nothing of OpenTelemetry is loaded then', async () => {
    expect(await open(endpoint, 'gateway')).toBeNull();
    expect(loaded).not.toHaveBeenCalled();
  });

  it.each([
    ['telltale-gateway', {}, ['gateway']],
    ['telltale', {}, ['gateway', 'enricher']],
    ['prod', { OTEL_SERVICE_NAME: 'prod' }, ['gateway']],
  ])('is named %s with %j and the services %j', async (serviceName, env, services) => {
    const tracer = await open({ TELLTALE_TRACES: 'otlp', ...endpoint, ...env, TELLTALE_TRACES_RATIO: '0.25' }, ...services);
    expect(tracer).toMatchObject({ options: { serviceName, endpoint: 'http://collector:4318', headers: {}, ratio: 0.25, maxQueuedSpans: 4_096 } }); // prettier-ignore
  });
});
