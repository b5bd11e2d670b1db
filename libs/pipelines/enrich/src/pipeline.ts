import { type EventRecord, TOPICS } from '@telltale/contracts';
import { createMeasures, releaseMeasures } from '@telltale/domain-metrics';
import { createPseudonyms } from '@telltale/domain-privacy';
import { isoTime } from '@telltale/kernel';
import {
  type BatchContext, type BatchEffects, type BatchResult, createBatchPipeline, createEffects, createTaskSettings, createTextArena, type Effects, type Failure, type LogRecord, type Rejection, reportResult, type TaskProcessor,
} from '@telltale/streaming'; // prettier-ignore
import { type EnrichOptions, type EnrichParts } from './options';
import { createTenantRules } from './settings';
import { createEnrichState } from './state/enrich-state';
import { createAdmitNamesStep } from './steps/admit-names.step';
import { createAggregateStep } from './steps/aggregate.step';
import { createAnnotateStep } from './steps/annotate.step';
import { bodyOf, createDecodeStep } from './steps/decode.step';
import { createDecryptStep, tenantOf } from './steps/decrypt.step';
import { createDedupeStep } from './steps/dedupe.step';
import { createDropStoredStep } from './steps/drop-stored.step';
import { createEstimateUsageStep } from './steps/estimate-usage.step';
import { createFindSubjectsStep } from './steps/find-subjects.step';
import { createFingerprintStep } from './steps/fingerprint.step';
import { createHashPromptStep } from './steps/hash-prompt.step';
import { createJoinPromptsStep } from './steps/join-prompts.step';
import { createMergeReportsStep } from './steps/merge-reports.step';
import { BACKFILL_AFTER_MS, createNormalizeStep } from './steps/normalize.step';
import { createPriceStep } from './steps/price.step';
import { createReadUnitsStep } from './steps/read-units.step';
import { createRedactStep } from './steps/redact.step';
import { createSerializeStep } from './steps/serialize.step';
import { createVolumes } from './volumes';
import { createTieToolsStep } from './steps/tie-tools.step';
import { type Decoded, type Decrypted, type EnrichContext, type Normalized, type Redacted, type Serialized } from './types';

type WritableEvent = Redacted & Serialized & Pick<Normalized, 'draft'>;

/** What goes to the DLQ of an item: a body of its own, which could be sent again. */
function rejectItem(decoded: Decoded, failure: Failure): Rejection {
  const { record, tenant, format, encoding } = decoded.opened;
  const headers = { 'tt-format': format, 'tt-encoding': encoding };
  return { record, ...failure, part: { value: bodyOf(decoded), headers }, tenant };
}

/** Raw records whose events are in memory at once: few, for what outlives a collection of garbage is copied by it. */
const SLICE_BYTES = 262_144;
/** Where the tables are asked whether they have the events: about a thousand, as many as one question may be about. */
const BACKFILL_SLICE_BYTES = 1_048_576;

/** The records in order, cut where a slice has enough bytes. */
function slicesOf(records: readonly LogRecord[], now: number): LogRecord[][] {
  const slices: LogRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const isBackfill = record.headers['tt-backfill'] === '1' || now - record.timestampMs > BACKFILL_AFTER_MS;
    if (bytes >= (isBackfill ? BACKFILL_SLICE_BYTES : SLICE_BYTES)) {
      slices.push([]);
      bytes = 0;
    }
    slices.at(-1)?.push(record);
    bytes += record.value?.length ?? 0;
  }
  return slices;
}

/** A batch in progress. A slice stays in `left` until it is through: when it fails, it alone is repeated. */
interface OpenBatch {
  readonly records: readonly LogRecord[];
  readonly batch: BatchContext;
  readonly effects: Effects;
  readonly left: LogRecord[][];
}

/** Events of one turn meet in one task. */
const eventKeyOf = (event: EventRecord): string => event.trace_id || event.session_id || event.id;

