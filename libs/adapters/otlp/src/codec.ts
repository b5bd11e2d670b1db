import { type OtlpLogs, type OtlpTraces } from '@telltale/contracts';
import { readLogRecordJson, readSpanJson } from './json';
import { readBody, readLogRecord, readSpan } from './read';
import { type OtlpScan, type OtlpSplit, scan } from './scan';
import { decodeJson } from './scan-json';
import { LOGS, TRACES } from './signals';

// All of these throw PermanentError: 'undecodable' for what is not OTLP, 'invalid' for what is, but wrongly built or of another signal.

export const scanTraces = (bytes: Uint8Array): OtlpScan => scan(TRACES, bytes);
export const scanLogs = (bytes: Uint8Array): OtlpScan => scan(LOGS, bytes);
export const scanTracesJson = (text: string): OtlpScan => decodeJson(TRACES, text, readSpanJson).scan;
export const scanLogsJson = (text: string): OtlpScan => decodeJson(LOGS, text, readLogRecordJson).scan;

export const decodeTraces = (bytes: Uint8Array): OtlpTraces => readBody(bytes, scanTraces(bytes), readSpan);
export const decodeLogs = (bytes: Uint8Array): OtlpLogs => readBody(bytes, scanLogs(bytes), readLogRecord);
export const decodeTracesJson = (text: string): OtlpTraces => decodeJson(TRACES, text, readSpanJson).body;
export const decodeLogsJson = (text: string): OtlpLogs => decodeJson(LOGS, text, readLogRecordJson).body;

/** Bodies of at most `maxBytes` each, cut between items, each with its resource and scope. Items that cannot be taken are left out. */
export const splitTraces = (bytes: Uint8Array, maxBytes: number): OtlpSplit => scanTraces(bytes).split(maxBytes);
export const splitLogs = (bytes: Uint8Array, maxBytes: number): OtlpSplit => scanLogs(bytes).split(maxBytes);
