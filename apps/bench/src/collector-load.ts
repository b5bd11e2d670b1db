import { TOPICS } from '@telltale/contracts';
import { type Broker, type RowStore } from '@telltale/streaming';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_SPAN_MS, collectorRecords } from './bench-events';
import { type BenchStores } from './bench-stores';
import { COLLECTOR_TABLE, collectorConfig, type CollectorMode } from './collector-config';
import { spawnCollector } from './collector-process';
import { cpuSeconds, peakMb } from './process-figures';
import { throwIfStopped, type Watched, watchLoad } from './watch-load';

const TOPIC = TOPICS.otlpSpans.name;
/** Spans of one request to Kafka: whole records. */
const AT_ONCE = 4_800;

/** Writes spans of the last minute to the topic of Collectors. Answers the bytes of a span on it. */
export async function fillSpans(broker: Broker, events: number, signal: AbortSignal): Promise<number> {
  const { systemClock } = await import('@telltale/platform-telemetry');
  const start = systemClock.now() - BENCH_SPAN_MS;
  let bytes = 0;
  for (let i = 0; i < events; i += AT_ONCE) {
    throwIfStopped(signal);
    const records = collectorRecords(i, Math.min(events, i + AT_ONCE), start);
    for (const { value } of records) bytes += value.length;
    await broker.produce(records);
  }
  return bytes / events;
}

/** Part of the topic that the group has done, 0 to 1. */
async function shareDone(broker: Broker, groupId: string): Promise<number> {
  const [[topic], done] = await Promise.all([broker.describe([TOPIC]), broker.groupOffsets(groupId, [TOPIC])]);
  const ends = (topic?.partitions ?? []).reduce((all, { end }) => all + end, 0);
  return (done.get(TOPIC) ?? []).reduce((all, { offset }) => all + offset, 0) / ends;
}

/** A figure of a Collector that lost spans, or stored some twice, would be no figure. */
async function requireEachOnce(rows: RowStore, table: string, events: number, said: string): Promise<void> {
  const [found] = await rows.query<{ n: string; spans: string }>(`SELECT count() AS n, uniqExact(TraceId, SpanId) AS spans FROM ${table}`); // prettier-ignore
  if (Number(found?.n) !== events || Number(found?.spans) !== events)
    throw new Error(`the Collector made ${found?.n} rows of ${found?.spans} spans in ${table}, not ${events}: ${said}`);
}

export interface CollectorRun extends Watched {
  readonly peakMb: number;
}

/** The Collector, from the start of the topic until every span is in its table; of `nop`, until its offset is committed. */
export async function measureCollector(
  { broker, rows, brokers, clickhouseUrl, home }: BenchStores,
  { path, mode, events, signal }: { readonly path: string; readonly mode: CollectorMode; readonly events: number; readonly signal: AbortSignal }, // prettier-ignore
): Promise<CollectorRun> {
  const groupId = `bench-collector-${mode}`;
  const database = `collector_${mode}`;
  const queueFolder = join(home, groupId);
  mkdirSync(queueFolder);
  const table = `${database}.${COLLECTOR_TABLE}`;
  /** None before the Collector has created its table. */
  async function stored(): Promise<number> {
    const tables = await rows.query(
      `SELECT name FROM system.tables WHERE database = '${database}' AND name = '${COLLECTOR_TABLE}'`,
    );
    return tables.length === 0 ? 0 : Number((await rows.query<{ n: string }>(`SELECT count() AS n FROM ${table}`))[0]?.n);
  }
  const done = mode === 'nop' ? async () => Math.floor(events * (await shareDone(broker, groupId))) : stored;
  const collector = spawnCollector(path, collectorConfig(mode, { brokers, groupId, clickhouseUrl, database, queueFolder }), queueFolder); // prettier-ignore
  let run: CollectorRun;
  try {
    const cpu = (): number => cpuSeconds(collector.pid);
    run = { ...(await watchLoad({ events, done, cpu, check: collector.check, signal })), peakMb: peakMb(collector.pid) };
  } finally {
    await collector.stop();
  }
  if (mode !== 'nop') await requireEachOnce(rows, table, events, collector.said());
  return run;
}
