import { type AnomalyRecord, isNamedAlike, isWideMetric, narrowMetricOf } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { type CallGraph, TURN } from './call-graph';
import { hierarchyDepth, summaryOf } from './phrase';
import { type Member } from './state';

/** Metrics that say that something fails. */
const FAILURES = /^error\.|\.error_ratio$|^(?:tenant\.)?turn\.unhelped$/;

/** One deviating window, then the three that are calm. */
const NOISE_WINDOWS = 4;
const NOISE_MS = 5 * MINUTE_MS;
/** So often a day a series that is normal has one like it. */
const NOISE_PER_DAY = 1e-3;

/** Ended at once, after one window that a normal series has now and then. */
function isNoise({
  state,
  kind,
  windows,
  started_at: from,
  ended_at: to,
  expected_false_per_day: perDay,
}: AnomalyRecord): boolean {
  if (state === 'open' || to === null || kind === 'novelty' || kind === 'no_data') return false;
  const isShort = windows <= NOISE_WINDOWS && Date.parse(to) - Date.parse(from) <= NOISE_MS;
  return isShort && perDay !== null && perDay !== undefined && perDay >= NOISE_PER_DAY;
}

/** What an anomaly is about. */
function aboutOf({ metric, dimensions }: AnomalyRecord, graph: CallGraph): Pick<Member, 'service' | 'operation' | 'family' | 'wide' | 'shared' | 'provider' | 'subject'> {
  const of = (name: string): string => dimensions[name] ?? '';
  const [kind, name] = [of('kind'), of('name')];
  const named = kind !== '' && name !== '' ? `${kind} ${name}` : '';
  if (isWideMetric(metric)) {
    const provider = of('provider');
    const about = { service: '', shared: named, provider };
    if (provider !== '') return { ...about, operation: '', wide: 'provider', subject: `provider ${provider}` };
    if (named !== '') return { ...about, operation: named, wide: 'operation', subject: named };
    return { ...about, operation: TURN, wide: 'turns', subject: narrowMetricOf(metric) };
  }
  const service = of('service_name');
  const operation = /^turn\./.test(metric) ? TURN : named;
  const called = operation === '' ? null : graph.modelOf(service, operation);
  const model = of('model') || (called?.model ?? '');
  const shared = isNamedAlike(kind) && name !== '' ? operation
    : model !== '' ? `model ${model}`
    : of('error_fingerprint') !== '' ? `error ${of('error_fingerprint')}`
    : of('log_template_id') !== '' ? `template ${of('log_template_id')}` : '';
  const provider = model === '' ? '' : called?.provider || graph.providerOf(model);
  const own = operation || [metric, kind, of('severity'), of('service_version'), of('score_name')].filter(Boolean).join(' ');
  const family = operation === '' && name === '' ? kind : '';
  return { service, operation, ...(family !== '' && { family }), shared, provider, subject: shared || JSON.stringify([service, own]) };
} // prettier-ignore

/** Never later than the batch time, because producers' clocks may be ahead. */
const eventTime = (iso: string, now: number): number => Math.min(Date.parse(iso), now);

export function memberOf(anomaly: AnomalyRecord, graph: CallGraph, now: number): Member {
  const startedAt = eventTime(anomaly.started_at, now);
  return {
    ...aboutOf(anomaly, graph),
    id: anomaly.id,
    isOpen: anomaly.state === 'open',
    startedAt,
    endedAt: anomaly.ended_at === null ? startedAt : eventTime(anomaly.ended_at, now),
    score: anomaly.score,
    depth: hierarchyDepth(anomaly),
    summary: anomaly.summary,
    phrase: summaryOf(anomaly),
    seriesId: anomaly.series_id,
    parentId: anomaly.parent_anomaly_id ?? '',
    isFailure: anomaly.kind === 'no_data' || FAILURES.test(anomaly.metric),
    isNovelty: anomaly.kind === 'novelty',
    isNoise: isNoise(anomaly),
  };
}
