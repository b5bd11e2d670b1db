/** Rows of one table, each one JSON object as text, in order. */
export interface RowBatch {
  readonly table: string;
  readonly rows: readonly string[];
  /** The same token makes the same insert take effect once. */
  readonly token: string;
  /** Names service and range, e.g. `telltale.enricher task=0 raw=10-500`. */
  readonly comment: string;
}

/** The most that the tasks of one service insert into one table. */
export interface InsertLoad {
  readonly insertsPerHour: number;
  /** Partitions that the rows of one insert belong to, in tables that have partitions. */
  readonly partitionsPerInsert: number;
}

/** Logs that the store keeps about itself: those that got a limit now, and those that grow without end. */
export interface SystemLogs {
  readonly limited: readonly string[];
  readonly unlimited: readonly { readonly table: string; readonly bytes: number }[];
}

/** How far back a table knows the tokens of inserts; further back, a repeated insert doubles its rows. */
export interface DedupWindow {
  readonly table: string;
  /** Tokens that it remembers; an insert leaves one in each partition of its rows. */
  readonly blocks: number;
  /** How long it remembers them at most; null: as long as there is room. */
  readonly seconds: number | null;
  /** Tokens ever left, by all processes: a counter to take rates from. */
  readonly inserted: number;
  /** Of these, the most that can have been left since the time that was asked about. */
  readonly insertedSince: number;
}

/** apply: this process applies what is missing, or waits for one that does. wait: it only waits. off: tables are taken as they are. */
export type MigrationMode = 'apply' | 'wait' | 'off';

/** Who asks, for whose rows, and how much an answer may take. */
export interface QueryOptions {
  /** Names who asks, e.g. `telltale.insights turns`. */
  readonly comment?: string;
  /** Rows of this tenant only, whatever the statement says; names without a database are Telltale's tables. */
  readonly tenant?: string;
  readonly limitSeconds?: number;
  /** The engine adds this as a LIMIT to the outermost SELECT. */
  readonly limitRows?: number;
  /** The text that a person wrote, where it is not the statement itself: errors name nothing that does not occur in it. */
  readonly asked?: string;
  /** Cancels the query in the engine. The promise settles when the engine has let go of it. */
  readonly signal?: AbortSignal;
}

export type QueryParams = Readonly<Record<string, string | number | readonly string[]>>;

/** Where rows land: ClickHouse, a server or in this process. */
export interface RowStore {
  /** Resolves when the rows are durable. TransientError: try again; PermanentError: at least one row is refused. */
  insert(batch: RowBatch): Promise<void>;
  /**
   * Rows of a reading statement as objects; integers that a JavaScript number cannot hold come as text. PermanentError('invalid')
   * says what is wrong in a text of ours, without data.
   */
  query<T = Record<string, unknown>>(sql: string, params?: QueryParams, options?: QueryOptions): Promise<T[]>;
  /** The same rows as lines of JSON, in pieces of whole lines. */
  lines(sql: string, params?: QueryParams, options?: QueryOptions): Promise<AsyncIterable<readonly string[]>>;
  /**
   * Brings the tables up to this program; returns the names of the migrations that this call applied. TransientError while another process
   * applies them or is to; PermanentError('config') when a file that was applied has changed.
   */
  migrate(mode: MigrationMode): Promise<string[]>;
  /**
   * Says what inserts a table can get from all processes together. Where `mayAlter`, tables that remember less than an hour of them come to
   * remember that much; returns their names. Windows only grow.
   */
  sizeDedupWindows(load: InsertLoad, mayAlter: boolean): Promise<string[]>;
  /** Tables with their windows, and what was inserted since a time. */
  dedupWindows(sinceMs: number, nowMs: number): Promise<DedupWindow[]>;
  /** Limits the logs that the store keeps about itself to so many days, where they have no limit and it may; 0: only looks. */
  limitSystemLogs(days: number): Promise<SystemLogs>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
