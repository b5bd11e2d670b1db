import { createChdbRowStore } from './clickhouse-row-store';

/** A process that exits while a query is inside a block that takes the engine a minute and cannot be interrupted. */
const store = createChdbRowStore({ path: process.argv[2] ?? '' });
const evens = 'materialize(arrayMap(x -> x * 2, range(300000)))';
const odds = 'materialize(arrayMap(x -> x * 2 + 1, range(300000)))';
void store.query(`SELECT count() FROM numbers(100) WHERE NOT ignore(hasAny(${evens}, ${odds}), number)`).catch(() => undefined);
void store
  .ping()
  .then(() => store.close())
  .then(() => process.exit(0));
