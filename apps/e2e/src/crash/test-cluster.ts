import { createClickHouseRowStore } from '@telltale/adapter-clickhouse';
import { createKafkaBroker } from '@telltale/adapter-kafka';
import { ALL_TOPICS, TOPICS } from '@telltale/contracts';
import { createLog, systemClock } from '@telltale/platform-telemetry';
import { type LogRecord } from '@telltale/streaming';
import { startClickHouse } from '@telltale/testkit';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadRecords } from '../harness/event-load';
import { eventually } from '../harness/service-process';
import { allOf, countEvents, enricherIsDone, expectedDurations, isSpendEqual, onlyOf } from './count-events';
import { reckon } from './reckoning';
import { recountTurns } from './recount-turns';

const PARTITIONS = 2;

/** Stores for services of a cluster, and what is in them. */
export async function startTestCluster({
  brokers,
  replicas,
}: {
  readonly brokers: readonly string[];
  readonly replicas: number;
}) {
  const start = Date.now();
  const home = mkdtempSync(join(tmpdir(), 'telltale-cluster-'));
  const clickhouse = await startClickHouse();
  const broker = createKafkaBroker({
    brokers: [...brokers],
    clientId: 'cluster-test',
    partitions: PARTITIONS,
    replicationFactor: replicas,
    clock: systemClock,
    logger: createLog('cluster-test', 'silent'),
  });
  const rows = createClickHouseRowStore({ url: clickhouse.url });
  const masterKey = randomBytes(32).toString('base64');
  await broker.ensureTopics(ALL_TOPICS);

  const readAll = (topic: string): Promise<LogRecord[]> => broker.newest(topic, 1_000_000);

  return {
    start,
    home,
    broker,
    rows,
    env: (): Record<string, string> => ({
      TELLTALE_HOME: home,
      TELLTALE_BACKEND: 'cluster',
      TELLTALE_PARTITIONS: String(PARTITIONS),
      TELLTALE_MASTER_KEY: masterKey,
      KAFKA_BROKERS: brokers.join(','),
      KAFKA_REPLICATION_FACTOR: String(replicas),
      CLICKHOUSE_URL: clickhouse.url,
      BATCH_LINGER_MS: '20',
      BATCH_MAX_RECORDS: '40',
      TURNS_QUIET_MS: '1000',
    }),
    /** Writes events [from, to) of the load to the raw topic, again for as long as the brokers cannot take them. */
    produce: (from: number, to: number): Promise<unknown> =>
      eventually('records are taken', async () => {
        try {
          await broker.produce(loadRecords(from, to, start, PARTITIONS));
          return { done: true, seen: '' };
        } catch (error) {
          return { done: false, seen: String(error) };
        }
      }, 90_000), // prettier-ignore

    /** None of `sent` events is lost or doubled: in tables, on topics, in measures, turns, sessions and spend. */
    async expectExactly(sent: number): Promise<void> {
      await enricherIsDone(broker, PARTITIONS);
      expect(await countEvents(rows)).toEqual(allOf(sent));
      let ids: string[] = [];
      await eventually('every event on the topic', async () => {
        ids = (await readAll(TOPICS.events.name)).map(({ value }) => (JSON.parse(value?.toString() ?? '{}') as { id: string }).id);
        return { done: ids.length >= sent, seen: ids.length };
      }, 60_000); // prettier-ignore
      expect({ records: ids.length, distinct: new Set(ids).size }).toEqual({ records: sent, distinct: sent });
      const expected = expectedDurations(sent, start);
      const measured = async () => onlyOf(reckon(await readAll(TOPICS.measures.name)), 'operation.duration');
      await eventually('every measure on the topic', async () => { const seen = await measured(); return { done: isDeepStrictEqual(seen, expected), seen: Object.keys(seen).length }; }, 60_000); // prettier-ignore
      const equal = { turns: { off: 0, events: sent }, sessions: { off: 0, events: sent }, isSpendEqual: true };
      const found = await eventually('turns, sessions and spend equal a recount', async () => {
        const seen = { ...(await recountTurns((sql) => rows.query(sql))), isSpendEqual: await isSpendEqual(rows) };
        return { done: isDeepStrictEqual(seen, equal), seen };
      }, 120_000); // prettier-ignore
      expect(found).toEqual(equal);
    },
    async stop(): Promise<void> {
      await broker.close();
      await rows.close();
      await clickhouse.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
