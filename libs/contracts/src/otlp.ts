/** OTLP as the house sees it: plain structures, whatever encoding they came in. */

/** JSON-able: a 64-bit integer beyond 2^53 and a number that is not finite are strings, bytes are base64. */
export type OtlpValue = string | number | boolean | null | OtlpValue[] | { [key: string]: OtlpValue };
export type OtlpAttributes = Record<string, OtlpValue>;

export interface OtlpScope {
  name: string;
  version: string;
  attributes: OtlpAttributes;
}

export interface OtlpSpanEvent {
  name: string;
  timeMs: number;
  attributes: OtlpAttributes;
}

export interface OtlpLink {
  traceId: string;
  spanId: string;
  attributes: OtlpAttributes;
}

export interface OtlpSpan {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 lower-case hex digits. */
  spanId: string;
  /** 16 lower-case hex digits, or '' for a root. */
  parentSpanId: string;
  traceState: string;
  name: string;
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** Milliseconds since the epoch, with their fraction. */
  startMs: number;
  /** 0 when the span says nothing about its end. */
  endMs: number;
  attributes: OtlpAttributes;
  events: OtlpSpanEvent[];
  links: OtlpLink[];
  /** Code: 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string };
}

export interface OtlpLogRecord {
  /** When it happened; 0 when unknown. */
  timeMs: number;
  /** When the collection saw it; 0 when unknown. */
  observedMs: number;
  /** 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal, 0 unknown. */
  severityNumber: number;
  severityText: string;
  body: OtlpValue;
  attributes: OtlpAttributes;
  /** Hex, or ''. */
  traceId: string;
  spanId: string;
  eventName: string;
}

export interface OtlpGroup<Item> {
  /** Attributes of the resource. */
  resource: OtlpAttributes;
  scope: OtlpScope;
  /** `index` counts over the whole body, so that a problem can be reported to the sender. */
  items: { index: number; item: Item }[];
}

/** What is wrong with one item; never holds content. */
export interface OtlpProblem {
  readonly index: number;
  readonly field: string;
  /** Says what is wrong and what to do. */
  readonly message: string;
}

/** A decoded body: the items that can be taken, by resource and scope in the order sent, and those that cannot. */
export interface OtlpBody<Item> {
  groups: OtlpGroup<Item>[];
  problems: OtlpProblem[];
}
export type OtlpTraces = OtlpBody<OtlpSpan>;
export type OtlpLogs = OtlpBody<OtlpLogRecord>;
