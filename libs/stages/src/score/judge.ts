import { type AnomalyRecord, TOPICS } from '@telltale/contracts';
import {
  type Baselines,
  type Channel,
  type Evidence,
  followEpisode,
  LONG_COUNT,
  LONG_SPAN_MS,
  openEpisode,
  opens,
  restOf,
  restOfChannel,
  RUN_COUNT,
  RUN_SPAN_MS,
  tellOfTheSame,
  WINDOW_MS,
} from '@telltale/domain-baseline';
import { type Effects } from '../stream/effects';
import { anomalyId, anomalyOf, deviationsOf, noveltyOf, type OpenAnomaly } from './anomaly';
import { isExplainedBy, isShared, isVersion, speaksAlone } from './family';
import { type Series } from './series';
import { type Tenants } from './tenants';
import { type Tuning } from './tuning';
import { joined, kept, type OpenWindow, pointsOf, quantileOf } from './window';

/** A judgement rarer than this marks a series as out of the ordinary. */
const STRANGE_LOG_P = Math.log(1e-3);
const CALM_MS = 3_600_000;

/** What one window says of its series. */
export interface Verdict {
  /** Where the value was expected; null while too little is known, or where the window waits for others. */
  readonly expected: number | null;
  readonly deviations: number | null;
}

/** Turns windows into anomalies with a life. Openings are told at the end of a range, when it is known what opened together. */
export interface Judge {
  window(series: Series, window: OpenWindow, historic: boolean, effects: Effects): Verdict;
  novelty(series: Series, window: OpenWindow, historic: boolean, effects: Effects): void;
  open(series: Series, evidence: Evidence, start: number, historic: boolean): void;
  close(series: Series, channel: Channel, at: number, effects: Effects): void;
  /** Tells what opened in this range. */
  flush(effects: Effects): void;
}

export interface JudgeParts {
  readonly baselines: Baselines;
  readonly tenants: Tenants;
  readonly tuning: Tuning;
}

