import { type MeasureRecord, TOPICS } from '@telltale/contracts';
import { createMeasures } from '@telltale/domain-measure';
import { createPseudonyms, type Tally } from '@telltale/domain-privacy';
import {
  createPipeline,
  type LaneStage,
  type LogRecord,
  type OutputRecord,
  type PipelineResult,
  type RangeContext,
  type RangeEffects,
  type Rejection,
  type TokenCounter,
} from '@telltale/engine';
import { isoTime } from '@telltale/kernel';
import { countCuts } from '../stream/bounded-keys';
import { createDecodeStep } from './decode.step';
import { createDedupeStep } from './dedupe.step';
import { estimateUsage, lacksUsage } from './estimate-usage';
import { createFingerprintStep } from './fingerprint.step';
import { type Decoded, type Draft, type Item, type Opened } from './flow';
import { createKnownIntents } from './known-intents';
import { createKnownSeries } from './known-series';
import { createKnownTemplates } from './known-templates';
import { createKnownTenants } from './known-tenants';
import { createMeaningStep } from './meaning.step';
import { createMeasureStep } from './measure.step';
import { createNormaliseStep, type DecodedItem } from './normalise.step';
import { createOpenTurns } from './open-turns';
import { createOpenStep, tenantOf } from './open.step';
import { type EnrichOptions, type EnrichParts } from './options';
import { createPriceStep } from './price.step';
import { createRedactStep } from './redact.step';
import { createSeenIds } from './seen-ids';
import { createSerialiseStep } from './serialise.step';
import { policiesOf, retentionOf } from './settings';
import { isBackfill, storedAmong } from './stored-events';
import { createToldPseudonyms } from './told-pseudonyms';

const WATERMARK = 'watermark';
const NONE_STORED = (): boolean => false;
type Refused = Extract<PipelineResult<unknown>, { kind: 'dlq' }>;
/** A record that was read, and what became of each of its items. */
interface Read {
  readonly record: LogRecord;
  readonly result: PipelineResult<Decoded>;
  readonly parts: readonly { readonly item: Item; readonly normalised: PipelineResult<Draft[]> }[];
}

const draftsIn = (normalised: PipelineResult<Draft[]>): readonly Draft[] => (normalised.kind === 'ok' ? normalised.value : []);

/** The item as a body that could be sent again. */
const bodyOf = (item: Item, opened: Opened): Buffer | string =>
  item.type === 'otlp-traces' || item.type === 'otlp-logs'
    ? item.decoder.pick(opened.body, [item.index])
    : JSON.stringify(item.value);

