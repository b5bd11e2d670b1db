import { MATERIALIZED_TABLES, sqlString, TABLES } from '@telltale/contracts';
import { type QueryOptions } from '@telltale/streaming';
import { availableParallelism } from 'node:os';

export const DATABASE = 'telltale';
export const DEFAULT_QUERY_MEMORY_BYTES = 512 * 1024 * 1024;
const DEFAULT_SECONDS = 60;
const MAX_RESULT_BYTES = 64 * 1024 * 1024;
const MAX_RESULT_ROWS = 1_000_000;
const MAX_SPILL_BYTES = 1_000_000_000;
/** Tables with rows of several tenants; all views read from these. */
const SHARED = [...TABLES, ...MATERIALIZED_TABLES];

/** Row filters of the engine (`additional_table_filters`): they also apply inside views, subqueries, unions and IN. */
const filtersOf = (tenant: string): string =>
  `{${SHARED.map((table) => `${sqlString(`${DATABASE}.${table}`)}: ${sqlString(`tenant = ${sqlString(tenant)}`)}`).join(', ')}}`;

export type Settings = Readonly<Record<string, string | number>>;

/**
 * For speed, the engine may run a statement's conditions before its row filters, or merge both. A condition that fails on certain values
 * (e.g. a division by zero when a text contains a word) would then reveal rows of other tenants. So for a statement that a person wrote,
 * the filter is a separate first step; PREWHERE is rejected earlier.
 */
const FILTER_FIRST: Settings = {
  optimize_move_to_prewhere: 0,
  query_plan_optimize_prewhere: 0,
  query_plan_merge_filters: 0,
};

/**
 * Limits of one query: time, memory, threads, text size, depth and result. The engine checks the time between blocks of rows, so blocks are
 * small.
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
