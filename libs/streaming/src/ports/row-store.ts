/** A row: a JSON object as text, or as its UTF-8 bytes. */
export type Row = string | Buffer;

/** Rows of one table in order. */
export interface RowBatch {
  readonly table: string;
  readonly rows: readonly Row[];
  /** Deduplication token: inserts with the same token take effect once. */
  readonly token: string;
  /** Names the service and the batch, e.g. `telltale.enricher task=0 raw=10-500`. */
  readonly comment: string;
}

/** Upper bound of what the tasks of one service insert into one table. */
export interface InsertLoad {
  readonly insertsPerHour: number;
  /** Partitions that the rows of one insert go to, in partitioned tables. */
  readonly partitionsPerInsert: number;
}

/** The store's own log tables: those that just got a TTL, and those that grow without limit. */
export interface SystemLogs {
  readonly limited: readonly string[];
  readonly unlimited: readonly { readonly table: string; readonly bytes: number }[];
}

/** How many deduplication tokens a table remembers. An insert repeated after its token was dropped duplicates its rows. */
export interface DedupWindow {
  readonly table: string;
  /** Tokens that it remembers; an insert stores one per partition of its rows. */
  readonly blocks: number;
  /** Maximum age of a remembered token; null: no limit. */
  readonly seconds: number | null;
  /** Tokens stored so far by all processes: a counter, for rates. */
  readonly inserted: number;
  /** Upper bound of the tokens stored since the requested time. */
  readonly insertedSince: number;
}

/**
 * apply: this process applies missing migrations, or waits for another one to do so. wait: it only waits. off: it uses the tables as they
 * are.
 */
export type MigrationMode = 'apply' | 'wait' | 'off';

/** Caller, tenant and limits of a query. */
export interface QueryOptions {
  /** Names the caller, e.g. `telltale.insights turns`. */
  readonly comment?: string;
  /** Restricts every statement to the rows of this tenant; unqualified table names are Telltale's tables. */
  readonly tenant?: string;
  readonly limitSeconds?: number;
  /** The engine adds this as a LIMIT to the outermost SELECT. */
  readonly limitRows?: number;
  /** The text that a person wrote, when the statement was generated from it: error messages name only what occurs in this text. */
  readonly asked?: string;
  /** Cancels the query in the engine. The promise settles when the engine has released the query. */
  readonly signal?: AbortSignal;
}

export type QueryParams = Readonly<Record<string, string | number | readonly string[]>>;

/** Stores rows: ClickHouse, as a server or in this process. */
export interface RowStore {
  /**
   * Resolves when the rows are durable; from then on nothing reads their bytes. TransientError: retry; PermanentError: the store rejects at
   * least one row. After an error, bytes may still be read.
   */
  insert(batch: RowBatch): Promise<void>;
  /**
   * Returns the rows of a SELECT as objects; integers beyond 2^53 are returned as text. PermanentError('invalid') describes the error in
   * the statement in our own words, without data.
   */
  query<T = Record<string, unknown>>(sql: string, params?: QueryParams, options?: QueryOptions): Promise<T[]>;
  /** Returns the same rows as JSON lines, in chunks of whole lines. */
  lines(sql: string, params?: QueryParams, options?: QueryOptions): Promise<AsyncIterable<readonly string[]>>;
  /** The same rows as a file of Parquet, in pieces. */
  parquet(sql: string, params?: QueryParams, options?: QueryOptions): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Migrates the tables to the schema of this release and returns the names of the migrations that this call applied. TransientError while
   * another process applies them or has yet to; PermanentError('config') when an applied file has changed.
   */
  migrate(mode: MigrationMode): Promise<string[]>;
  /**
   * Declares the maximum insert load of a table over all processes. With `mayAlter`, enlarges the window of tables that remember less than
   * one hour of it, and returns their names. Windows only grow.
   */
  sizeDedupWindows(load: InsertLoad, mayAlter: boolean): Promise<string[]>;
  /** Tables with their windows, and the number of inserts since a time. */
  dedupWindows(sinceMs: number, nowMs: number): Promise<DedupWindow[]>;
  /** Sets a TTL of `days` on the store's own log tables that have none, if permitted; 0 only reports. */
  limitSystemLogs(days: number): Promise<SystemLogs>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
