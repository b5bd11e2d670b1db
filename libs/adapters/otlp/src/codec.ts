import { type OtlpLogRecord, type OtlpLogs, type OtlpSpan, type OtlpTraces } from '@telltale/contracts';
import { readLogRecordJson, readSpanJson } from './json';
import { readBody, readLogRecord, readSpan } from './read';
import { type OtlpScan, scan, type ScanOptions } from './scan';
import { decodeInSteps, decodeJson, type ItemReader } from './scan-json';
import { LOGS, type Signal, TRACES } from './signals';

const SPANS: ItemReader<OtlpSpan> = { read: readSpanJson, times: ({ startMs }) => [startMs, 0] };
const LOG_RECORDS: ItemReader<OtlpLogRecord> = {
  read: readLogRecordJson,
  times: ({ timeMs, observedMs }) => [timeMs, observedMs],
};

// All of these throw PermanentError: 'undecodable' for what is not OTLP, 'invalid' for what is, but wrongly built or of another signal.

export const scanTraces = (bytes: Uint8Array, options?: ScanOptions): OtlpScan => scan(TRACES, bytes, options);
export const scanLogs = (bytes: Uint8Array, options?: ScanOptions): OtlpScan => scan(LOGS, bytes, options);
export const scanTracesJson = (text: string): OtlpScan => decodeJson(TRACES, text, SPANS).scan;
export const scanLogsJson = (text: string): OtlpScan => decodeJson(LOGS, text, LOG_RECORDS).scan;

/** A scan of OTLP/JSON that waits for `rest` now and then, so that a long one does not hold up others. */
export type SlicedScan = (text: string, options: ScanOptions, rest: () => Promise<unknown>) => Promise<OtlpScan>;
const inSlices =
  <Item extends { readonly traceId: string }>(signal: Signal, reader: ItemReader<Item>): SlicedScan =>
  async (text, options, rest) => {
    const steps = decodeInSteps(signal, text, reader, options);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value.scan;
      await rest();
    }
  };
export const scanTracesJsonInSlices = inSlices(TRACES, SPANS);
export const scanLogsJsonInSlices = inSlices(LOGS, LOG_RECORDS);

export const decodeTraces = (bytes: Uint8Array): OtlpTraces => readBody(TRACES, bytes, scanTraces(bytes), readSpan);
export const decodeLogs = (bytes: Uint8Array): OtlpLogs => readBody(LOGS, bytes, scanLogs(bytes), readLogRecord);
export const decodeTracesJson = (text: string): OtlpTraces => decodeJson(TRACES, text, SPANS).body;
export const decodeLogsJson = (text: string): OtlpLogs => decodeJson(LOGS, text, LOG_RECORDS).body;
