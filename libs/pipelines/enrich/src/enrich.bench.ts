import { createHash } from 'node:crypto';
import { TOPICS, type NativeEvent } from '@telltale/contracts';
import { createErrorFingerprints } from '@telltale/domain-fingerprint';
import { createMeasures } from '@telltale/domain-metrics';
import { createPriceBook } from '@telltale/domain-pricing';
import { createPseudonyms } from '@telltale/domain-privacy';
import {
  adding,
  createDailyLimiter,
  createEffects,
  createTextArena,
  expectSync,
  type LogRecord,
  type StepResult,
} from '@telltale/streaming';
import { createDedupeStep } from './steps/dedupe.step';
import { enricherConfig } from './config';
import { enricherService } from './service';
import { createSessionSubjects, createTurnSubjects } from './state/turn-subjects';
import { createFindSubjectsStep } from './steps/find-subjects.step';
import { createFingerprintStep } from './steps/fingerprint.step';
import { createHashPromptStep } from './steps/hash-prompt.step';
import { type Decrypted, type EnrichContext, type Item, type Normalized } from './types';
import { readJsonItems } from './json-items';
import { createOperationCallers } from './state/operation-callers';
import { createTemplateState } from './state/template-state';
import { createAdmitNamesStep } from './steps/admit-names.step';
import { createAnnotateStep } from './steps/annotate.step';
import { createAggregateStep } from './steps/aggregate.step';
import { createNormalizeStep } from './steps/normalize.step';
import { type OtlpDecoder } from './options';
import { createPriceStep } from './steps/price.step';
import { createReadUnitsStep } from './steps/read-units.step';
import { createRedactStep } from './steps/redact.step';
import { createDedupeWindow } from './state/dedupe-window';
import { createSerializeStep } from './steps/serialize.step';

export interface EnrichFigures {
  readonly bytes_per_event: number;
  /** Mean microseconds an event, by step. */
  readonly us_by_step: Readonly<Record<string, number>>;
  readonly us_per_event: number;
  /** `process` over ranges of 1,000 events in memory. */
  readonly events_per_second: number;
}

const ANSWER_TEXT =
  'Your reservation has been moved to the later flight on Friday evening. The fare difference is covered by the airline because the first ' +
  'flight was cancelled, and both of your bags stay checked in. Seats 14C and 14D are together, as you asked. Is there anything else I can do? ';

const hex = (text: string, chars: number): string => createHash('sha256').update(text).digest('hex').slice(0, chars);

/** Half calls of a model, half calls of a tool, about 1.5 KB each. */
function eventAt(i: number, ts: number): NativeEvent {
  const base = {
    ts: new Date(ts + i * 7).toISOString(), service_name: `service-${i % 3}`, service_version: '2.4.1', deployment_environment: 'production',
    session_id: hex(`s${i >> 4}`, 24), trace_id: hex(`t${i >> 2}`, 32), span_id: hex(`p${i}`, 16), parent_span_id: hex(`t${i >> 2}`, 16),
    user_id: `user-${i % 500}`, duration_ms: 200 + ((i * 37) % 900), status: 'ok' as const, attributes: { region: 'eu-west-1', attempt: 1, 'http.route': '/chat' },
  }; // prettier-ignore
  if (i % 2 === 0)
    return {
      ...base, kind: 'llm', name: 'chat gpt-4o', provider: 'openai', request_model: 'gpt-4o', response_model: 'gpt-4o-2024-08-06',
      usage: { input_tokens: 900 + (i % 100), cache_read_tokens: 400, output_tokens: 120 }, finish_reasons: ['stop'], time_to_first_token_ms: 180,
      input: [{ role: 'user', content: `Please move my reservation ${hex(`r${i}`, 6).toUpperCase()} to a later flight. ${ANSWER_TEXT}` }],
      output: [{ role: 'assistant', content: ANSWER_TEXT }], prompt_name: 'answer', prompt_version: 'v7',
    }; // prettier-ignore
  return {
    ...base, kind: 'tool', name: 'update_reservation_flights',
    tool: {
      name: 'update_reservation_flights', call_id: `call_${hex(`c${i}`, 24)}`,
      arguments: { reservation_id: hex(`r${i}`, 6), cabin: 'economy', flights: [{ flight_number: 'HAT136', date: '2024-05-20' }, { flight_number: 'HAT039', date: '2024-05-20' }] },
      result: { status: 'confirmed', note: ANSWER_TEXT, total: 155, seats: ['14C', '14D'], detail: ANSWER_TEXT, contact: `mia.li${i}@example.com` },
    },
  }; // prettier-ignore
}

const none: OtlpDecoder<never> = { decode: () => ({ groups: [], problems: [] }), pick: (body) => body };
const NOW = Date.UTC(2026, 10, 23, 12);
const ctx = (n: number): EnrichContext => ({ source: 'bench/0', partition: 0, now: NOW + n * 50, effects: createEffects() });

const recordOf = (n: number, events: number): LogRecord => ({
  topic: TOPICS.raw.name, partition: 0, offset: n, key: null, headers: {}, timestampMs: NOW,
  value: Buffer.from(JSON.stringify(Array.from({ length: events }, (_, i) => eventAt(n * events + i, NOW - 5_000)))),
}); // prettier-ignore

function value<T>(result: StepResult<T>): T {
  if (result.kind !== 'ok') throw new Error(`a bench event was not taken: ${result.kind}`);
  return result.value;
}

