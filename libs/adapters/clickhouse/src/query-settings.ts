import { MATERIALIZED_TABLES, sqlString, TABLES } from '@telltale/contracts';
import { type QueryOptions } from '@telltale/streaming';
import { availableParallelism } from 'node:os';

export const DATABASE = 'telltale';
export const DEFAULT_QUERY_MEMORY_BYTES = 512 * 1024 * 1024;
const DEFAULT_SECONDS = 60;
const MAX_RESULT_BYTES = 64 * 1024 * 1024;
const MAX_RESULT_ROWS = 1_000_000;
const MAX_SPILL_BYTES = 1_000_000_000;
/** Tables with rows of several tenants; views read from these. */
const SHARED = [...TABLES, ...MATERIALIZED_TABLES];

/** Row filters of the engine (`additional_table_filters`): they hold inside views, subqueries, unions and IN. */
const filtersOf = (tenant: string): string =>
  `{${SHARED.map((table) => `${sqlString(`${DATABASE}.${table}`)}: ${sqlString(`tenant = ${sqlString(tenant)}`)}`).join(', ')}}`;

export type Settings = Readonly<Record<string, string | number>>;

/**
 * The engine may move conditions of a statement before its row filters, or join both into one, for speed. A condition that fails on some
 * values (a division by zero where a text contains a word) would then tell what other tenants' rows hold. So a statement that a person wrote
 * is filtered first, by a step of its own; its PREWHERE is refused before it comes here.
 */
const FILTER_FIRST: Settings = {
  optimize_move_to_prewhere: 0,
  query_plan_optimize_prewhere: 0,
  query_plan_merge_filters: 0,
};

/**
 * What one query may take: time, memory, threads, size of its text, its depth and its answer. The engine looks at the clock
 * between blocks of rows, so blocks are small.
 */
export function settingsOf(options: QueryOptions, memoryBytes: number): Settings {
  return {
    max_execution_time: options.limitSeconds ?? DEFAULT_SECONDS,
    timeout_overflow_mode: 'throw',
    max_memory_usage: memoryBytes,
    max_threads: Math.max(1, Math.floor(availableParallelism() / 2)),
    max_block_size: 16_384,
    max_result_rows: MAX_RESULT_ROWS,
    max_result_bytes: MAX_RESULT_BYTES,
    result_overflow_mode: 'throw',
    max_temporary_data_on_disk_size_for_query: MAX_SPILL_BYTES,
    max_query_size: 262_144,
    max_parser_depth: 300,
    max_parser_backtracks: 100_000,
    max_ast_depth: 300,
    max_ast_elements: 10_000,
    max_expanded_ast_elements: 100_000,
    max_subquery_depth: 30,
    allow_introspection_functions: 0,
    allow_ddl: 0,
    log_comment: options.comment ?? 'telltale.query',
    ...(options.limitRows === undefined ? {} : { limit: options.limitRows }),
    ...(options.tenant === undefined ? {} : { additional_table_filters: filtersOf(options.tenant) }),
    ...(options.asked === undefined ? {} : FILTER_FIRST),
  };
}
