import { requireKafka, startClickHouse } from '@telltale/testkit';
import { randomBytes } from 'node:crypto';
import { describePrivacy } from './privacy-scenario';

jest.setTimeout(240_000);
describePrivacy('on Kafka and ClickHouse', async () => {
  const kafka = await requireKafka();
  const clickhouse = await startClickHouse();
  return {
    env: {
      KAFKA_BROKERS: kafka.brokers.join(','),
      CLICKHOUSE_URL: clickhouse.url,
      TELLTALE_PARTITIONS: '2',
      TELLTALE_MASTER_KEY: randomBytes(32).toString('base64'),
    },
    folders: [kafka.dataDir, clickhouse.dataDir].filter((folder) => folder !== null),
    cleanup: async () => {
      await kafka.stop();
      await clickhouse.stop();
    },
  };
});