/** One lane of the enricher: the road of a record, and the state that a range leaves behind. */
export function createEnrichLane(options: EnrichOptions, parts: EnrichParts, restored: ReadonlyMap<string, Buffer>): LaneStage {
  const { settings } = parts;
  const seen = createSeenIds(restored, options.maxIds ?? 4_000_000);
  const series = createKnownSeries(restored, options.maxSeriesPerTenant ?? 10_000);
  const templates = createKnownTemplates(restored, options.maxTemplates ?? 10_000);
  const intents = createKnownIntents(restored);
  const tenants = createKnownTenants(restored, options.maxTenants);
  const turns = createOpenTurns(restored, options);
  const told = options.subjectKeys && createToldPseudonyms(options.subjectKeys);
  const measures = createMeasures({ admits: series.admits });
  let counts: Record<string, number> = {};
  let watermark = Number(restored.get(WATERMARK)?.toString() ?? 0);

  const count = (what: string, by = 1): void => {
    if (by > 0) counts[what] = (counts[what] ?? 0) + by;
  };
  const onTally = ({ masked, failed }: Tally): void => {
    count('redactions', masked);
    count('redactions_failed', failed);
  };

  const ofRecord = createPipeline<LogRecord, RangeContext>()
    .then(createOpenStep(options.seal, settings.defaultTenant))
    .then(createDecodeStep(options.otlp));
  const ofItem = createPipeline<DecodedItem, RangeContext>().then(createNormaliseStep(retentionOf(settings)));
  const ofEvent = createPipeline<Draft, RangeContext>()
    .then(
      createRedactStep(createPseudonyms(options.pseudonymKeyOf), onTally, {
        pseudonymKeyOf: options.pseudonymKeyOf,
        policyOf: policiesOf(settings),
        ...(told && {
          onPseudonym: ({ tenant, user_id, expires_on }, pseudonym, value) =>
            told.note(tenant, user_id, pseudonym, value, expires_on),
        }),
      }),
    )
    .then(createPriceStep(parts.priceBook, (gap) => count(`calls_${gap}`)))
    .then(createFingerprintStep(parts.fingerprints, templates));
  /** Once all of a range is known to its turn. */
  const toOutput = createPipeline<Draft, RangeContext>()
    .then(createMeaningStep(intents))
    .then(createSerialiseStep())
    .then(createDedupeStep(seen))
    .then(createMeasureStep(measures));

  function read(record: LogRecord, ctx: RangeContext): Read {
    const result = ofRecord.run(record, ctx);
    if (result.kind !== 'ok') return { record, result, parts: [] };
    const { opened, items } = result.value;
    return { record, result, parts: items.map((item) => ({ item, normalised: ofItem.run({ opened, item }, ctx) })) };
  }

  /** Waits only where tokens have to be counted, or the tables asked. Nothing of the lane changes before `take`, so it can be called again. */
  function process(records: readonly LogRecord[], ctx: RangeContext): RangeEffects | Promise<RangeEffects> {
    counts = {};
    const all = records.map((record) => read(record, ctx));
    const drafts = all.flatMap(({ parts }) => parts.flatMap(({ normalised }) => draftsIn(normalised)));
    const counter = drafts.some(lacksUsage) ? options.tokenCounter : undefined;
    const ask = options.storedEvents;
    if (!counter && !(ask && drafts.some(isBackfill))) return take(all, ctx, NONE_STORED);
    return prepare(drafts, counter).then((isStored) => take(all, ctx, isStored));
  }

  async function prepare(drafts: Draft[], counter: TokenCounter | undefined): Promise<(draft: Draft) => boolean> {
    const isStored = options.storedEvents ? await storedAmong(drafts, options.storedEvents) : NONE_STORED;
    if (counter) await estimateUsage(drafts, counter, count);
    return isStored;
  }

  function take(all: readonly Read[], ctx: RangeContext, isStored: (draft: Draft) => boolean): RangeEffects {
    const outputs: OutputRecord[] = [];
    const events: string[] = [];
    const rejections: Rejection[] = [];
    const state = new Map<string, Buffer | string | null>();
    count('event_ids_over_limit', seen.begin(ctx.now));
    turns.begin(ctx.now);
    tenants.begin(ctx.now);
    const ready: { readonly opened: Opened; readonly item: Item; readonly drafts: Draft[]; refused: Refused | null }[] = [];
    series.begin(ctx.now);
    let latest = watermark;

    function rejectPart(opened: Opened, { reason, step, error }: Omit<Refused, 'kind'>, value: Buffer | string): void {
      const headers = { 'tt-format': opened.format, 'tt-encoding': opened.encoding };
      rejections.push({ record: opened.record, reason, step, error, part: { value, headers }, tenant: opened.tenant });
    }

    function takeItem(opened: Opened, item: Item, normalised: PipelineResult<Draft[]>): void {
      if (normalised.kind === 'dlq') return rejectPart(opened, normalised, bodyOf(item, opened));
      if (normalised.kind !== 'ok') return;
      const drafts: Draft[] = [];
      let refused: Refused | null = null;
      for (const draft of normalised.value) {
        // Before its turn hears of it: a turn that is stored is not written again.
        if (isStored(draft)) {
          count('dropped_stored');
          continue;
        }
        const result = ofEvent.run(draft, ctx);
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

    function write(draft: Draft): Refused | null {
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
        for (const { item, normalised } of parts) takeItem(opened, item, normalised);
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
    count('series_othered', measures.othered);
    latest = Math.min(latest, ctx.now);
    for (const measure of measures.flush(ctx.source, latest))
      outputs.push({ topic: TOPICS.measures.name, key: placeOf(measure), value: JSON.stringify(measure) });
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
    const pseudonyms = told?.flush() ?? [];
    if (pseudonyms.length > 0) rows.set('pseudonyms', pseudonyms);
    return { outputs, rows, state, rejections, counts };
  }

  return { process, due: (now) => seen.due(now) || turns.due(now) };
}

/** Series of one service meet in one lane of the scorer, where what hangs together is seen together. */
const placeOf = ({ tenant, dimensions }: MeasureRecord): string => `${tenant}/${dimensions['service_name'] ?? ''}`;
