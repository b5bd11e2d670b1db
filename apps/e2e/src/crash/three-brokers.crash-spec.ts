import { TOPICS } from '@telltale/contracts';
import { brokerJars, type JavaBrokers, startJavaBrokers } from '@telltale/testkit';
import { keepAlive, type Supervised } from '../harness/keep-alive';
import { pass } from '../harness/service-process';
import { startTestCluster } from './test-cluster';

jest.setTimeout(600_000);
const SERVICES = ['enricher', 'turns', 'costs'];
const STEP = 500;

/** Brokers that are processes of this machine: a container or a given Kafka has one that cannot be killed alone. */
const jars = brokerJars();
const describeWithJars = typeof jars === 'string' || process.env['CI'] === 'true' ? describe : describe.skip;
const why = typeof jars === 'string' ? '' : ` (left out: ${jars.unavailable})`;

describeWithJars(`three brokers, of which one at a time is killed under load${why}`, () => {
  let kafka: JavaBrokers;
  let cluster: Awaited<ReturnType<typeof startTestCluster>>;
  const running: Supervised[] = [];
  beforeAll(async () => {
    if (typeof jars !== 'string') throw new Error(`this suite needs three brokers: ${jars.unavailable}`);
    kafka = await startJavaBrokers(jars, { nodes: 3 });
    cluster = await startTestCluster({ brokers: kafka.brokers, replicas: 3 });
  }, 180_000);
  afterAll(async () => {
    for (const service of running) await service.stop();
    await cluster.stop();
    await kafka.stop();
  });

  it('loses no event and doubles none, while every broker is away once', async () => {
    await cluster.rows.migrate('apply');
    const services = SERVICES.map((name) => keepAlive(name, cluster.env));
    running.push(...services);
    let sent = 0;
    const send = async (): Promise<void> => {
      await cluster.produce(sent, sent + STEP);
      sent += STEP;
    };
    await send();
    for (const node of [1, 2, 3]) {
      await send();
      await kafka.kill(node);
      // Leaders and coordinators move to the others meanwhile.
      for (let i = 0; i < 3; i++) {
        await send();
        await pass(500);
      }
      await kafka.start(node);
      await send();
    }
    await cluster.expectExactly(sent);
    const [raw] = await cluster.broker.describe([TOPICS.raw.name]);
    expect(raw?.partitions).toHaveLength(2);
    // No process had to be started again: what is away for a moment is waited for.
    expect(services.flatMap((service) => service.exits())).toEqual([]);
    await Promise.all(services.map((service) => service.stop()));
  });
});
