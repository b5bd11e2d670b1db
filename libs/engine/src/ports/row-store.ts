/** Rows of one table, each one JSON object as text, in order. */
export interface RowBatch {
  readonly table: string;
  readonly rows: readonly string[];
  /** The same token makes the same insert take effect once. */
  readonly token: string;
  /** Names service and range, e.g. `telltale.enricher lane=0 raw=10-500`. */
  readonly comment: string;
}

/** Where rows land: ClickHouse, a server or in this process. */
export interface RowStore {
  /** Resolves when the rows are durable. TransientError: try again; PermanentError: at least one row is refused. */
  insert(batch: RowBatch): Promise<void>;
  /** Rows of a read-only query as objects. PermanentError('invalid') carries the engine's message. */
  query<T = Record<string, unknown>>(
    sql: string,
    params?: Readonly<Record<string, unknown>>,
    options?: { readonly comment?: string; readonly limitSeconds?: number },
  ): Promise<T[]>;
  /** Applies the migrations that are missing; answers their names. */
  migrate(): Promise<string[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
