import { type LogRecord, type OutputRecord } from './broker';

/** Header of a record that carries proof of its writer. */
export const PROOF_HEADER = 'tt-mac';

/** A record whose place is known before it is written. */
export type PlacedRecord = OutputRecord & { readonly partition: number };

/** Proves that a process which holds the master key wrote a record: topic, partition, key and value as they are. */
export interface RecordSigner {
  /** The record with its proof; the same for the same record. */
  sign(record: PlacedRecord): PlacedRecord;
  isSigned(record: LogRecord): boolean;
}
