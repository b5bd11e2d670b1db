/** Numbers, names and ids; never content. Names are OpenTelemetry's where it has one. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A piece of work that is over. Times are ms since the epoch. */
export interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly attributes?: SpanAttributes;
  readonly parts?: readonly Span[];
  /** Where it failed: the class or code of the error, never its message. */
  readonly error?: string;
}

/** A span of somebody else. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** A whole piece of Telltale's own work, with its parts. It is recorded once it is over, so that how it ended decides whether it is kept. */
export interface Trace extends Span {
  /** The service that did it, e.g. `enricher`. */
  readonly service: string;
  readonly kind: 'server' | 'consumer';
  readonly links?: readonly SpanLink[];
  /** It is kept whatever the ratio of sampling; so is one with an error. */
  readonly isUnusual?: boolean;
  /** Whether any of it was for somebody else than this tenant. Costs something; may be asked only while the trace is recorded. */
  servesOthersThan(tenant: string): boolean;
}

/** Takes traces of Telltale's own work. It neither waits nor throws: what cannot be kept is dropped and counted. */
export interface Tracer {
  record(trace: Trace): void;
}
