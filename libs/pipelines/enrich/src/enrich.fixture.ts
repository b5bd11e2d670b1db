import { type EventRecord, type Measure, type MeasuresRecord, TOPICS } from '@telltale/contracts';
import { applyState, expectSync, type LogRecord, type BatchEffects, type Topology } from '@telltale/streaming';
import { PermanentError } from '@telltale/kernel';
import { enricherConfig } from './config';
import { type EnrichOptions, type OtlpDecoder } from './options';
import { enricherService } from './service';
import { type EnrichDefaults } from './settings';

export const T = Date.UTC(2026, 0, 31, 12);

const none: OtlpDecoder<never> = { decode: () => ({ groups: [], problems: [] }), pick: (body) => body };

export const testOptions = (of: Partial<EnrichOptions> = {}): EnrichOptions => ({
  // A encryptor that turns the bytes around, and knows one day.
  encryptor: {
    decrypt: (tenant, keyId, encrypted) => {
      if (keyId !== '2026-01-31' || tenant !== 'acme') throw new PermanentError('rejected', 'no key');
      return Buffer.from(encrypted).reverse();
    },
  },
  otlp: { traces: { protobuf: none, json: none }, logs: { protobuf: none, json: none } },
  pseudonymKeyOf: (tenant) => Buffer.from(`key of ${tenant}`),
  measurePartitions: 1,
  ...of,
});

export const encrypted = (body: string): Buffer => Buffer.from(body).reverse();

export const record = (value: unknown, of: Partial<LogRecord> = {}): LogRecord => ({
  topic: TOPICS.raw.name,
  partition: 0,
  offset: 0,
  key: null,
  value:
    value === null
      ? null
      : Buffer.isBuffer(value)
        ? value
        : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers: {},
  timestampMs: T,
  ...of,
});

export const native = (of: Record<string, unknown> = {}): Record<string, unknown> => ({
  kind: 'llm',
  ts: T - 1_000,
  service_name: 'bot',
  name: 'chat',
  duration_ms: 5,
  ...of,
});

/** The enricher with these defaults. */
export const newTestTopology = (
  { defaultTenant = 'acme', privacy = 'mask', retentionDays = 30 }: Partial<EnrichDefaults> = {},
  of: Partial<EnrichOptions> = {},
): Topology =>
  enricherService.open(enricherConfig.parse({ ENRICHER_DEFAULT_TENANT: defaultTenant, ENRICHER_DEFAULT_PRIVACY_MODE: privacy }), {
    ...testOptions(of),
    retentionDays,
  });

/** A task with its state topic beside it. */
export function newTestEnricher(
  { defaults, ...of }: Partial<EnrichOptions> & { defaults?: Partial<EnrichDefaults> } = {},
  restored: ReadonlyMap<string, Buffer> = new Map(),
) {
  const state = new Map(restored);
  const sut = newTestTopology(defaults, of).createTask(0, restored);
  const process = (records: readonly LogRecord[], now: number) =>
    sut.process(records, { source: 'telltale.enricher/0', partition: 0, now });
  const keep = (effects: BatchEffects): BatchEffects => {
    applyState(state, effects.state);
    return effects;
  };
  const run = (records: readonly LogRecord[], now = T): BatchEffects => keep(expectSync(process(records, now)));
  const runLater = async (records: readonly LogRecord[], now = T): Promise<BatchEffects> => keep(await process(records, now));
  const of_ = <R>(topic: string, { outputs }: BatchEffects): R[] =>
    outputs.filter((o) => o.topic === topic).map((o) => JSON.parse(String(o.value)) as R);
  return {
    sut,
    state,
    run,
    runLater,
    events: (effects: BatchEffects) => of_<EventRecord>(TOPICS.events.name, effects),
    measureRecords: (effects: BatchEffects) => of_<MeasuresRecord>(TOPICS.measures.name, effects),
    measures: (effects: BatchEffects): Measure[] =>
      of_<MeasuresRecord>(TOPICS.measures.name, effects).flatMap(({ measures }) => measures),
  };
}
