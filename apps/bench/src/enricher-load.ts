import { createEncryptor } from '@telltale/adapter-crypto';
import { ALL_TOPICS } from '@telltale/contracts';
import { type Broker, type RowStore } from '@telltale/streaming';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCH_SPAN_MS, type BenchLoad, benchRecords } from './bench-events';
import { cpuSeconds, peakMb } from './process-figures';

const AT_ONCE = 5_000;
const PARTITIONS = 2;
/** Of the events; the rest counts as warm. */
const WARM_AFTER = 0.2;
const LOOK_EVERY_MS = 100;
/** A duration for each operation, and tokens and cost of each model that a service calls. */
const COUNT_SERIES = "SELECT uniqExact(tenant, service_name, kind, name) + 2 * uniqExactIf((tenant, service_name, response_model), kind = 'llm') AS n FROM telltale.events"; // prettier-ignore

export interface EnricherLoad extends BenchLoad {
  readonly events: number;
  /** Processes that share the partitions. */
  readonly processes: number;
}

/** What all processes of the enricher took together. */
export interface EnricherRun {
  readonly cpuSeconds: number;
  /** Of it, until they answered: modules loaded, nothing read. */
  readonly startCpuSeconds: number;
  readonly seconds: number;
  /** Since a fifth of the events was stored; null if the rest came at once with it. */
  readonly warm: { readonly events: number; readonly cpuSeconds: number } | null;
  readonly peakMb: number;
  /** Part of the time of the main threads that garbage collection had, of all processes. */
  readonly gcShare: number;
  /** Series that its events belong to. */
  readonly series: number;
  /** Bytes of an event on the raw topic. */
  readonly bytesPerEvent: number;
  readonly how: string;
}

