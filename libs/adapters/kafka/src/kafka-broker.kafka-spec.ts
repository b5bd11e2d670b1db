import { systemClock as clock } from '@telltale/platform-telemetry';
import { describeBroker, requireKafka, silentLogger } from '@telltale/testkit';
import { createKafkaBroker } from './kafka-broker';

jest.setTimeout(60_000);

describeBroker('Kafka', async () => {
  const kafka = await requireKafka();
  const open = () =>
    createKafkaBroker({
      brokers: kafka.brokers,
      clientId: 'contract',
      partitions: 2,
      replicationFactor: 1,
      clock,
      logger: silentLogger,
    });
  return { broker: open(), second: () => Promise.resolve(open()), cleanup: () => kafka.stop() };
});