export function createJudge({ baselines, tenants, tuning }: JudgeParts): Judge {
  /** Opened in this range and not yet told. */
  const untold = new Map<OpenAnomaly, readonly [Series, Channel]>();

  function tell(record: AnomalyRecord, effects: Effects): void {
    const json = JSON.stringify(record);
    effects.output(TOPICS.anomalies, record.tenant, json);
    effects.row('anomalies', json);
    effects.count(record.state === 'open' ? 'anomalies_opened' : 'anomalies_closed');
  }

  function tellOpening(anomaly: OpenAnomaly, effects: Effects): void {
    const where = untold.get(anomaly);
    if (!where) return;
    untold.delete(anomaly);
    const [series, channel] = where;
    const above = series.parent?.anomalies.get(channel);
    const explained = above && isExplainedBy(anomaly.peak, above.peak) ? { ...anomaly, explainedBy: above.id } : anomaly;
    series.anomalies.set(channel, explained);
    tell(anomalyOf(series, channel, explained, null), effects);
    if (explained.explainedBy === '' && !explained.inMaintenance) tenants.discovered(series.tenant, anomaly.startedAt);
  }

  function evidenceOf(series: Series, window: OpenWindow): Evidence[] {
    const { model, row, parent } = series;
    if (!model) return [];
    const { start, count, errors } = window;
    const evidence = baselines.judgeWindow(row, model, { start, count, errors }, parent?.row);
    if (model.shape === 'rate') return evidence;
    const end = start + WINDOW_MS;
    const run = joined(series.run, window);
    const isRun = run.count >= RUN_COUNT || end - run.start >= RUN_SPAN_MS;
    series.run = isRun ? null : kept(run, window);
    if (isRun)
      evidence.unshift(...baselines.judgeRun(row, model, { end, count: run.count, p50: quantileOf(run, pointsOf(run), 0.5) }));
    const long = joined(series.longRun, window);
    const isLong = long.count >= LONG_COUNT || end - long.start >= LONG_SPAN_MS;
    series.longRun = isLong ? null : kept(long, window);
    if (isLong) {
      const points = pointsOf(long);
      const [p50, p95] = [quantileOf(long, points, 0.5), quantileOf(long, points, 0.95)];
      evidence.push(...baselines.judgeLongRun(row, model, { end, count: long.count, p50, p95 }));
    }
    return evidence;
  }

  function follow(series: Series, anomaly: OpenAnomaly, evidence: Evidence, start: number, effects: Effects): void {
    const { episode, edge } = followEpisode(anomaly, evidence, start);
    const next: OpenAnomaly = { ...anomaly, ...episode };
    series.anomalies.set(evidence.channel, next);
    const where = untold.get(anomaly);
    if (where) {
      untold.delete(anomaly);
      untold.set(next, where);
    }
    if (edge !== 'none') close(series, evidence.channel, start, effects);
  }

  function close(series: Series, channel: Channel, at: number, effects: Effects): void {
    const opened = series.anomalies.get(channel);
    if (opened) tellOpening(opened, effects);
    const anomaly = series.anomalies.get(channel);
    if (!anomaly) return;
    tell(anomalyOf(series, channel, anomaly, at), effects);
    series.anomalies.delete(channel);
    const resting = restOfChannel(channel);
    if (resting) series.rests.set(resting, restOf(anomaly, at));
  }

  function open(series: Series, evidence: Evidence, start: number, historic: boolean): void {
    const anomaly: OpenAnomaly = {
      ...openEpisode(evidence, start),
      id: anomalyId(series, evidence.channel, start),
      historic,
      inMaintenance: tuning.isInMaintenance(series, start),
      explainedBy: '',
    };
    series.anomalies.set(evidence.channel, anomaly);
    untold.set(anomaly, [series, evidence.channel]);
  }

  /** A drift is said once, with its hours behind it: there is no window in which it ends. */
  function tellDrift(series: Series, evidence: Evidence, end: number, historic: boolean, effects: Effects): void {
    open(series, evidence, end - evidence.restsOn * 3_600_000, historic);
    close(series, 'drift', end, effects);
    baselines.restDrift(series.row);
  }

  function consider(
    series: Series,
    said: Evidence,
    window: OpenWindow,
    logAccepted: number,
    historic: boolean,
    effects: Effects,
  ): void {
    const { start } = window;
    const anomaly = series.anomalies.get(said.channel);
    if (anomaly) return follow(series, anomaly, said, start, effects);
    // Rare windows come in company; what calibrates is how often such company comes.
    const isAlone = start - series.strangeAt > CALM_MS;
    if (said.logP <= STRANGE_LOG_P) series.strangeAt = start;
    const evidence = { ...said, logP: tenants.corrected(series.tenant, said.logP) };
    tenants.countJudgement(series.tenant, isAlone ? said.logP : 0);
    for (const other of series.anomalies.keys()) if (tellOfTheSame(said.channel, other)) return;
    if (!opens(evidence, logAccepted, series.rests.get(restOfChannel(said.channel) ?? said.channel), start)) return;
    if (series.isWhole && !isShared(series, start)) return;
    if (said.channel === 'drift') return tellDrift(series, evidence, start + WINDOW_MS, historic, effects);
    open(series, evidence, start, historic);
  }

  return {
    window(series, window, historic, effects) {
      const { tenant } = series;
      const evidence = evidenceOf(series, window);
      const isToldByWhole = isVersion(series) && series.anomalies.size === 0 && speaksAlone(series, window.start);
      if (evidence.length === 0 || isToldByWhole) return { expected: null, deviations: null };
      tenants.countActive(series, window.start);
      const logAccepted =
        tenants.logAccepted(tenant, window.start, tuning.falsePerDay(tenant)) + tuning.logFactor(series, window.start);
      let deviations: number | null = null;
      let expected: number | null = null;
      for (const said of evidence) {
        consider(series, said, window, logAccepted, historic, effects);
        if (said.logP < 0) deviations = Math.max(deviations ?? 0, deviationsOf(said.logP));
        if (said.channel === 'value') {
          expected = said.expected;
          deviations ??= 0;
        }
      }
      return { expected, deviations };
    },
    novelty(series, window, historic, effects) {
      const service = series.dimensions['service_name'] ?? '';
      if (series.isWhole || !isTelling(series) || !tenants.takeNovelty(series.tenant, service, window.start)) return;
      const value = window.sum / Math.max(window.count, 1);
      tell(noveltyOf(series, window.start, window.start + WINDOW_MS, value, historic), effects);
    },
    open,
    close,
    flush(effects) {
      // Parents first: what is part of theirs is said so.
      const all = [...untold];
      for (const [anomaly, [series]] of all) if (series.parts.size > 0) tellOpening(anomaly, effects);
      for (const [anomaly] of all) tellOpening(anomaly, effects);
    },
  };
}

/** Metrics whose new series name something new: a tool or agent, a model, a kind of error or of error log, a version. */
const TELLING = new Set(['operation.duration', 'llm.tokens', 'error.count', 'log.template', 'service.version']);
const isTelling = ({ metric }: Series): boolean => TELLING.has(metric);
