import { sqlString } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import { type Engine } from './engine';

/**
 * Throws PermanentError('config') when the cluster is unknown or has several shards. Each node of a shard has the rows of its shard only, and
 * deduplication tokens too are kept by shard: with several, a query through one node would miss rows, and a repeated insert through another
 * would double them.
 */
export async function requireOneShard({ topology, select }: Engine): Promise<void> {
  if (topology.kind === 'single') return;
  const { cluster } = topology;
  const [row] = await select<{ shards: number }>(
    `SELECT toUInt32(uniqExact(shard_num)) AS shards FROM system.clusters WHERE cluster = ${sqlString(cluster)}`,
  );
  const shards = row?.shards ?? 0;
  if (shards === 0)
    throw new PermanentError(
      'config',
      `CLICKHOUSE_CLUSTER: ClickHouse knows no cluster "${cluster}"; system.clusters lists those that it knows`,
    );
  if (shards > 1)
    throw new PermanentError(
      'config',
      `CLICKHOUSE_CLUSTER: "${cluster}" has ${shards} shards: name a cluster of one shard, whose nodes are all replicas of it; ` +
        'load that one shard cannot take is spread over cells (telltale size)',
    );
}
