/** Rows of one table, each one JSON object as text, in order. */
export interface RowBatch {
  readonly table: string;
  readonly rows: readonly string[];
  /** The same token makes the same insert take effect once. */
  readonly token: string;
  /** Names service and range, e.g. `telltale.enricher lane=0 raw=10-500`. */
  readonly comment: string;
}

/** apply: this process applies what is missing, or waits for one that does. wait: it only waits. off: tables are taken as they are. */
export type MigrationMode = 'apply' | 'wait' | 'off';

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
  /**
   * Brings the tables up to this program; returns the names of the migrations that this call applied. TransientError while another process
   * applies them or is to; PermanentError('config') when a file that was applied has changed.
   */
  migrate(mode: MigrationMode): Promise<string[]>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