/** Milliseconds of processor time this process has had, which a busy machine does not stretch. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Microseconds an event by step and events per second of the whole, on one core, without any IO. `now` counts milliseconds. */
export function benchEnrich(now: () => number = cpuMs, seconds = 4): EnrichFigures {
  const key = Buffer.alloc(32, 7);
  const topology = enricherService.open(enricherConfig.parse({}), {
    retentionDays: 30,
    encryptor: { decrypt: (_tenant, _day, encrypted) => Buffer.from(encrypted) },
    otlp: { traces: { protobuf: none, json: none }, logs: { protobuf: none, json: none } },
    pseudonymKeyOf: () => key,
    measurePartitions: 6,
  });
  const perRecord = 100;
  const records = Array.from({ length: 200 }, (_, n) => recordOf(n, perRecord));
  const bytes = records.reduce((sum, record) => sum + (record.value?.length ?? 0), 0);

  const run = (until: number): { events: number; ms: number } => {
    const began = now();
    let events = 0;
    for (let round = 0; now() - began < until; round++) {
      const task = topology.createTask(0, new Map());
      for (let from = 0; from < records.length; from += 10) {
        const range = records.slice(from, from + 10);
        const effects = expectSync(task.process(range, ctx(round * 20 + from)));
        events += effects.outputs.length > 0 ? range.length * perRecord : 0;
        effects.release?.();
      }
    }
    return { events, ms: now() - began };
  };
  run((seconds * 1000) / 4);
  const whole = run((seconds * 1000) / 2);

  const us: Record<string, number> = {};
  const timed = <T>(step: string, work: () => T): T => {
    const began = now();
    const out = work();
    us[step] = (us[step] ?? 0) + (now() - began) * 1000;
    return out;
  };
  const table = createPriceBook();
  const normalize = createNormalizeStep(() => 30);
  const pseudonyms = createPseudonyms(() => key);
  const findSubjects = createFindSubjectsStep(pseudonyms, {
    turns: createTurnSubjects(new Map()),
    sessions: createSessionSubjects(new Map()),
  });
  const redact = createRedactStep(pseudonyms, { pseudonymKeyOf: () => key });
  const hashPrompt = createHashPromptStep(() => key);
  const toolPricesOf = () => new Map<string, never>();
  const readUnits = createReadUnitsStep(toolPricesOf);
  const price = createPriceStep({ priceBookOf: () => table, toolPricesOf });
  const fingerprint = createFingerprintStep(createErrorFingerprints(), createTemplateState(new Map(), 10_000));
  const annotate = createAnnotateStep();
  const admitNames = createAdmitNamesStep(createDailyLimiter('name/', new Map(), 1_000));
  const arena = createTextArena();
  const serialize = createSerializeStep(arena);
  const dedupe = createDedupeStep(createDedupeWindow(new Map(), 1_000_000));
  const callers = createOperationCallers(new Map());
  callers.startBatch(NOW);
  const measures = createMeasures({ admits: () => true, isShared: callers.isShared });
  const aggregate = createAggregateStep(measures);
  const context = ctx(0);
  let events = 0;
  for (const record of records) {
    const body = record.value ?? Buffer.alloc(0);
    const opened: Decrypted = {
      record,
      body,
      tenant: 'bench',
      format: 'native',
      encoding: 'json',
      receivedAt: NOW,
      backfill: false,
    };
    const found = timed('decode', () => readJsonItems(body));
    const items: Item[] = 'values' in found ? found.values.map((one) => ({ type: 'native', value: one })) : [];
    const normalized: Normalized[] = timed('normalize', () =>
      items.flatMap((item) => value(normalize({ opened, item }, context))),
    );
    const usageKnown = normalized.map((item) => adding(item, { isUsageEstimated: false }));
    const subjectsKnown = timed('find_subjects', () => findSubjects(usageKnown));
    const hashed = timed('hash_prompt', () => subjectsKnown.map((item) => value(hashPrompt(item, context))));
    const metered = timed('read_units', () => hashed.map((item) => value(readUnits(item, context))));
    const redacted = timed('redact', () => metered.map((item) => value(redact(item, context))));
    const priced = timed('price', () => redacted.map((item) => value(price(item, context))));
    const fingerprinted = timed('fingerprint', () => priced.map((item) => value(fingerprint(item, context))));
    const annotated = timed('annotate', () => fingerprinted.map((item) => value(annotate(item, context))));
    const admitted = timed('admit_names', () => annotated.map((item) => value(admitNames(item, context))));
    const serialized = timed('serialize', () => admitted.map((item) => value(serialize(item, context))));
    const fresh = timed('dedupe', () => serialized.map((item) => value(dedupe(item, context))));
    timed('aggregate', () => fresh.forEach((item) => aggregate(item, context)));
    events += fresh.length;
    if (record.offset % 10 === 9) {
      timed('flush', () => measures.endBatch());
      arena.release();
      arena.startBatch();
    }
  }
  const rounded = Object.fromEntries(Object.entries(us).map(([step, total]) => [step, Math.round((total / events) * 100) / 100]));
  return {
    bytes_per_event: Math.round(bytes / (records.length * perRecord)),
    us_by_step: rounded,
    us_per_event: Math.round((whole.ms * 1e5) / whole.events) / 100,
    events_per_second: Math.round((whole.events * 1000) / whole.ms),
  };
}
