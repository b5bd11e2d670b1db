import { systemClock as clock } from '@telltale/platform-telemetry';
import { describeBroker, requireKafka } from '@telltale/testkit';
import { createKafkaBroker } from './kafka-broker';

jest.setTimeout(60_000);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describeBroker('Kafka', async () => {
  const kafka = await requireKafka();
  const open = () =>
    createKafkaBroker({
      brokers: kafka.brokers,
      clientId: 'contract',
      partitions: 2,
      replicationFactor: 1,
      clock,
      logger: quiet,
    });
  return { broker: open(), second: () => Promise.resolve(open()), cleanup: () => kafka.stop() };
});
