import { MAX_DIMENSIONS, type TurnRecord, turnRowAndRecord, TOPICS } from '@telltale/contracts';
import { createMeasuresOf, FLUSH_EVERY_MS, type PackedBatch, releaseMeasures, seriesOfTurn } from '@telltale/domain-metrics';
import { finishOf } from '@telltale/domain-turn';
import {
  allOf,
  type BatchContext,
  createBatchPipeline,
  createDailyLimiter,
  createEffects,
  createHeldBatches,
  createTaskSettings,
  type LogRecord,
  madeOfSettings,
  reportResult,
  type TaskProcessor,
} from '@telltale/streaming';
import { type TurnsConfig } from './config';
import { rejectRecord } from './reject-record';
import { createOpenTurns } from './state/open-turns';
import { createTenantIntents } from './state/tenant-intents';
import { createTurnEdges } from './state/turn-edges';
import { createAssembleStep } from './steps/assemble.step';
import { createReadEventStep } from './steps/read-event.step';
import { turnKeyOf, turnRecordOf } from './turn-record';

export interface TurnsDeps {
  /** Partitions of the topic of measures. */
  readonly measurePartitions: number;
}

/** Those of all tenants, then the tenant's own. */
const dimensionsFor = ({ TURNS_DIMENSIONS }: TurnsConfig, own: readonly string[] = []): readonly string[] =>
  [...new Set([...TURNS_DIMENSIONS.split(',').flatMap((name) => name.trim() || []), ...own])].slice(0, MAX_DIMENSIONS);

/** One task of turns: events → open turns → those that are quiet → rows, records, measures, edges. */
export function createTurnsTask(
  config: TurnsConfig,
  { measurePartitions: partitions }: TurnsDeps,
  restored: ReadonlyMap<string, Buffer>,
): TaskProcessor {
  const settings = createTaskSettings(['tenant'], restored);
  const turns = createOpenTurns(restored, {
    quietMs: config.TURNS_QUIET_MS,
    backfillQuietMs: config.TURNS_BACKFILL_QUIET_MS,
    amendMs: config.TURNS_AMEND_MS,
    maxBytes: config.TURNS_MAX_OPEN_BYTES,
    dimensionsOf: madeOfSettings(settings, (tenant) => dimensionsFor(config, settings.valueOf('tenant', tenant)?.dimensions)),
  });
  const intents = createTenantIntents(restored);
  const series = createDailyLimiter('series/', restored, config.TURNS_MAX_SERIES_PER_TENANT);
  const held = createHeldBatches<PackedBatch>(restored, FLUSH_EVERY_MS);
  const edges = createTurnEdges(restored);
  const state = allOf(turns, intents, series, held, edges);
  const measures = createMeasuresOf<TurnRecord>({ admits: series.add }, seriesOfTurn);
  held.restored.forEach(measures.restore);
  const pipeline = createBatchPipeline<LogRecord, BatchContext>(rejectRecord)
    .pipe(createReadEventStep())
    .pipe(createAssembleStep(turns));

  return {
    process(records, ctx) {
      const effects = createEffects();
      state.startBatch(ctx.now);
      reportResult(pipeline.runSync(settings.take(records, effects), ctx), effects);
      turns.close((turn) => {
        const record = turnRecordOf(turn, intents);
        const [row, json] = turnRowAndRecord(record);
        effects.row('turns', row);
        const key = turnKeyOf(record);
        effects.output(TOPICS.turns, key, json);
        // Who has it under the key it had before must hear that it has moved.
        if (turn.sentTo !== '' && turn.sentTo !== key) effects.output(TOPICS.turns, turn.sentTo, json);
        turn.sentTo = key;
        effects.count(turn.writes === 0 ? 'turns' : 'turn_revisions');
        // A revision has been measured.
        if (turn.writes > 0) return;
        measures.add(record, Math.min(ctx.now, finishOf(turn.events) + config.TURNS_QUIET_MS));
        edges.add(record, turn.events);
      });
      effects.count('series_overflow', measures.othered);
      // A turn is measured when it is complete: no series waits for the next one.
      for (const { partition, value } of releaseMeasures(measures, held, { source: ctx.source, watermark: null, partitions }))
        effects.write({ topic: TOPICS.measures.name, partition, key: null, value });
      edges.release(ctx.source, effects);
      settings.flush(effects);
      state.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
}
