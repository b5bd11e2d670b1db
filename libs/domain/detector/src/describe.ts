import { isWideMetric, narrowMetricOf } from '@telltale/contracts';
import { MINUTE_MS } from '@telltale/kernel';
import { type Evidence } from './evidence';
import { type MetricModel, type Unit } from './model';

const figures = (value: number): string => {
  const text = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2);
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
};

const SCALES: Readonly<Record<'ms' | 'tokens', readonly (readonly [number, string])[]>> = {
  ms: [
    [60_000, ' min'],
    [1_000, ' s'],
    [1, ' ms'],
  ],
  tokens: [
    [1_000, 'k tokens'],
    [1, ' tokens'],
  ],
};

/** Several values of one unit on the scale of the first, e.g. ['0.8', '1.3'] and ' s'. */
function write(values: readonly number[], unit: Unit): { texts: string[]; before: string; after: string } {
  if (unit === 'nano_usd') return { texts: values.map((v) => figures(v / 1e9)), before: '$', after: '' };
  if (unit === 'ratio') return { texts: values.map((v) => figures(v * 100)), before: '', after: ' %' };
  if (unit === 'calls') return { texts: values.map((v) => figures(v)), before: '', after: ' calls' };
  if (unit === 'count' || unit === 'score') return { texts: values.map((v) => figures(v)), before: '', after: '' };
  const largest = Math.max(...values);
  const [size, name] = SCALES[unit].find(([from]) => largest >= from) ?? [1, SCALES[unit].at(-1)?.[1] ?? ''];
  return { texts: values.map((v) => figures(v / size)), before: '', after: name };
}

export function formatValue(value: number, unit: Unit): string {
  const { texts, before, after } = write([value], unit);
  return `${before}${texts[0] ?? ''}${after}`;
}

export function formatRange(low: number, high: number, unit: Unit): string {
  const { texts, before, after } = write([low, high], unit);
  return texts[0] === texts[1] ? `${before}${texts[0] ?? ''}${after}` : `${before}${texts[0] ?? ''}–${texts[1] ?? ''}${after}`;
}

type Dimensions = Readonly<Record<string, string>>;

/** The subject of a series in readable words. */
export function subjectOf(metric: string, dimensions: Dimensions): string {
  if (metric.startsWith('provider.')) return `${dimensions['provider'] ?? 'provider'} calls of all services`;
  const owner = isWideMetric(metric) ? 'all services' : dimensions['service_name'];
  const service = owner ? ` of ${owner}` : '';
  if (narrowMetricOf(metric).startsWith('turn.')) return `turns${service}`;
  if (metric.startsWith('version.')) return `turns${service} in version ${dimensions['service_version'] ?? ''}`;
  const model = dimensions['model'] ?? dimensions['response_model'] ?? dimensions['request_model'];
  if (metric.startsWith('llm.')) return `${model ?? dimensions['name'] ?? 'llm'} calls${service}`;
  return `${[dimensions['kind'], dimensions['name']].filter(Boolean).join(' ') || metric}${service}`;
}

const VERBS: Readonly<Record<string, string>> = { ms: 'took', nano_usd: 'cost', tokens: 'used', calls: 'made', score: 'scored' };

/** What was observed of a subject. */
function observed(metric: string, unit: Unit, value: string): string {
  if (metric === 'llm.time_to_first_token') return `took ${value} to the first token`;
  if (metric === 'llm.cache_read_share') return `read ${value} of their input from the cache`;
  return `${VERBS[unit] ?? 'had'} ${value}`;
}

const collapsed = (text: string): string => text.replace(/ {2,}/g, ' ').trim();

function describeCount(metric: string, dimensions: Dimensions, { value, low, high }: Evidence): string {
  const from = dimensions['service_name'] ? ` from ${dimensions['service_name']}` : '';
  const part = dimensions['error_fingerprint'] ?? dimensions['log_template_id'];
  const all = metric === 'error.count' ? 'errors' : metric === 'turn.count' ? 'turns' : `${dimensions['severity'] ?? ''} logs`;
  const what = part === undefined ? all : `${all} of one kind (${part})`;
  return collapsed(`${figures(value)} ${what} in one window${from}, normally ${formatRange(low, high, 'count')}`);
}

function factorOf(value: number, expected: number, unit: Unit): string {
  if (expected <= 0 || value <= 0 || unit === 'score') return '';
  if (value >= expected) return `, ${figures(value / expected)} times the usual ${formatValue(expected, unit)}`;
  return `, a ${figures(expected / value)}th of the usual ${formatValue(expected, unit)}`;
}

/** One sentence: the observed value, the normal range, and the number of measurements. */
export function describeDeviation(measured: string, dimensions: Dimensions, { unit }: MetricModel, evidence: Evidence): string {
  const { channel, value, expected, low, high, restsOn } = evidence;
  const subject = subjectOf(measured, dimensions);
  const metric = narrowMetricOf(measured);
  const calls = `${figures(Math.round(restsOn))} ${/^(?:turn|version)\./.test(metric) ? 'turns' : 'calls'}`;
  if (channel === 'errors')
    return `${subject} ${metric === 'turn.unhelped' ? 'went without an answer' : 'failed'} in ${formatValue(value, 'ratio')} of ${calls}, normally ${formatValue(expected, 'ratio')}, at most ${formatValue(high, 'ratio')}`;
  if (channel === 'drift')
    return `${subject} ${observed(metric, unit, formatValue(value, unit))} of late, ${formatValue(expected, unit)} at this time of day before: a slow change over ${figures(restsOn)} hours`;
  if (channel === 'level_shift' && metric === 'turn.count')
    return `${figures(value)} ${subject} a minute, normally ${formatRange(low, high, 'count')}${factorOf(value, expected, unit)} (last ${calls})`;
  if (unit === 'count') return describeCount(metric, dimensions, evidence);
  if (channel === 'calls')
    return `single ${subject} ${observed(metric, unit, `up to ${formatValue(value, unit)}`)}, normally ${formatRange(low, high, unit)}${factorOf(value, expected, unit)}`;
  const whose = channel === 'p95' ? `the slowest 5 % of ${subject}` : subject;
  return `${whose} ${observed(metric, unit, formatValue(value, unit))}, normally ${formatRange(low, high, unit)}${factorOf(value, expected, unit)} (last ${calls})`;
}

const spanText = (ms: number): string =>
  ms >= 2 * MINUTE_MS ? `${Math.round(ms / MINUTE_MS)} min` : `${Math.round(ms / 1_000)} s`;

/** Description of a series that stopped. */
export function describeNoData(metric: string, dimensions: Dimensions, silentMs: number, usualMs: number): string {
  return `no ${subjectOf(metric, dimensions)} for ${spanText(silentMs)}, usually every ${spanText(usualMs)}`;
}

/** Description of a new series. */
export function describeNovelty(metric: string, dimensions: Dimensions): string {
  const service = dimensions['service_name'] ?? 'a service';
  if (metric === 'error.count') return `a new kind of error in ${service} (${dimensions['error_fingerprint'] ?? ''})`;
  if (metric === 'log.template') return `a new kind of error log in ${service} (${dimensions['log_template_id'] ?? ''})`;
  if (metric === 'service.version') return `${service} runs version ${dimensions['service_version'] ?? ''} for the first time`;
  if (metric.startsWith('llm.')) return `${service} calls a model for the first time: ${dimensions['model'] ?? ''}`;
  return `${service} uses ${collapsed(`${dimensions['kind'] ?? ''} ${dimensions['name'] ?? ''}`)} for the first time`;
}
