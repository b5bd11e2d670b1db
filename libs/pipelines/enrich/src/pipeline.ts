import { type MeasureRecord, TOPICS } from '@telltale/contracts';
import { createMeasures } from '@telltale/domain-metrics';
import { createPseudonyms, type RedactionCounts } from '@telltale/domain-privacy';
import {
  createPipeline,
  type TaskProcessor,
  type LogRecord,
  type OutputRecord,
  type PipelineResult,
  type BatchContext,
  type BatchEffects,
  type Rejection,
  type TokenCounter,
} from '@telltale/streaming';
import { isoTime } from '@telltale/kernel';
import { countCuts } from '@telltale/streaming';
import { createDecodeStep } from './steps/decode.step';
import { createDedupeStep } from './steps/dedupe.step';
import { estimateUsage, hasNoReportedUsage } from './estimate-usage';
import { createFingerprintStep } from './steps/fingerprint.step';
import { type Decoded, type EnrichingEvent, type Item, type DecryptedRecord } from './types';
import { createIntentState } from './state/intent-state';
import { createSeriesLimiter } from './state/series-limiter';
import { createTemplateState } from './state/template-state';
import { createKnownTenants } from './state/known-tenants';
import { createAnnotateStep } from './steps/annotate.step';
import { createAggregateStep } from './steps/aggregate.step';
import { createNormalizeStep, type DecodedItem } from './steps/normalize.step';
import { createTurnAssembler } from './state/turn-assembler';
import { createDecryptStep, tenantOf } from './steps/decrypt.step';
import { type EnrichOptions, type EnrichParts } from './options';
import { createPriceStep } from './steps/price.step';
import { createRedactStep } from './steps/redact.step';
import { createDedupeWindow } from './state/dedupe-window';
import { createSerializeStep } from './steps/serialize.step';
import { policiesOf, retentionOf } from './settings';
import { isBackfill, storedAmong } from './stored-events';
import { createPseudonymRegistry } from './state/pseudonym-registry';

const WATERMARK = 'watermark';
const NONE_STORED = (): boolean => false;
type Refused = Extract<PipelineResult<unknown>, { kind: 'dlq' }>;
/** A record that was read, and what became of each of its items. */
interface Read {
  readonly record: LogRecord;
  readonly result: PipelineResult<Decoded>;
  readonly parts: readonly { readonly item: Item; readonly normalized: PipelineResult<EnrichingEvent[]> }[];
}

const draftsIn = (normalized: PipelineResult<EnrichingEvent[]>): readonly EnrichingEvent[] =>
  normalized.kind === 'ok' ? normalized.value : [];

/** The item as a body that could be sent again. */
const bodyOf = (item: Item, opened: DecryptedRecord): Buffer | string =>
  item.type === 'otlp-traces' || item.type === 'otlp-logs'
    ? item.decoder.pick(opened.body, [item.index])
    : JSON.stringify(item.value);