/** One process of the enricher, and what it says of itself. */
async function spawnEnricher(env: Readonly<Record<string, string>>) {
  const { freePort } = await import('@telltale/testkit');
  const port = await freePort();
  const child = spawn(process.execPath, ['--max-semi-space-size=64', join(__dirname, '..', 'enricher', 'main.cjs')], {
    // NODE_OPTIONS, so that it can be run with an inspector, a profile, other limits.
    env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '', ...env, HTTP_PORT: String(port), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  }); // prettier-ignore
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pid = child.pid ?? 0;
  let startCpuSeconds = 0;
  /** In Prometheus' text format; null while it starts. */
  async function metrics(): Promise<string | null> {
    try {
      return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    } catch {
      return null;
    }
  }
  return {
    pid,
    startCpuSeconds: () => startCpuSeconds,
    /** Throws when it has ended. */
    check(): void {
      if (child.exitCode !== null) throw new Error(`the enricher ended with ${child.exitCode}`);
    },
    async noteStart(): Promise<void> {
      if (startCpuSeconds === 0 && (await metrics()) !== null) startCpuSeconds = cpuSeconds(pid);
    },
    /** Seconds of garbage collection so far. */
    async gcSeconds(): Promise<number> {
      const found = (await metrics())?.matchAll(/^nodejs_gc_duration_seconds_sum\{[^}]*\} (\S+)$/gm) ?? [];
      return sum([...found].map(([, seconds]) => Number(seconds)));
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
type Enricher = Awaited<ReturnType<typeof spawnEnricher>>;

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

async function fill(broker: Broker, load: EnricherLoad, masterKey: Buffer, now: number): Promise<number> {
  const { systemClock } = await import('@telltale/platform-telemetry');
  const encryptor = createEncryptor({ masterKey, clock: systemClock });
  let bytes = 0;
  for (let i = 0; i < load.events; i += AT_ONCE) {
    const batch = benchRecords(i, Math.min(load.events, i + AT_ONCE), now - BENCH_SPAN_MS, load, encryptor);
    bytes += batch.bytes;
    await broker.produce(batch.records);
  }
  return bytes / load.events;
}

/** Runs until every event is stored. */
async function watch(
  enrichers: readonly Enricher[],
  events: number,
  rows: RowStore,
): Promise<Omit<EnricherRun, 'bytesPerEvent' | 'how'>> {
  const { systemClock } = await import('@telltale/platform-telemetry');
  const from = systemClock.monotonic();
  const cpu = (): number => sum(enrichers.map(({ pid }) => cpuSeconds(pid)));
  let warm: { readonly seen: number; readonly cpu: number } | null = null;
  for (let seen = 0; seen < events;) {
    enrichers.forEach((enricher) => enricher.check());
    await Promise.all(enrichers.map((enricher) => enricher.noteStart()));
    await systemClock.sleep(LOOK_EVERY_MS);
    seen = Number((await rows.query<{ n: string }>('SELECT count() AS n FROM telltale.events'))[0]?.n);
    if (!warm && seen >= events * WARM_AFTER) warm = { seen, cpu: cpu() };
  }
  const seconds = (systemClock.monotonic() - from) / 1000;
  const total = cpu();
  const [counted] = await rows.query<{ n: string }>(COUNT_SERIES);
  const gc = sum(await Promise.all(enrichers.map((enricher) => enricher.gcSeconds())));
  return {
    cpuSeconds: total,
    startCpuSeconds: sum(enrichers.map((enricher) => enricher.startCpuSeconds())),
    seconds,
    warm: warm && warm.seen < events ? { events: events - warm.seen, cpuSeconds: total - warm.cpu } : null,
    peakMb: Math.max(...enrichers.map(({ pid }) => peakMb(pid))),
    gcShare: gc / total,
    series: Number(counted?.n),
  };
}

/** Kafka → all enrichment → rows durable in ClickHouse and events on Kafka, exactly once. Answers why it cannot be measured, as text. */
export async function runEnrichers(load: EnricherLoad): Promise<EnricherRun | string> {
  const [{ createClickHouseRowStore }, { createKafkaBroker }, { createLog, systemClock }, { startClickHouse, startKafka }] =
    await Promise.all([
      import('@telltale/adapter-clickhouse'),
      import('@telltale/adapter-kafka'),
      import('@telltale/platform-telemetry'),
      import('@telltale/testkit'),
    ]);
  const kafka = await startKafka();
  if ('unavailable' in kafka) return `not measured: ${kafka.unavailable}`;
  const clickhouse = await startClickHouse();
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const broker = createKafkaBroker({ brokers: kafka.brokers, clientId: 'bench', partitions: PARTITIONS, replicationFactor: 1, clock: systemClock, logger: createLog('bench', 'silent') }); // prettier-ignore
  const rows = createClickHouseRowStore({ url: clickhouse.url });
  const enrichers: Enricher[] = [];
  try {
    await broker.ensureTopics(ALL_TOPICS);
    await rows.migrate('apply');
    const masterKey = randomBytes(32);
    const bytesPerEvent = await fill(broker, load, masterKey, systemClock.now());
    const env = { TELLTALE_HOME: home, TELLTALE_BACKEND: 'cluster', TELLTALE_PARTITIONS: String(PARTITIONS), TELLTALE_MASTER_KEY: masterKey.toString('base64'), KAFKA_BROKERS: kafka.brokers.join(','), CLICKHOUSE_URL: clickhouse.url }; // prettier-ignore
    for (let i = 0; i < load.processes; i++) enrichers.push(await spawnEnricher(env));
    const figures = await watch(enrichers, load.events, rows);
    return {
      ...figures,
      bytesPerEvent,
      how: `${load.events} events (${load.input}), ${PARTITIONS} tasks; Node ${process.version}; ${kafka.how}; ${clickhouse.how}`,
    };
  } finally {
    await Promise.all(enrichers.map((enricher) => enricher.stop()));
    await broker.close();
    await rows.close();
    await clickhouse.stop();
    await kafka.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
