import { type LogRecord, type OutputRecord } from './broker';

/** Header that carries the signature of a record's writer. */
export const PROOF_HEADER = 'tt-mac';

/** A record with an explicit partition. */
export type PlacedRecord = OutputRecord & { readonly partition: number };

/** Signs records with the master key. The signature covers topic, partition, key and value. */
export interface RecordSigner {
  /** Returns the record with its signature; deterministic. */
  sign(record: PlacedRecord): PlacedRecord;
  isSigned(record: LogRecord): boolean;
}
