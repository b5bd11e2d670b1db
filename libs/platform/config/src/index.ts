export * from './client';
export * from './common';
export * from './config';
export * from './problem';
export { listenFailure } from './listen-failure';
export * from './compose';
export { otlpTargetOf } from './traces';
export { type ReportTarget, reportTargetOf } from './watch-itself';