/** One task of the enricher: the pipeline of a record, and the state that a range leaves behind. */
export function createEnrichTask(
  options: EnrichOptions,
  parts: EnrichParts,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const { settings } = parts;
  const seen = createDedupeWindow(restored, options.maxIds ?? 4_000_000);
  const series = createSeriesLimiter(restored, options.maxSeriesPerTenant ?? 10_000);
  const templates = createTemplateState(restored, options.maxTemplates ?? 10_000);
  const intents = createIntentState(restored);
  const tenants = createKnownTenants(restored, options.maxTenants);
  const turns = createTurnAssembler(restored, options);
  const registry = options.subjectKeys && createPseudonymRegistry(options.subjectKeys);
  const measures = createMeasures({ admits: series.admits });
  let counts: Record<string, number> = {};
  let watermark = Number(restored.get(WATERMARK)?.toString() ?? 0);

  const count = (what: string, by = 1): void => {
    if (by > 0) counts[what] = (counts[what] ?? 0) + by;
  };
  const onRedacted = ({ masked, failed }: RedactionCounts): void => {
    count('redactions', masked);
    count('redactions_failed', failed);
  };

  const recordPipeline = createPipeline<LogRecord, BatchContext>()
    .then(createDecryptStep(options.encryptor, settings.defaultTenant))
    .then(createDecodeStep(options.otlp));
  const itemPipeline = createPipeline<DecodedItem, BatchContext>().then(createNormalizeStep(retentionOf(settings)));
  const eventPipeline = createPipeline<EnrichingEvent, BatchContext>()
    .then(
      createRedactStep(createPseudonyms(options.pseudonymKeyOf), onRedacted, {
        pseudonymKeyOf: options.pseudonymKeyOf,
        policyOf: policiesOf(settings),
        ...(registry && {
          onPseudonym: ({ tenant, user_id, expires_on }, pseudonym, value) =>
            registry.note(tenant, user_id, pseudonym, value, expires_on),
        }),
      }),
    )
    .then(createPriceStep(parts.priceBook, (gap) => count(`calls_${gap}`)))
    .then(createFingerprintStep(parts.fingerprints, templates));
  /** Once all of a range is known to its turn. */
  const toOutput = createPipeline<EnrichingEvent, BatchContext>()
    .then(createAnnotateStep(intents))
    .then(createSerializeStep())
    .then(createDedupeStep(seen))
    .then(createAggregateStep(measures));

  function read(record: LogRecord, ctx: BatchContext): Read {
    const result = recordPipeline.run(record, ctx);
    if (result.kind !== 'ok') return { record, result, parts: [] };
    const { opened, items } = result.value;
    return { record, result, parts: items.map((item) => ({ item, normalized: itemPipeline.run({ opened, item }, ctx) })) };
  }

  /** Waits only where tokens have to be counted, or the tables asked. Nothing of the task changes before `take`, so it can be called again. */
  function process(records: readonly LogRecord[], ctx: BatchContext): BatchEffects | Promise<BatchEffects> {
    counts = {};
    const all = records.map((record) => read(record, ctx));
    const drafts = all.flatMap(({ parts }) => parts.flatMap(({ normalized }) => draftsIn(normalized)));
    const counter = drafts.some(hasNoReportedUsage) ? options.tokenCounter : undefined;
    const ask = options.storedEvents;
    if (!counter && !(ask && drafts.some(isBackfill))) return take(all, ctx, NONE_STORED);
    return prepare(drafts, counter).then((isStored) => take(all, ctx, isStored));
  }

  async function prepare(
    drafts: EnrichingEvent[],
    counter: TokenCounter | undefined,
  ): Promise<(draft: EnrichingEvent) => boolean> {
    const isStored = options.storedEvents ? await storedAmong(drafts, options.storedEvents) : NONE_STORED;
    if (counter) await estimateUsage(drafts, counter, count);
    return isStored;
  }

  function take(all: readonly Read[], ctx: BatchContext, isStored: (draft: EnrichingEvent) => boolean): BatchEffects {
    const outputs: OutputRecord[] = [];
    const events: string[] = [];
    const rejections: Rejection[] = [];
    const state = new Map<string, Buffer | string | null>();
    count('event_ids_over_limit', seen.begin(ctx.now));
    turns.begin(ctx.now);
    tenants.begin(ctx.now);
    const ready: {
      readonly opened: DecryptedRecord;
      readonly item: Item;
      readonly drafts: EnrichingEvent[];
      refused: Refused | null;
    }[] = [];
    series.begin(ctx.now);
    let latest = watermark;

    function rejectPart(opened: DecryptedRecord, { reason, step, error }: Omit<Refused, 'kind'>, value: Buffer | string): void {
      const headers = { 'tt-format': opened.format, 'tt-encoding': opened.encoding };
      rejections.push({ record: opened.record, reason, step, error, part: { value, headers }, tenant: opened.tenant });
    }

    function takeItem(opened: DecryptedRecord, item: Item, normalized: PipelineResult<EnrichingEvent[]>): void {
      if (normalized.kind === 'dlq') return rejectPart(opened, normalized, bodyOf(item, opened));
      if (normalized.kind !== 'ok') return;
      const drafts: EnrichingEvent[] = [];
      let refused: Refused | null = null;
      for (const draft of normalized.value) {
        // Before its turn hears of it: a turn that is stored is not written again.
        if (isStored(draft)) {
          count('dropped_stored');
          continue;
        }
        const result = eventPipeline.run(draft, ctx);
        if (result.kind === 'drop') count(`dropped_${result.reason}`);
        else if (result.kind === 'dlq') refused ??= result;
        else if (result.kind === 'ok') {
          turns.note(result.value);
          tenants.touch(result.value.event.tenant);
          drafts.push(result.value);
        }
      }
      ready.push({ opened, item, drafts, refused });
    }

    function write(draft: EnrichingEvent): Refused | null {
      const result = toOutput.run(draft, ctx);
      if (result.kind === 'drop') count(`dropped_${result.reason}`);
      if (result.kind === 'dlq') return result;
      if (result.kind !== 'ok') return null;
      const { event, json, at } = result.value;
      outputs.push({ topic: TOPICS.events.name, key: event.session_id || event.trace_id || event.id, value: json });
      events.push(json);
      if (at > latest) latest = at;
      return null;
    }

    for (const { record, result, parts } of all) {
      if (result.kind === 'drop') count(`dropped_${result.reason}`);
      else if (result.kind === 'dlq')
        rejections.push({
          record,
          reason: result.reason,
          step: result.step,
          error: result.error,
          tenant: tenantOf(record, settings.defaultTenant),
        });
      else if (result.kind === 'ok') {
        const { opened, refused } = result.value;
        for (const { reason, error, value } of refused) rejectPart(opened, { reason, step: 'decode', error }, value);
        for (const { item, normalized } of parts) takeItem(opened, item, normalized);
      }
    }

    for (const one of ready) {
      for (const draft of one.drafts) {
        turns.tie(draft);
        one.refused ??= write(draft);
      }
      if (one.refused) rejectPart(one.opened, one.refused, bodyOf(one.item, one.opened));
    }
    for (const { event, content, at } of turns.take()) {
      event.ts = isoTime(at);
      // Nothing in it is new or long: it is made of events that were taken.
      if (write({ event, content, at, json: '' })) count('turns_refused');
    }

    count('events', events.length);
    count('series_overflow', measures.othered);
    latest = Math.min(latest, ctx.now);
    for (const measure of measures.flush(ctx.source, latest))
      outputs.push({ topic: TOPICS.measures.name, key: measureKeyOf(measure), value: JSON.stringify(measure) });
    if (latest !== watermark) state.set(WATERMARK, String(latest));
    watermark = latest;
    seen.flush(state);
    series.flush(state);
    const idle = tenants.flush(state);
    for (const { tenant } of idle) {
      templates.forget(tenant);
      intents.forget(tenant);
    }
    countCuts('tenants', idle, count);
    const newTemplates = templates.flush(state).map((row) => JSON.stringify(row));
    turns.flush(state, count);
    intents.flush(state);
    const rows = new Map<string, readonly string[]>();
    if (events.length > 0) rows.set('events', events);
    if (newTemplates.length > 0) rows.set('log_templates', newTemplates);
    const pseudonyms = registry?.flush() ?? [];
    if (pseudonyms.length > 0) rows.set('pseudonyms', pseudonyms);
    return { outputs, rows, state, rejections, counts };
  }

  return { process, due: (now) => seen.due(now) || turns.due(now) };
}

/** Series of one service meet in one task of the scorer, where what hangs together is seen together. */
const measureKeyOf = ({ tenant, dimensions }: MeasureRecord): string => `${tenant}/${dimensions['service_name'] ?? ''}`;
