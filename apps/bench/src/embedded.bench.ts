import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCH_SPAN_MS, benchRecords } from './bench-events';

const EVENTS = 60_000;
const AT_ONCE = 5_000;

/** Embedded end to end: raw log → all enrichment → rows durable in the in-process engine and events on the topic, exactly once. */
export async function benchEmbedded(): Promise<{
  embedded_events_per_second: number;
  embedded_events_per_second_per_core: number;
  embedded_event_bytes: number;
  embedded_log_bytes_per_event: number;
  table_bytes_per_event: number;
}> {
  const [{ startStandalone }, { systemClock }] = await Promise.all([
    import('@telltale/app-standalone'),
    import('@telltale/platform-telemetry'),
  ]);
  const home = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  try {
    const filling = await startStandalone({ home, targets: ['gateway'], port: 0, grpcPort: null, quiet: true, env: {} });
    let bytes = 0;
    for (let i = 0; i < EVENTS; i += AT_ONCE) {
      const batch = benchRecords(i, i + AT_ONCE, systemClock.now() - BENCH_SPAN_MS);
      bytes += batch.bytes;
      await filling.broker.produce(batch.records);
    }
    await filling.stop();
    const cpu = process.cpuUsage();
    const from = systemClock.monotonic();
    const running = await startStandalone({ home, targets: ['enricher'], port: 0, grpcPort: null, quiet: true, env: {} });
    let seen = 0;
    while (seen < EVENTS) {
      await systemClock.sleep(100);
      seen = Number((await running.rows.query<{ n: string }>('SELECT count() AS n FROM telltale.events'))[0]?.n);
    }
    const seconds = (systemClock.monotonic() - from) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const [stored] = await running.rows.query<{ bytes: string }>("SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = 'telltale'"); // prettier-ignore
    await running.stop();
    return {
      embedded_events_per_second: Math.round(EVENTS / seconds),
      embedded_events_per_second_per_core: Math.round(EVENTS / ((user + system) / 1e6)),
      embedded_event_bytes: Math.round(bytes / EVENTS),
      embedded_log_bytes_per_event: Math.round(statSync(join(home, 'log', 'data.mdb')).size / EVENTS),
      table_bytes_per_event: Math.round(Number(stored?.bytes) / EVENTS),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
