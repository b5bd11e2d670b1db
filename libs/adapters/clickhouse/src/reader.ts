import { type RowStore } from '@telltale/streaming';

/** The read side of a row store. */
export interface Reader {
  readonly lines: RowStore['lines'];
  readonly parquet: RowStore['parquet'];
  /** Cancels running queries. */
  close(): Promise<void>;
}