/** One task of the enricher: bodies as producers sent them in; whole events, their rows and their measures out. */
export function createEnrichTask(
  options: EnrichOptions,
  { defaults, fingerprints }: EnrichParts,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const { defaultTenant } = defaults;
  const { pseudonymKeyOf } = options;
  const state = createEnrichState(options, restored);
  const settings = createTaskSettings(['tenant', 'price', 'price_file', 'price_file_part', 'discount', 'tool_price'], restored);
  const rules = createTenantRules(settings, defaults);
  const arena = createTextArena();
  const measures = createMeasures({ admits: state.series.add, isShared: state.callers.isShared });
  state.held.restored.forEach(measures.restore);
  const volumes = createVolumes();
  const pseudonyms = createPseudonyms(pseudonymKeyOf);
  const privacy = { pseudonymKeyOf, policyOf: rules.policyOf, ...(state.pseudonyms && { registry: state.pseudonyms }) };
  const rejectRecord = (item: LogRecord | Decrypted, failure: Failure): Rejection => {
    const record = 'record' in item ? item.record : item;
    return { record, ...failure, tenant: tenantOf(record, defaultTenant) };
  };

  const pipeline = createBatchPipeline<LogRecord, EnrichContext, Rejection, LogRecord | Decrypted>(rejectRecord)
    .pipe(createDecryptStep(options.encryptor, defaultTenant))
    .expand(createDecodeStep(options.otlp), rejectItem) // a body becomes its items
    .expand(createNormalizeStep(rules.retentionOf), rejectItem) // an item becomes its events
    .gather(createDropStoredStep(options.storedEvents)) // may ask the tables: until here, and in the next step, no state has changed
    .gather(createEstimateUsageStep(options.tokenCounter))
    .gather(createJoinPromptsStep(state.prompts)) // work of coding agents to its prompt
    .gather(createMergeReportsStep()) // one request that two instrumentations report
    .gather(createTieToolsStep()) // calls of tools and of the models that asked for them
    .gather(createFindSubjectsStep(pseudonyms, { turns: state.subjects, sessions: state.sessionSubjects })) // people that a turn is about
    .pipe(createHashPromptStep(pseudonymKeyOf))
    .pipe(createReadUnitsStep(rules.toolPricesOf))
    .pipe(createRedactStep(pseudonyms, privacy)) // behind this line nothing is personal
    .pipe(createPriceStep(rules))
    .pipe(createFingerprintStep(fingerprints, state.templates))
    .pipe(createAnnotateStep())
    .pipe(createAdmitNamesStep(state.names)) // behind this line names are few
    .pipe(createSerializeStep(arena))
    .together(({ item }) => item) // an item goes on whole, or to the DLQ whole
    .pipe(createDedupeStep(state.ids))
    .pipe(createAggregateStep(measures));

  function write(items: readonly WritableEvent[], effects: Effects): void {
    for (const { event, json, draft } of items) {
      effects.output(TOPICS.events, eventKeyOf(event), json);
      effects.row('events', json);
      state.tenants.add(event.tenant);
      state.watermark.add(draft.at);
      volumes.add(event, json.length);
    }
    effects.count('events', items.length);
  }

  function finish({ batch, effects }: OpenBatch): BatchEffects {
    effects.count('series_overflow', measures.othered);
    const from = { source: batch.source, watermark: isoTime(state.watermark.current()), partitions: options.measurePartitions };
    for (const { partition, value } of releaseMeasures(measures, state.held, from))
      effects.write({ topic: TOPICS.measures.name, partition, key: null, value });
    for (const volume of volumes.take(isoTime(batch.now))) effects.output(TOPICS.volume, volume.tenant, JSON.stringify(volume));
    settings.flush(effects);
    state.flush(effects);
    return effects.done(arena.release);
  }

  let open: OpenBatch | null = null;
  function begin(records: readonly LogRecord[], batch: BatchContext): OpenBatch {
    const effects = createEffects();
    state.startBatch(batch.now);
    arena.startBatch();
    return { records, batch, effects, left: slicesOf(settings.take(records, effects), batch.now) };
  }

  /** Slice after slice, so that the parsed events of one are gone before those of the next; asynchronous only where a step is. */
  function run(at: OpenBatch): BatchEffects | Promise<BatchEffects> {
    for (let [slice] = at.left; slice; [slice] = at.left) {
      const counts = createEffects();
      const done = (result: BatchResult<WritableEvent>): void => {
        write(result.passed, at.effects);
        reportResult(result, at.effects);
        for (const [what, by] of Object.entries(counts.done().counts ?? {})) at.effects.count(what, by);
        at.left.shift();
      };
      const result = pipeline.run(slice, { ...at.batch, effects: counts });
      if (result instanceof Promise)
        return result.then((settled) => {
          done(settled);
          return run(at);
        });
      done(result);
    }
    open = null;
    return finish(at);
  }

  return {
    process(records, batch) {
      // The same records again: the batch failed in a slice, and what came before it has been counted.
      if (open?.records !== records) open = begin(records, batch);
      return run(open);
    },
    due: state.due,
  };
}
