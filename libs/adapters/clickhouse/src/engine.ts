import { type Topology } from './migrations/read-migrations';

/** What migrations need of a ClickHouse, a server or in this process. */
export interface Engine {
  readonly database: string;
  readonly topology: Topology;
  /** ` ON CLUSTER '…'`, or empty. */
  readonly onCluster: string;
  /** Name of this process for others to see. */
  readonly holder: string;
  /** True for holders of leases that cannot be alive. */
  readonly isDead: (holder: string) => boolean;
  run(sql: string, doing: string): Promise<void>;
  select<T>(sql: string): Promise<T[]>;
  /** The engine's own code of an error that `run` or `select` threw. */
  codeOf(error: unknown): string | undefined;
}
