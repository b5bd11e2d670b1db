export { encodeExportResponse, encodeStatus, type OtlpEncoding, type OtlpSignalName } from './responses';
export * from './codec';
export { bareDecodeTraces } from './definition';
export { encodeLogs, encodeTraces } from './encode';
export { type OtlpPart, type OtlpScan, type OtlpSplit, type ScanOptions } from './scan';
