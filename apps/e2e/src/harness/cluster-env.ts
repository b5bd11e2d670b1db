import { type TestClickHouse } from '@telltale/testkit';
import { randomBytes } from 'node:crypto';

/** Variables of services on these brokers and these tables, with a master key of their own. */
export const clusterEnv = (
  brokers: readonly string[],
  clickhouse: Pick<TestClickHouse, 'url'>,
  partitions = 2,
): Readonly<Record<string, string>> => ({
  KAFKA_BROKERS: brokers.join(','),
  CLICKHOUSE_URL: clickhouse.url,
  TELLTALE_PARTITIONS: String(partitions),
  TELLTALE_MASTER_KEY: randomBytes(32).toString('base64'),
});
