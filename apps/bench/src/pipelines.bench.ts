import { type TopicSpec, TOPICS } from '@telltale/contracts';
import { costsService } from '@telltale/pipeline-costs';
import { enricherConfig, enricherService } from '@telltale/pipeline-enrich';
import { turnsConfig, turnsService } from '@telltale/pipeline-turns';
import { type BatchEffects, expectSync, type LogRecord, type OutputRecord, type TaskProcessor } from '@telltale/streaming';
import { benchRecords } from './bench-events';

const EVENTS = 60_000;
const PER_BATCH = 1_000;
const BATCH_MS = 200;
const START = Date.UTC(2026, 10, 23, 12);
const NO_OTLP = { decode: () => ({ groups: [], problems: [] }), pick: (body: Buffer) => body };

const recordsOf = (topic: TopicSpec, outputs: readonly OutputRecord[], from: number): LogRecord[] =>
  outputs
    .filter((output) => output.topic === topic.name)
    .map(({ value, key, headers = {} }, i) => ({ topic: topic.name, partition: 0, offset: from + i, key, value: Buffer.from(value ?? ''), headers, timestampMs: START })); // prettier-ignore

interface Run {
  readonly outputs: readonly OutputRecord[][];
  readonly cpuSeconds: number;
  readonly stateBytes: number;
}

function run(task: TaskProcessor, batches: readonly (readonly LogRecord[])[]): Run {
  const outputs: OutputRecord[][] = [];
  let stateBytes = 0;
  const before = process.cpuUsage();
  batches.forEach((batch, i) => {
    const effects: BatchEffects = expectSync(task.process(batch, { source: 'bench/0', partition: 0, now: START + i * BATCH_MS }));
    outputs.push(effects.outputs);
    for (const [key, value] of effects.state) stateBytes += key.length + (value?.length ?? 0);
  });
  const { user, system } = process.cpuUsage(before);
  return { outputs, cpuSeconds: (user + system) / 1e6, stateBytes };
}

const bytesPerEvent = ({ outputs }: Run, topic: TopicSpec): number => {
  let bytes = 0;
  for (const output of outputs.flat()) if (output.topic === topic.name) bytes += output.value?.length ?? 0;
  return Math.round(bytes / EVENTS);
};

/** What an event becomes on the way: bytes by topic, and the processor time of the services that read events, in memory and without any IO. */
export function benchPipelines(): Promise<Record<string, number>> {
  const key = Buffer.alloc(32, 7);
  const enricher = enricherService.open(enricherConfig.parse({}), {
    retentionDays: 30,
    encryptor: { decrypt: (_tenant, _day, encrypted) => Buffer.from(encrypted) },
    otlp: { traces: { protobuf: NO_OTLP, json: NO_OTLP }, logs: { protobuf: NO_OTLP, json: NO_OTLP } },
    pseudonymKeyOf: () => key,
    measurePartitions: 6,
  });
  let rawBytes = 0;
  const raw = Array.from({ length: EVENTS / PER_BATCH }, (_, i) => {
    const { records, bytes } = benchRecords(i * PER_BATCH, (i + 1) * PER_BATCH, START - 600_000);
    rawBytes += bytes;
    return recordsOf(TOPICS.raw, records, i * PER_BATCH);
  });
  const enriched = run(enricher.createTask(0, new Map()), raw);
  const events = enriched.outputs.map((outputs, i) => recordsOf(TOPICS.events, outputs, i * PER_BATCH));
  const turns = run(
    turnsService.open(turnsConfig.parse({ TURNS_QUIET_MS: 1_000 }), { measurePartitions: 6 }).createTask(0, new Map()),
    events,
  );
  const costs = run(costsService.open({}).createTask(0, new Map()), events);
  const rate = ({ cpuSeconds }: Run): number => Math.round(EVENTS / cpuSeconds);
  return Promise.resolve({
    raw_bytes_per_event: Math.round(rawBytes / EVENTS),
    events_topic_bytes_per_event: bytesPerEvent(enriched, TOPICS.events),
    turns_topic_bytes_per_event: bytesPerEvent(turns, TOPICS.turns),
    enricher_state_bytes_per_event: Math.round(enriched.stateBytes / EVENTS),
    turns_state_bytes_per_event: Math.round(turns.stateBytes / EVENTS),
    turns_events_per_second_per_core: rate(turns),
    costs_events_per_second_per_core: rate(costs),
  });
}
