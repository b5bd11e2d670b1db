import { systemClock as clock } from '@telltale/platform-telemetry';
import { describeEventLog, requireKafka } from '@telltale/testkit';
import { createKafkaEventLog } from './kafka-event-log';

jest.setTimeout(60_000);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describeEventLog('Kafka', async () => {
  const kafka = await requireKafka();
  const open = () =>
    createKafkaEventLog({ brokers: kafka.brokers, clientId: 'contract', partitions: 2, replicationFactor: 1, clock, log: quiet });
  return { log: open(), second: () => Promise.resolve(open()), cleanup: () => kafka.stop() };
});
