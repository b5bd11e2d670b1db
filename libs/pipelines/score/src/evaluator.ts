import { type AnomalyRecord, TOPICS } from '@telltale/contracts';
import {
  type Baselines,
  type Channel,
  type Evidence,
  followBreakdown,
  followEpisode,
  isSharedByServices,
  logShareOf,
  openEpisode,
  isAnother,
  opens,
  cooldownOf,
  cooldownChannel,
  sharesSignal,
  WINDOW_MS,
} from '@telltale/domain-detector';
import { hierarchyDepth } from '@telltale/domain-incident';
import { type Effects } from '@telltale/streaming';
import { anomalyId, anomalyOf, zScoreOf, noveltyOf, type OpenAnomaly } from './anomaly';
import { evidenceOfWindow } from './evidence-of-window';
import { isInhibitedBy, isSharedByChildren, isVersionSeries, isWide, isOnlyActiveChild } from './series-hierarchy';
import { createErrorCauses } from './state/error-causes';
import { removeAnomaly, type Series, setAnomaly, setCooldown } from './state/series';
import { type FalseAlarmBudget } from './state/false-alarm-budget';
import { type DetectorOverrides } from './state/detector-overrides';
import { broadcastWide, type WideAnomalies } from './state/wide-anomalies';
import { type OpenWindow } from './state/window';

/** An evaluation rarer than this marks a series as out of the ordinary. */
const OUTLIER_LOG_P = Math.log(1e-3);
const CALM_MS = 3_600_000;

/** What the evaluation of one window adds to its row. */
export interface Verdict {
  /** Where the value was expected; null while too little is known, or where the window waits for others. */
  readonly expected: number | null;
  readonly deviations: number | null;
}

/** Turns windows into anomalies with a life. Openings are reported at the end of a batch, when it is known what opened together. */
export interface Evaluator {
  /** `usualRow`: on a holiday, see `Baselines`. */
  window(series: Series, window: OpenWindow, usualRow: number | undefined, backfill: boolean, effects: Effects): Verdict;
  novelty(series: Series, window: OpenWindow, backfill: boolean, effects: Effects): void;
  open(series: Series, evidence: Evidence, start: number, backfill: boolean): void;
  close(series: Series, channel: Channel, at: number, effects: Effects): void;
  /** Anomalies of the series that were reported before the wide one that explains them are reported again, with it. */
  nameWide(series: Series, effects: Effects): void;
  /** A series that was restored, with what is open of it. */
  restore(series: Series): void;
  /** Reports what opened in this batch. `onChanged`: series of which that changed something. */
  flush(effects: Effects, onChanged: (series: Series) => void): void;
}

export interface EvaluatorParts {
  readonly baselines: Baselines;
  readonly falseAlarms: FalseAlarmBudget;
  readonly overrides: DetectorOverrides;
  readonly wide: WideAnomalies;
  /** Tasks that are to know of wide anomalies. */
  readonly partitions: number;
}

