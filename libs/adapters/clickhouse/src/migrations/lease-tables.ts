import { type Engine } from '../engine';
import { type Lease, type LeaseStore } from './lease';

const PREFIX = 'migrations_lease_';
const TABLE_ALREADY_EXISTS = '57';

/**
 * Leases as tables `migrations_lease_<number>`, with holder and end in their comments. CREATE TABLE is atomic in ClickHouse: on one server
 * by itself, on a cluster because the queue of ON CLUSTER statements has one order for all hosts.
 */
export function createLeaseTables({ run, select, database, onCluster, codeOf }: Engine): LeaseStore {
  const nameOf = (number: number): string => `${database}.${PREFIX}${number}${onCluster}`;
  const commentOf = ({ holder, untilMs }: Lease): string => `'${JSON.stringify({ holder, untilMs }).replaceAll("'", '')}'`;

  return {
    async newest() {
      const [row] = await select<{ now: string; leases: (readonly [string, string])[] }>(
        `SELECT toString(toUnixTimestamp64Milli(now64(3))) AS now, groupArray([name, comment]) AS leases
         FROM system.tables WHERE database = '${database}' AND startsWith(name, '${PREFIX}')`,
      );
      const leases = (row?.leases ?? []).map(([name, comment]): Lease => {
        const { holder, untilMs } = JSON.parse(comment) as Omit<Lease, 'number'>;
        return { number: Number(name.slice(PREFIX.length)), holder, untilMs };
      });
      const newest = leases.sort((a, b) => b.number - a.number)[0] ?? null;
      return { nowMs: Number(row?.now), lease: newest };
    },
    async create(lease) {
      try {
        await run(
          `CREATE TABLE ${nameOf(lease.number)} (unused UInt8 COMMENT 'No rows: what counts is the comment of the table') ENGINE = Memory COMMENT ${commentOf(lease)}`,
          'take the lease for migrations',
        );
        return true;
      } catch (error) {
        if (codeOf(error) === TABLE_ALREADY_EXISTS) return false;
        throw error;
      }
    },
    update: (lease) => run(`ALTER TABLE ${nameOf(lease.number)} MODIFY COMMENT ${commentOf(lease)}`, 'renew the lease for migrations'), // prettier-ignore
    remove: (number) =>
      run(`DROP TABLE IF EXISTS ${database}.${PREFIX}${number}${onCluster} SYNC`, 'remove an old lease for migrations'),
  };
}
