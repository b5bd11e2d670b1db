import { PermanentError } from '@telltale/kernel';
import { type FieldName, jsonName, type MessageName, numberOf } from './messages';
import { type MessageShape, SHAPES } from './shapes';

interface TimeName {
  readonly wire: string;
  readonly json: string;
}

/** One level of a request: a message, and which of its fields describes all the messages nested in it, and these. */
export interface Level {
  readonly shape: MessageShape;
  /** Field number; -1: there is none. */
  readonly head: number;
  /** Field number. */
  readonly nested: number;
  /** What OTLP/JSON calls the nested. */
  readonly json: string;
}

/** A request > its resources > their scopes > their items. */
export interface Signal {
  readonly name: 'traces' | 'logs';
  readonly items: string;
  readonly path: string;
  readonly levels: { readonly request: Level; readonly resource: Level; readonly scope: Level };
  readonly item: MessageShape;
  /** Field numbers in the item. */
  readonly ids: { readonly trace: number; readonly span: number; readonly parent: number };
  readonly start: number;
  /** Asked where there is no start; -1: nothing is. */
  readonly observed: number;
  /** Names of the two. */
  readonly times: readonly [start: TimeName, observed: TimeName];
  /** Whether ids and a start time must be there. */
  readonly strict: boolean;
}

const level = <M extends MessageName>(message: M, head: FieldName<M> | null, nested: FieldName<M>): Level => ({
  shape: SHAPES[message],
  head: head === null ? -1 : numberOf(message, head),
  nested: numberOf(message, nested),
  json: jsonName(nested),
});
const timeName = <M extends MessageName>(_message: M, field: FieldName<M>): TimeName => ({ wire: field, json: jsonName(field) });
const OBSERVED = timeName('LogRecord', 'observed_time_unix_nano');

export const TRACES: Signal = {
  name: 'traces',
  items: 'spans',
  path: '/v1/traces',
  levels: {
    request: level('TracesData', null, 'resource_spans'),
    resource: level('ResourceSpans', 'resource', 'scope_spans'),
    scope: level('ScopeSpans', 'scope', 'spans'),
  },
  item: SHAPES.Span,
  ids: {
    trace: numberOf('Span', 'trace_id'),
    span: numberOf('Span', 'span_id'),
    parent: numberOf('Span', 'parent_span_id'),
  },
  start: numberOf('Span', 'start_time_unix_nano'),
  observed: -1,
  times: [timeName('Span', 'start_time_unix_nano'), OBSERVED],
  strict: true,
};
export const LOGS: Signal = {
  name: 'logs',
  items: 'log records',
  path: '/v1/logs',
  levels: {
    request: level('LogsData', null, 'resource_logs'),
    resource: level('ResourceLogs', 'resource', 'scope_logs'),
    scope: level('ScopeLogs', 'scope', 'log_records'),
  },
  item: SHAPES.LogRecord,
  ids: { trace: numberOf('LogRecord', 'trace_id'), span: numberOf('LogRecord', 'span_id'), parent: -1 },
  start: numberOf('LogRecord', 'time_unix_nano'),
  observed: numberOf('LogRecord', 'observed_time_unix_nano'),
  times: [timeName('LogRecord', 'time_unix_nano'), OBSERVED],
  strict: false,
};
export const otherSignal = (signal: Signal): Signal => (signal === TRACES ? LOGS : TRACES);

export const wrongFormat = (signal: Signal): PermanentError => {
  const other = otherSignal(signal);
  return new PermanentError(
    'invalid',
    `wrong format: the body holds ${other.items}, not ${signal.items}; send it to ${other.path}`,
  );
};
export const withoutIds = (signal: Signal): PermanentError =>
  new PermanentError(
    'invalid',
    `wrong format: none of the ${signal.items} has a trace_id or span_id; set them, or send log records to ${otherSignal(signal).path}`,
  );

interface Rule {
  readonly field: FieldName<'Span'>;
  readonly message: string;
}
export const TRACE_ID_RULE: Rule = { field: 'trace_id', message: 'must be 16 bytes (32 hex digits), not all zero' };
export const SPAN_ID_RULE: Rule = { field: 'span_id', message: 'must be 8 bytes (16 hex digits), not all zero' };
export const PARENT_ID_RULE: Rule = {
  field: 'parent_span_id',
  message: 'must be 8 bytes (16 hex digits), or left out for a root',
};
export const START_RULE: Rule = { field: 'start_time_unix_nano', message: 'is missing; set it to nanoseconds since 1970' };
export const TEXT_RULE = 'is not UTF-8; send bytes as bytes_value';
