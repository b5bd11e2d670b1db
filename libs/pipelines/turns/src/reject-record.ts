import { type Failure, type LogRecord, reject, type Rejection } from '@telltale/streaming';

/** The first field of events and turns; what cannot be read may still name it. */
const TENANT = /^\{"tenant":"([^"]*)"/;

/** What goes to the DLQ of an event or a turn that failed. */
export const rejectRecord = (record: LogRecord, { reason, step, error }: Failure): Rejection =>
  reject(record, reason, step, error, TENANT.exec(String(record.value))?.[1]);
