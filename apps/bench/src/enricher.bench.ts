import { ALL_TOPICS } from '@telltale/contracts';
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchRecords } from './bench-events';

const EVENTS = 100_000;
const AT_ONCE = 5_000;
const PARTITIONS = 2;
/** Clock ticks per second of /proc/<pid>/stat (`getconf CLK_TCK` is 100 on every Linux that Node runs on). */
const TICKS_PER_SECOND = 100;

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The most memory the process has held, MB. */
function peakMb(pid: number): number {
  const [, kb = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kb) / 1024);
}

/** Kafka → all enrichment → rows durable in ClickHouse and events on Kafka, exactly once: events per CPU second of the enricher's process. */
export async function benchEnricher(): Promise<Record<string, number | string>> {
  const [{ createClickHouseRowStore }, { createKafkaBroker }, { createLog, systemClock }, { startClickHouse, startKafka }] =
    await Promise.all([
      import('@telltale/adapter-clickhouse'),
      import('@telltale/adapter-kafka'),
      import('@telltale/platform-telemetry'),
      import('@telltale/testkit'),
    ]);
  const kafka = await startKafka();
  if ('unavailable' in kafka) return { enricher_events_per_second_per_core: `not measured: ${kafka.unavailable}` };
  const clickhouse = await startClickHouse();
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const broker = createKafkaBroker({
    brokers: kafka.brokers,
    clientId: 'bench',
    partitions: PARTITIONS,
    replicationFactor: 1,
    clock: systemClock,
    logger: createLog('bench', 'silent'),
  });
  const rows = createClickHouseRowStore({ url: clickhouse.url });
  try {
    await broker.ensureTopics(ALL_TOPICS);
    await rows.migrate('apply');
    for (let i = 0; i < EVENTS; i += AT_ONCE)
      await broker.produce(benchRecords(i, i + AT_ONCE, systemClock.now() - 600_000).records);
    const from = systemClock.monotonic();
    const child = spawn(process.execPath, ['--max-semi-space-size=64', join(__dirname, '..', 'enricher', 'main.cjs')], {
      env: { PATH: process.env['PATH'] ?? '', TELLTALE_HOME: home, TELLTALE_BACKEND: 'cluster', TELLTALE_PARTITIONS: String(PARTITIONS), TELLTALE_MASTER_KEY: randomBytes(32).toString('base64'), KAFKA_BROKERS: kafka.brokers.join(','), CLICKHOUSE_URL: clickhouse.url, HTTP_PORT: '0', LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }); // prettier-ignore
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      const pid = child.pid ?? 0;
      let seen = 0;
      /** When it had warmed up: what start and first compilation cost is in the other figures. */
      let warm: { readonly seen: number; readonly cpu: number } | null = null;
      while (seen < EVENTS) {
        if (child.exitCode !== null) throw new Error(`the enricher ended with ${child.exitCode}`);
        await systemClock.sleep(200);
        seen = Number((await rows.query<{ n: string }>('SELECT count() AS n FROM telltale.events'))[0]?.n);
        if (!warm && seen >= EVENTS / 5) warm = { seen, cpu: cpuSeconds(pid) };
      }
      const seconds = (systemClock.monotonic() - from) / 1000;
      const cpu = cpuSeconds(pid);
      return {
        enricher_events_per_second_per_core: Math.round(EVENTS / cpu),
        ...(warm &&
          warm.seen < EVENTS && {
            enricher_warm_events_per_second_per_core: Math.round((EVENTS - warm.seen) / (cpu - warm.cpu)),
          }),
        enricher_events_per_second: Math.round(EVENTS / seconds),
        enricher_peak_mb: peakMb(pid),
        enricher_how: `${EVENTS} events, ${PARTITIONS} tasks; ${kafka.how}; ${clickhouse.how}`,
      };
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  } finally {
    await broker.close();
    await rows.close();
    await clickhouse.stop();
    await kafka.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
