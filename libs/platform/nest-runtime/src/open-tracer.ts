import { type Clock } from '@telltale/kernel';
import { type CommonConfig, otlpTargetOf } from '@telltale/platform-config';
import { type Logger, type Metrics, type Tracer } from '@telltale/streaming';
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';

export interface OwnTracer extends Tracer {
  close(): Promise<void>;
}

const RANDOM_STEPS = 2 ** 32;
const random = (): number => randomInt(RANDOM_STEPS) / RANDOM_STEPS;

/** What takes traces of own work; null where they are off, and then nothing of OpenTelemetry is loaded. */
export async function openTracer(
  config: CommonConfig,
  services: readonly string[],
  instruments: { readonly clock: Clock; readonly metrics: Metrics; readonly logger: Logger },
): Promise<OwnTracer | null> {
  const target = otlpTargetOf(config);
  if (!target) return null;
  const { createOtlpTracer } = await import('@telltale/adapter-otel');
  return createOtlpTracer({
    ...target,
    ...instruments,
    serviceName: config.OTEL_SERVICE_NAME ?? (services.length === 1 ? `telltale-${services[0]}` : 'telltale'),
    instance: `${hostname()}:${process.pid}`,
    ratio: config.TELLTALE_TRACES_RATIO,
    maxQueuedSpans: config.TELLTALE_TRACES_MAX_QUEUED_SPANS,
    random,
  });
}
