import { PermanentError } from '@telltale/kernel';
import { LOG_RECORD, type MessageShape, SPAN } from './wire';

interface TimeName {
  readonly wire: string;
  readonly json: string;
}
const OBSERVED = { wire: 'observed_time_unix_nano', json: 'observedTimeUnixNano' };

/** The two signals share one frame: request > resource > scope > item, with the same field numbers. */
export interface Signal {
  readonly name: 'traces' | 'logs';
  readonly items: string;
  readonly path: string;
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
  readonly json: { readonly resources: string; readonly scopes: string; readonly items: string };
}

export const TRACES: Signal = {
  name: 'traces',
  items: 'spans',
  path: '/v1/traces',
  item: SPAN,
  ids: { trace: 1, span: 2, parent: 4 },
  start: 7,
  observed: -1,
  times: [{ wire: 'start_time_unix_nano', json: 'startTimeUnixNano' }, OBSERVED],
  strict: true,
  json: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
};
export const LOGS: Signal = {
  name: 'logs',
  items: 'log records',
  path: '/v1/logs',
  item: LOG_RECORD,
  ids: { trace: 9, span: 10, parent: -1 },
  start: 1,
  observed: 11,
  times: [{ wire: 'time_unix_nano', json: 'timeUnixNano' }, OBSERVED],
  strict: false,
  json: { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
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

export const TRACE_ID_RULE = { field: 'trace_id', message: 'must be 16 bytes (32 hex digits), not all zero' };
export const SPAN_ID_RULE = { field: 'span_id', message: 'must be 8 bytes (16 hex digits), not all zero' };
export const PARENT_ID_RULE = { field: 'parent_span_id', message: 'must be 8 bytes (16 hex digits), or left out for a root' };
export const START_RULE = { field: 'start_time_unix_nano', message: 'is missing; set it to nanoseconds since 1970' };
export const TEXT_RULE = 'is not UTF-8; send bytes as bytes_value';
