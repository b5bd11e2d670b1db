import { type RowStore } from '@telltale/engine';

/** The reading side of a row store. */
export interface Reader {
  readonly lines: RowStore['lines'];
  /** Cancels what runs. */
  close(): Promise<void>;
}
