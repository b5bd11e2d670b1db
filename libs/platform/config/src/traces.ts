import { PermanentError } from '@telltale/kernel';
import { z } from 'zod';

/**
 * Variables of the traces that Telltale makes of its own work; those of OpenTelemetry have its names. They are no switch: programs around
 * Telltale have them to send their traces to it, and it would send its own to itself. So they are checked only where traces are on.
 */
export const tracesConfig = z.object({
  TELLTALE_TRACES: z
    .enum(['off', 'otlp'])
    .default('off')
    .describe('otlp: traces of own work (batches, requests) go to OTEL_EXPORTER_OTLP_ENDPOINT (docs/OPERATIONS.md)'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .optional()
    .describe('http(s)://host:4318 of an OTLP/HTTP receiver for TELLTALE_TRACES=otlp; /v1/traces is added'),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .optional()
    .describe('Headers for that receiver, values percent-encoded: name=value,name=value'),
  OTEL_SERVICE_NAME: z
    .string()
    .optional()
    .describe('service.name of own traces; absent: telltale-<service>, or telltale where one process runs several'),
  TELLTALE_TRACES_RATIO: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('Share of own traces that are kept; those with an error or a retry are always kept'),
  TELLTALE_TRACES_MAX_QUEUED_SPANS: z.coerce
    .number()
    .int()
    .min(100)
    .max(1_000_000)
    .default(4_096)
    .describe('Spans that wait for their export at most; traces beyond it are dropped and counted'),
});
type TracesConfig = z.infer<typeof tracesConfig>;

export interface OtlpTarget {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function headersOf(text: string): Record<string, string> {
  const wrong = (): never => {
    throw new PermanentError(
      'config',
      'OTEL_EXPORTER_OTLP_HEADERS is not a list of headers; give name=value,name=value with percent-encoded values',
    );
  };
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      if (at < 0 || !HEADER_NAME.test(name)) wrong();
      try {
        const value = decodeURIComponent(pair.slice(at + 1).trim());
        return [name, /[\r\n\0]/.test(value) ? wrong() : value];
      } catch {
        return wrong();
      }
    }),
  );
}

/** Where own traces go; null: they are off. Throws PermanentError('config'). */
export function otlpTargetOf(config: TracesConfig): OtlpTarget | null {
  if (config.TELLTALE_TRACES === 'off') return null;
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined)
    throw new PermanentError(
      'config',
      'OTEL_EXPORTER_OTLP_ENDPOINT is not set: TELLTALE_TRACES=otlp needs the address of an OTLP/HTTP receiver, http(s)://host:4318',
    );
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new PermanentError('config', 'OTEL_EXPORTER_OTLP_ENDPOINT is not an address; give http(s)://host:4318');
  return { endpoint, headers: headersOf(config.OTEL_EXPORTER_OTLP_HEADERS ?? '') };
}
