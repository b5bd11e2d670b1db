import {
  type Attributes,
  type Context,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace as spans,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
// Types alone: this lib is loaded only where traces are on, and what it imports of ours would be loaded late with it (tools/build.mjs).
import { type Clock } from '@telltale/kernel';
import { type Logger, type Metrics, type Span, type SpanAttributes, type Trace, type Tracer } from '@telltale/streaming';
import { createSpanQueue } from './span-queue';

interface TracerOptions {
  readonly serviceName: string;
  readonly instance: string;
  /** Share of traces that are kept, 0 to 1; those with an error or anything unusual are always kept. */
  readonly ratio: number;
  readonly maxQueuedSpans: number;
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}
export interface OtlpTracerOptions extends TracerOptions {
  /** Base address of an OTLP/HTTP receiver; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface OtlpTracer extends Tracer {
  /** Sends what is left, for a limited time. */
  close(): Promise<void>;
}

const EXPORT_TIMEOUT_MS = 10_000;
const KINDS = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER } as const;

/** As a pair, since the SDK takes small numbers for times since the start of the process. */
const timeOf = (ms: number): HrTime => {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
};
const attributesOf = (attributes: SpanAttributes = {}): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]));
const sizeOf = ({ parts = [] }: Span): number => parts.reduce((sum, part) => sum + sizeOf(part), 1);

/** Exports traces of Telltale's own work, sampled by how they ended. */
export function createTracer(exporter: SpanExporter, options: TracerOptions): OtlpTracer {
  const { serviceName, instance, ratio, maxQueuedSpans, random } = options;
  const queue = createSpanQueue({ ...options, exporter, maxSpans: maxQueuedSpans });
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName, 'service.instance.id': instance })),
    // What comes here has been sampled.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [queue],
  });
  const tracer = provider.getTracer('telltale');

  function write(span: Span, parent: Context, trace?: Trace): void {
    const links = (trace?.links ?? []).map((link) => ({ context: { ...link, traceFlags: TraceFlags.NONE, isRemote: true } }));
    const attributes = { ...attributesOf(span.attributes), ...(trace && { 'telltale.service': trace.service }) };
    const kind = trace ? KINDS[trace.kind] : SpanKind.INTERNAL;
    const written = tracer.startSpan(span.name, { startTime: timeOf(span.from), kind, attributes, links }, parent);
    if (span.error !== undefined) {
      written.setAttribute('error.type', span.error);
      written.setStatus({ code: SpanStatusCode.ERROR });
    }
    const own = spans.setSpan(parent, written);
    for (const part of span.parts ?? []) write(part, own);
    written.end(timeOf(span.to));
  }

  return {
    record(trace) {
      const isKept = trace.isUnusual === true || trace.error !== undefined || random() < ratio;
      if (!isKept) return;
      const size = sizeOf(trace);
      if (!queue.admits(size)) return;
      try {
        write(trace, ROOT_CONTEXT, trace);
      } catch {
        // A fault of the SDK must not end a batch.
        queue.drop('failed', size);
      }
    },
    close: () => provider.shutdown(),
  };
}

/** Exports by OTLP/HTTP, as protobuf. */
export const createOtlpTracer = ({ endpoint, headers, ...options }: OtlpTracerOptions): OtlpTracer =>
  createTracer(
    new OTLPTraceExporter({
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      headers: { ...headers },
      timeoutMillis: EXPORT_TIMEOUT_MS,
    }),
    options,
  );
