import { TOPICS, type TopicSpec } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { systemClock as clock } from '@telltale/platform-telemetry';
import { describeWithKafka, requireKafka, silentLogger, type TestKafka } from '@telltale/testkit';
import { ConfigResourceTypes } from 'kafkajs';
import { createContext } from './kafka-options';
import { createTopicAdmin } from './topic-admin';

jest.setTimeout(120_000);
const DAY_MS = String(86_400_000);
const HOUR_MS = String(3_600_000);
const SEGMENT_BYTES = String(64 * 1024 * 1024);

describeWithKafka('the topics that a real broker is given', () => {
  let kafka: TestKafka;
  beforeAll(async () => (kafka = await requireKafka()), 120_000);
  afterAll(() => kafka.stop());

  async function settingsOf(spec: TopicSpec): Promise<Record<string, string>> {
    const where = { brokers: kafka.brokers, clientId: 'settings', partitions: 1, replicationFactor: 1 };
    const context = createContext({ ...where, clock, logger: silentLogger });
    const topics = createTopicAdmin(context);
    const name = `${hashId(8, spec.name)}.${spec.name}`;
    await topics.ensureTopics([{ ...spec, name }]);
    await topics.close();
    const admin = context.kafka.admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name }],
    });
    await admin.disconnect();
    const [topic] = resources;
    return Object.fromEntries((topic?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
  }

  const SMALL = { 'cleanup.policy': 'compact', 'segment.bytes': SEGMENT_BYTES, 'min.cleanable.dirty.ratio': '0.2' };
  it.each([
    {
      spec: TOPICS.scorerState,
      expected: { ...SMALL, 'min.compaction.lag.ms': '0', 'max.compaction.lag.ms': HOUR_MS, 'delete.retention.ms': HOUR_MS },
    },
    { spec: TOPICS.control, expected: { ...SMALL, 'min.compaction.lag.ms': DAY_MS } },
    { spec: TOPICS.settings, expected: { ...SMALL, 'min.compaction.lag.ms': DAY_MS } },
    { spec: TOPICS.raw, expected: { 'cleanup.policy': 'delete', 'retention.ms': String(6 * 3_600_000) } },
  ])('$spec.name is kept as the catalog says', async ({ spec, expected }) => {
    expect(await settingsOf(spec)).toMatchObject(expected);
  });
});
