import { isPermanent, type PermanentError } from '@telltale/kernel';
import { type Row, type RowBatch, type RowStore } from '../ports/row-store';

export interface RejectedRow {
  readonly table: string;
  readonly row: Row;
  readonly error: string;
}

/**
 * Inserts the rows of one table under one token. When the store rejects the batch permanently, bisects it down to the offending rows and
 * returns those. Deterministic, so a repeat uses the same tokens.
 */
export async function insertRows(
  store: Pick<RowStore, 'insert'>,
  batch: RowBatch,
  retry: (work: () => Promise<void>) => Promise<void>,
): Promise<RejectedRow[]> {
  if (batch.rows.length === 0) return [];
  try {
    await retry(() => store.insert(batch));
    return [];
  } catch (error) {
    if (!isPermanent(error)) throw error;
    const [only] = batch.rows;
    if (batch.rows.length === 1 && only !== undefined)
      return [{ table: batch.table, row: only, error: describeRejection(error) }];
    const middle = batch.rows.length >> 1;
    const halves = [batch.rows.slice(0, middle), batch.rows.slice(middle)];
    const rejected: RejectedRow[] = [];
    for (const [i, rows] of halves.entries())
      rejected.push(...(await insertRows(store, { ...batch, rows, token: `${batch.token}.${i}` }, retry)));
    return rejected;
  }
}

/** The store's own message may quote the row, so only its code is reported. */
const describeRejection = (error: PermanentError): string =>
  `the store rejected this row (${error.code}); compare its fields with docs/TABLES.md`;
