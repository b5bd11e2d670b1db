import { TOPICS } from '@telltale/contracts';
import { enricherConfig, enricherService } from '@telltale/pipeline-enrich';
import { expectSync, type LogRecord, type OutputRecord } from '@telltale/streaming';
import { benchRecords } from './bench-events';

const NO_OTLP = { decode: () => ({ groups: [], problems: [] }), pick: (body: Buffer) => body };

export const recordAt = (timestampMs: number) => (topic: string, value: Buffer | string | null, key: string | null, headers = {}): LogRecord => ({ topic, partition: 0, offset: 0, key, value: Buffer.from(value ?? ''), headers, timestampMs }); // prettier-ignore

/** Records of events as the enricher writes them at `start`, ms since the epoch. */
export function enrichedEvents(count: number, start: number): OutputRecord[] {
  const key = Buffer.alloc(32, 7);
  const enricher = enricherService
    .open(enricherConfig.parse({}), {
      retentionDays: 30,
      encryptor: { decrypt: (_tenant, _day, encrypted) => Buffer.from(encrypted) },
      otlp: { traces: { protobuf: NO_OTLP, json: NO_OTLP }, logs: { protobuf: NO_OTLP, json: NO_OTLP } },
      pseudonymKeyOf: () => key,
      measurePartitions: 1,
    })
    .createTask(0, new Map());
  const recordOf = recordAt(start);
  const { records } = benchRecords(0, count, start - 600_000);
  const raw = records.map(({ value, headers }) => recordOf(TOPICS.raw.name, value, null, headers));
  return expectSync(enricher.process(raw, { source: 'bench/0', partition: 0, now: start })).outputs.filter(
    ({ topic }) => topic === TOPICS.events.name,
  );
}
