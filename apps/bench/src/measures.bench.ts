import { type EventRecord, TOPICS } from '@telltale/contracts';
import { createMeasures } from '@telltale/domain-metrics';
import { isoTime } from '@telltale/kernel';
import { enricherConfig, enricherService } from '@telltale/pipeline-enrich';
import { expectSync, type LogRecord } from '@telltale/streaming';

const TASKS = 6;
const BATCH_MS = 200;
const SECONDS = 20;
const SERIES = 300;
const START = Date.UTC(2026, 10, 23, 12);
const NO_OTLP = { decode: () => ({ groups: [], problems: [] }), pick: (body: Buffer) => body };

/** Calls of 10 tools of 30 services. */
const eventAt = (i: number, ts: number): object => ({
  id: `e${i}`,
  ts,
  kind: 'tool',
  service_name: `bot-${i % 30}`,
  name: `tool-${Math.floor(i / 30) % (SERIES / 30)}`,
  duration_ms: 50 + ((i * 37) % 900),
});

interface Totals {
  records: number;
  bytes: number;
}

/** Measures of so many values a second over six tasks: as records of every batch, as they would be without being held back, and as they are. */
function measuresOf(valuesPerSecond: number) {
  const topology = enricherService.open(enricherConfig.parse({}), {
    retentionDays: 30,
    encryptor: { decrypt: (_tenant, _day, encrypted) => Buffer.from(encrypted) },
    otlp: { traces: { protobuf: NO_OTLP, json: NO_OTLP }, logs: { protobuf: NO_OTLP, json: NO_OTLP } },
    pseudonymKeyOf: () => Buffer.alloc(32, 7),
    measurePartitions: TASKS,
  });
  const before: Totals = { records: 0, bytes: 0 };
  const after: Totals = { records: 0, bytes: 0 };
  let stateBytes = 0;
  let values = 0;
  const perBatch = (valuesPerSecond * BATCH_MS) / 1000 / TASKS;
  for (let task = 0; task < TASKS; task++) {
    const sut = topology.createTask(task, new Map());
    const each = createMeasures({ admits: () => true });
    for (let batch = 0; batch * BATCH_MS < SECONDS * 1000; batch++) {
      const now = START + batch * BATCH_MS;
      const [from, to] = [batch, batch + 1].map((n) => Math.floor(n * perBatch)) as [number, number];
      const events = Array.from({ length: to - from }, (_, i) => eventAt((from + i) * TASKS + task, now - 50));
      const record: LogRecord = { topic: TOPICS.raw.name, partition: task, offset: batch, key: null, value: Buffer.from(JSON.stringify(events)), headers: {}, timestampMs: now }; // prettier-ignore
      const source = `telltale.enricher/${task}`;
      const effects = expectSync(sut.process(events.length > 0 ? [record] : [], { source, partition: task, now }));
      values += events.length;
      for (const { topic, value } of effects.outputs) {
        if (topic === TOPICS.events.name) each.add(JSON.parse(String(value)) as EventRecord, now - 50);
        if (topic !== TOPICS.measures.name) continue;
        after.records++;
        after.bytes += String(value).length;
      }
      each.endBatch();
      for (const measure of each.flush()) {
        before.records++;
        before.bytes += JSON.stringify({ ...measure, source, watermark: isoTime(now) }).length;
      }
      for (const [key, value] of effects.state)
        if (/^(held\/|released)/.test(key)) stateBytes += key.length + (value?.length ?? 0);
    }
  }
  return { before, after, stateBytes, values };
}

const rounded = (value: number): number => Number(value.toPrecision(2));

/** What measures cost on their topic and in state, for each value. */
export function benchMeasures(): Promise<Record<string, number>> {
  const figures = [100, 1_000, 20_000].flatMap((rate) => {
    const { before, after, stateBytes, values } = measuresOf(rate);
    const of = `_at_${rate}_values`;
    return [
      [`measure_records_per_value_each_batch${of}`, rounded(before.records / values)],
      [`measure_records_per_value${of}`, rounded(after.records / values)],
      [`measure_bytes_per_value_each_batch${of}`, rounded(before.bytes / values)],
      [`measure_bytes_per_value${of}`, rounded(after.bytes / values)],
      [`measure_state_bytes_per_value${of}`, rounded(stateBytes / values)],
    ] as const;
  });
  return Promise.resolve(Object.fromEntries(figures));
}