export function createEvaluator({ baselines, falseAlarms, overrides, wide, partitions }: EvaluatorParts): Evaluator {
  /** Opened in this batch and not yet reported. */
  const pendingOpenings = new Map<OpenAnomaly, readonly [Series, Channel]>();
  const causes = createErrorCauses();
  /** Series with an anomaly that has named its cause since. */
  const explainedLater = new Set<Series>();

  function report(record: AnomalyRecord, effects: Effects): void {
    const json = JSON.stringify(record);
    effects.output(TOPICS.anomalies, record.tenant, json);
    effects.row('anomalies', json);
    effects.count(record.state === 'open' ? 'anomalies_opened' : 'anomalies_closed');
  }

  /** Id of the anomaly that explains one of `series`, or ''. What turns call explains them better than turns of all services do. */
  function parentIdOf(series: Series, channel: Channel, anomaly: OpenAnomaly): string {
    const above = series.parent?.anomalies.get(channel);
    const isPart = above !== undefined && isInhibitedBy(anomaly.peak, above.peak);
    const inService = isPart ? above.id : causes.causeOf(series, channel, anomaly);
    const ofAll = wide.parentOf(series, channel, anomaly);
    return isOfTurns(series) ? inService || ofAll : ofAll || inService;
  }

  function emitOpening(anomaly: OpenAnomaly, effects: Effects): void {
    const where = pendingOpenings.get(anomaly);
    if (!where) return;
    pendingOpenings.delete(anomaly);
    const [series, channel] = where;
    const explained = { ...anomaly, parentAnomalyId: parentIdOf(series, channel, anomaly) };
    setAnomaly(series, channel, explained);
    report(anomalyOf(series, channel, explained, null), effects);
    if (isWide(series)) broadcastWide(series, channel, explained, null, partitions, effects);
    // What was reported before its cause was seen is reported again, with it.
    for (const found of causes.effectsOf(series, channel, explained)) {
      if (pendingOpenings.has(found.anomaly)) continue;
      const named = { ...found.anomaly, parentAnomalyId: explained.parentAnomalyId || explained.id };
      setAnomaly(found.series, found.channel, named);
      report(anomalyOf(found.series, found.channel, named, null), effects);
      explainedLater.add(found.series);
    }
    if (explained.parentAnomalyId === '' && !explained.inMaintenance) falseAlarms.discovered(series.tenant, anomaly.startedAt);
  }

  function follow(series: Series, anomaly: OpenAnomaly, evidence: Evidence, start: number, effects: Effects): void {
    const { episode, edge } = followEpisode(anomaly, evidence, start);
    const next: OpenAnomaly = { ...anomaly, ...episode };
    setAnomaly(series, evidence.channel, next);
    const where = pendingOpenings.get(anomaly);
    if (where) {
      pendingOpenings.delete(anomaly);
      pendingOpenings.set(next, where);
    }
    if (edge !== 'none') close(series, evidence.channel, start, effects);
  }

  function close(series: Series, channel: Channel, at: number, effects: Effects): void {
    const opened = series.anomalies.get(channel);
    if (opened) emitOpening(opened, effects);
    const anomaly = series.anomalies.get(channel);
    if (!anomaly) return;
    report(anomalyOf(series, channel, anomaly, at), effects);
    if (isWide(series)) broadcastWide(series, channel, anomaly, at, partitions, effects);
    removeAnomaly(series, channel);
    causes.follow(series);
    const cooling = cooldownChannel(channel);
    if (cooling) setCooldown(series, cooling, cooldownOf(anomaly, at));
  }

  function open(series: Series, evidence: Evidence, start: number, backfill: boolean): void {
    const anomaly: OpenAnomaly = {
      ...openEpisode(evidence, start),
      id: anomalyId(series, evidence.channel, start),
      backfill,
      inMaintenance: overrides.isInMaintenance(series, start),
      parentAnomalyId: '',
    };
    setAnomaly(series, evidence.channel, anomaly);
    causes.follow(series);
    pendingOpenings.set(anomaly, [series, evidence.channel]);
  }

  /** A drift is reported once, when it has lasted for hours, as one that ends now: there is no window in which it is over. */
  function emitDrift(series: Series, evidence: Evidence, end: number, backfill: boolean, effects: Effects): void {
    open(series, evidence, end - evidence.restsOn * 3_600_000, backfill);
    close(series, 'drift', end, effects);
    baselines.restDrift(series.row);
  }

  /** `raw`: evidence whose probability is not yet corrected by how rare such probabilities are among the tenant's series. */
  function consider(
    series: Series,
    raw: Evidence,
    window: OpenWindow,
    logAccepted: number,
    backfill: boolean,
    effects: Effects,
  ): void {
    const { start } = window;
    const anomaly = series.anomalies.get(raw.channel);
    if (anomaly && !isAnother(anomaly, raw, logAccepted)) return follow(series, anomaly, raw, start, effects);
    // Rare windows come in groups; the calibration counts groups.
    const isAlone = start - series.lastOutlierAt > CALM_MS;
    if (raw.logP <= OUTLIER_LOG_P) series.lastOutlierAt = start;
    const evidence = { ...raw, logP: falseAlarms.corrected(series.tenant, raw.logP) };
    falseAlarms.countEvaluation(series.tenant, isAlone ? raw.logP : 0);
    const others = [...series.anomalies].filter(([channel]) => channel === raw.channel || sharesSignal(raw.channel, channel));
    if (others.some(([, other]) => !isAnother(other, evidence, logAccepted))) return;
    if (series.breakdown && !isSharedByServices(series.breakdown, raw, series.model?.shape === 'traffic')) return;
    if (others.length > 0) {
      for (const [channel] of others) close(series, channel, start, effects);
      return open(series, evidence, start, backfill);
    }
    if (!opens(evidence, logAccepted, series.cooldowns.get(cooldownChannel(raw.channel) ?? raw.channel), start)) return;
    if (series.isParent && !isSharedByChildren(series, start)) return;
    if (raw.channel === 'drift') return emitDrift(series, evidence, start + WINDOW_MS, backfill, effects);
    open(series, evidence, start, backfill);
  }

  return {
    window(series, window, usualRow, backfill, effects) {
      const { tenant } = series;
      if (isWide(series)) {
        const seen = window.breakdown ?? new Map<string, never>();
        series.breakdown = followBreakdown(series.breakdown ?? new Map(), seen, window.start, series.model?.shape === 'traffic');
        delete window.breakdown;
      }
      const evidence = evidenceOfWindow(baselines, series, window, usualRow);
      const isCoveredByParent = isVersionSeries(series) && series.anomalies.size === 0 && isOnlyActiveChild(series, window.start);
      if (evidence.length === 0 || isCoveredByParent) return { expected: null, deviations: null };
      falseAlarms.countActive(series, window.start);
      const logAccepted =
        falseAlarms.logAccepted(tenant, window.start, overrides.falsePerDay(tenant)) +
        overrides.logRateMultiplier(series, window.start);
      let deviations: number | null = null;
      let expected: number | null = null;
      for (const raw of evidence) {
        consider(series, raw, window, logAccepted + logShareOf(raw.channel, series.model?.shape), backfill, effects);
        if (raw.logP < 0) deviations = Math.max(deviations ?? 0, zScoreOf(raw.logP));
        if (raw.channel === 'value') {
          expected = raw.expected;
          deviations ??= 0;
        }
      }
      return { expected, deviations };
    },
    novelty(series, window, backfill, effects) {
      const service = series.dimensions['service_name'] ?? '';
      if (series.isParent || !isNoveltyMetric(series) || !falseAlarms.takeNovelty(series.tenant, service, window.start)) return;
      const value = window.sum / Math.max(window.count, 1);
      report(noveltyOf(series, window.start, window.start + WINDOW_MS, value, backfill), effects);
    },
    nameWide(series, effects) {
      for (const [channel, anomaly] of series.anomalies) {
        const isExplained = isOfTurns(series) && anomaly.parentAnomalyId !== '';
        if (isExplained || pendingOpenings.has(anomaly)) continue;
        const parentAnomalyId = wide.parentOf(series, channel, anomaly);
        if (parentAnomalyId === '' || parentAnomalyId === anomaly.parentAnomalyId) continue;
        const named = { ...anomaly, parentAnomalyId };
        setAnomaly(series, channel, named);
        report(anomalyOf(series, channel, named, null), effects);
        explainedLater.add(series);
      }
    },
    open,
    close,
    restore: causes.follow,
    flush(effects, onChanged) {
      // Parents first, and causes before what follows from them, so that an anomaly can name the one that explains it.
      const all = [...pendingOpenings].map(([anomaly, [series]]) => ({ anomaly, series, depth: hierarchyDepth(series) }));
      all.sort((a, b) => Number(b.series.parts.size > 0) - Number(a.series.parts.size > 0) || a.depth - b.depth);
      for (const { anomaly } of all) emitOpening(anomaly, effects);
      for (const series of explainedLater) onChanged(series);
      explainedLater.clear();
    },
  };
}

/** Metrics whose new series name something new: a tool or agent, a model, a kind of error or of error log, a version. */
const NOVELTY_METRICS = new Set(['operation.duration', 'llm.tokens', 'error.count', 'log.template', 'service.version']);
const isOfTurns = ({ metric }: Series): boolean => metric.startsWith('turn.');
const isNoveltyMetric = ({ metric }: Series): boolean => NOVELTY_METRICS.has(metric);
