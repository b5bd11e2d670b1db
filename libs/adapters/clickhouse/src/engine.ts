import { type Topology } from './migrations/read-migrations';

/** What migrations need from ClickHouse, as a server or in this process. */
export interface Engine {
  readonly database: string;
  readonly topology: Topology;
  /** ` ON CLUSTER '…'`, or empty. */
  readonly onCluster: string;
  /** Name of this process, visible to others. */
  readonly holder: string;
  /** True for lease holders that cannot be running. */
  readonly isDead: (holder: string) => boolean;
  run(sql: string, doing: string): Promise<void>;
  select<T>(sql: string): Promise<T[]>;
  /** The engine's code of an error that `run` or `select` threw. */
  codeOf(error: unknown): string | undefined;
}
