import { requireKafka, startClickHouse } from '@telltale/testkit';
import { clusterEnv } from '../harness/cluster-env';
import { describePrivacy } from './privacy-scenario';

jest.setTimeout(240_000);
describePrivacy('on Kafka and ClickHouse', async () => {
  const kafka = await requireKafka();
  const clickhouse = await startClickHouse();
  return {
    env: clusterEnv(kafka.brokers, clickhouse),
    folders: [kafka.dataDir, clickhouse.dataDir].filter((folder) => folder !== null),
    cleanup: async () => {
      await kafka.stop();
      await clickhouse.stop();
    },
  };
});
