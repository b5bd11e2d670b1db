import { ALL_TOPICS } from '@telltale/contracts';
import { type Broker, type RowStore } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Partitions of every topic, so tasks of the enricher. */
export const PARTITIONS = 2;

/** A broker with our topics and a ClickHouse with our tables, both empty. */
export interface BenchStores {
  readonly broker: Broker;
  readonly rows: RowStore;
  /** `host:port` of each broker. */
  readonly brokers: readonly string[];
  readonly clickhouseUrl: string;
  /** A folder for the length of the run. */
  readonly home: string;
  /** What broker and store are. */
  readonly how: string;
}

/** Starts both, runs, and ends what it started, however the run ends. Answers why there is no broker, as text. */
export async function withBenchStores<T>(run: (stores: BenchStores) => Promise<T>): Promise<T | string> {
  const [{ createClickHouseRowStore }, { createKafkaBroker }, { createLog, systemClock }, { startClickHouse, startKafka }] =
    await Promise.all([
      import('@telltale/adapter-clickhouse'),
      import('@telltale/adapter-kafka'),
      import('@telltale/platform-telemetry'),
      import('@telltale/testkit'),
    ]);
  const kafka = await startKafka();
  if ('unavailable' in kafka) return `not measured: ${kafka.unavailable}`;
  const ends: (() => Promise<void>)[] = [() => kafka.stop()];
  try {
    const clickhouse = await startClickHouse();
    ends.push(() => clickhouse.stop());
    const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
    ends.push(async () => rmSync(home, { recursive: true, force: true }));
    const broker = createKafkaBroker({ brokers: kafka.brokers, clientId: 'bench', partitions: PARTITIONS, replicationFactor: 1, clock: systemClock, logger: createLog('bench', 'silent') }); // prettier-ignore
    ends.push(() => broker.close());
    const rows = createClickHouseRowStore({ url: clickhouse.url });
    ends.push(() => rows.close());
    await broker.ensureTopics(ALL_TOPICS);
    await rows.migrate('apply');
    const { brokers } = kafka;
    return await run({ broker, rows, brokers, clickhouseUrl: clickhouse.url, home, how: `${kafka.how}; ${clickhouse.how}` });
  } finally {
    // What cannot be closed keeps nothing else from being ended.
    for (const end of ends.reverse()) await end().catch((error: unknown) => process.emitWarning(String(error)));
  }
}
