import { createEncryptor } from '@telltale/adapter-crypto';
import { type Broker } from '@telltale/streaming';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { BENCH_SPAN_MS, type BenchLoad, benchRecords } from './bench-events';
import { type BenchStores, PARTITIONS, withBenchStores } from './bench-stores';
import { ownChild } from './owned-child';
import { cpuSeconds, peakMb } from './process-figures';
import { type Watched, watchLoad } from './watch-load';

const AT_ONCE = 5_000;
/** A duration for each operation, and tokens and cost of each model that a service calls. */
const COUNT_SERIES = "SELECT uniqExact(tenant, service_name, kind, name) + 2 * uniqExactIf((tenant, service_name, response_model), kind = 'llm') AS n FROM telltale.events"; // prettier-ignore

export interface EnricherLoad extends BenchLoad {
  readonly events: number;
  /** Processes that share the partitions. */
  readonly processes: number;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What all processes of the enricher took together. */
export interface EnricherFigures extends Watched {
  /** Of the CPU seconds, until they answered: modules loaded, nothing read. */
  readonly startCpuSeconds: number;
  readonly peakMb: number;
  /** Part of the time of the main threads that garbage collection had, of all processes. */
  readonly gcShare: number;
  /** Series that its events belong to. */
  readonly series: number;
}

export interface EnricherRun extends EnricherFigures {
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
  const { pid, end, stop } = ownChild(child);
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
    stop,
    startCpuSeconds: () => startCpuSeconds,
    /** Throws when it has ended. */
    check(): void {
      if (end() !== null) throw new Error(`the enricher ended with ${end()}`);
    },
    async noteStart(): Promise<void> {
      if (startCpuSeconds === 0 && (await metrics()) !== null) startCpuSeconds = cpuSeconds(pid);
    },
    /** Seconds of garbage collection so far. */
    async gcSeconds(): Promise<number> {
      const found = (await metrics())?.matchAll(/^nodejs_gc_duration_seconds_sum\{[^}]*\} (\S+)$/gm) ?? [];
      return sum([...found].map(([, seconds]) => Number(seconds)));
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

/** Starts `processes` of the enricher on what its topics hold, waits until every event is stored, and ends them. */
export async function measureEnrichers(
  { rows, brokers, clickhouseUrl, home }: BenchStores,
  { events, processes, masterKey, signal }: Pick<EnricherLoad, 'events' | 'processes' | 'signal'> & { readonly masterKey: Buffer }, // prettier-ignore
): Promise<EnricherFigures> {
  const env = { TELLTALE_HOME: home, TELLTALE_BACKEND: 'cluster', TELLTALE_PARTITIONS: String(PARTITIONS), TELLTALE_MASTER_KEY: masterKey.toString('base64'), KAFKA_BROKERS: brokers.join(','), CLICKHOUSE_URL: clickhouseUrl }; // prettier-ignore
  const enrichers: Enricher[] = [];
  try {
    for (let i = 0; i < processes; i++) enrichers.push(await spawnEnricher(env));
    const watched = await watchLoad({
      events,
      signal,
      done: async () => Number((await rows.query<{ n: string }>('SELECT count() AS n FROM telltale.events'))[0]?.n),
      cpu: () => sum(enrichers.map(({ pid }) => cpuSeconds(pid))),
      async check() {
        enrichers.forEach((enricher) => enricher.check());
        await Promise.all(enrichers.map((enricher) => enricher.noteStart()));
      },
    });
    const [counted] = await rows.query<{ n: string }>(COUNT_SERIES);
    const gc = sum(await Promise.all(enrichers.map((enricher) => enricher.gcSeconds())));
    return {
      ...watched,
      startCpuSeconds: sum(enrichers.map((enricher) => enricher.startCpuSeconds())),
      peakMb: Math.max(...enrichers.map(({ pid }) => peakMb(pid))),
      gcShare: gc / watched.cpuSeconds,
      series: Number(counted?.n),
    };
  } finally {
    await Promise.all(enrichers.map((enricher) => enricher.stop()));
  }
}

/** Kafka → all enrichment → rows durable in ClickHouse and events on Kafka, exactly once. Answers why it cannot be measured, as text. */
export async function runEnrichers(load: EnricherLoad): Promise<EnricherRun | string> {
  const { systemClock } = await import('@telltale/platform-telemetry');
  return withBenchStores(async (stores) => {
    const masterKey = randomBytes(32);
    const bytesPerEvent = await fill(stores.broker, load, masterKey, systemClock.now());
    const figures = await measureEnrichers(stores, { ...load, masterKey });
    return {
      ...figures,
      bytesPerEvent,
      how: `${load.events} events (${load.input}), ${PARTITIONS} tasks; Node ${process.version}; ${stores.how}`,
    };
  });
}
