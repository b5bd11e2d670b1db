import { type RowStore } from '@telltale/streaming';

/** The reading side of a row store. */
export interface Reader {
  readonly lines: RowStore['lines'];
  /** Cancels what runs. */
  close(): Promise<void>;
}
