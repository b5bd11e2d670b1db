import { countOf, durationOf, moneyOf } from '../../format/numbers';

const MONEY = new Set(['llm.cost', 'turn.cost', 'tenant.turn.cost']);
const SHARES = new Set(['llm.cache_read_share', 'turn.unhelped', 'tenant.turn.unhelped']);
/** Dimensions that every series has, or that say nothing beside its name. */
const PLAIN = new Set(['service_name', 'kind', 'name']);

/** What a series is about in few words: `search of shop`; `shop` where it is about a service as a whole. */
export function nameOfSeries(labels: Readonly<Record<string, string>>): string {
  const service = labels['service_name'] ?? '';
  const others = Object.entries(labels).filter(([name, value]) => !PLAIN.has(name) && value !== '');
  const parts = [labels['name'] ?? '', ...others.map(([, value]) => value)].filter((part) => part !== '');
  if (parts.length === 0) return service || 'all services';
  return service === '' ? parts.join(' ') : `${parts.join(' ')} of ${service}`;
}

/** How a value of a metric is said. */
export function amountOfMetric(metric: string): (value: number) => string {
  if (metric.endsWith('.duration') || metric === 'llm.time_to_first_token') return durationOf;
  if (MONEY.has(metric)) return moneyOf;
  if (SHARES.has(metric) || metric.endsWith('error_ratio')) return (value) => `${Number((100 * value).toPrecision(3))} %`;
  return (value) => (Number.isInteger(value) ? countOf(value) : String(Number(value.toPrecision(3))));
}

/** How far a value is from what was expected: `2.4×`, `0.3×`; null where either is unknown or nothing was expected. */
export function ratioOf(value: number | null, expected: number | null): number | null {
  if (value === null || expected === null || expected <= 0) return null;
  return value / expected;
}
export const ratioText = (ratio: number | null): string =>
  ratio === null ? '–' : `${ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2))}×`;

const LABELS = {
  real: {
    name: 'Real',
    does: 'The series keeps its alert rate. A backtest says which anomalies labeled real a lower sensitivity would lose.',
  },
  expected: {
    name: 'Expected',
    does: 'For a week the series has a tenth of its alert rate: only what is ten times as rare is reported. The latest label counts.',
  },
  false_positive: {
    name: 'False positive',
    does: 'For a week the series has a tenth of its alert rate: only what is ten times as rare is reported. The latest label counts.',
  },
} as const;
export type Label = keyof typeof LABELS;
export const LABEL_NAMES = Object.keys(LABELS) as Label[];
export const isLabel = (text: string): text is Label => text in LABELS;
export const nameOfLabel = (label: string): string => (isLabel(label) ? LABELS[label].name : label);
export const whatLabelDoes = (label: Label): string => LABELS[label].does;

const CHANNELS: Readonly<Record<string, string>> = {
  value: 'typical value',
  calls: 'single calls',
  level_shift: 'lasting shift',
  p95: '95th percentile',
  errors: 'share of errors',
  drift: 'slow drift',
  no_data: 'missing data',
  novelty: 'first seen',
};
export const nameOfChannel = (channel: string | undefined): string => CHANNELS[channel ?? ''] ?? channel ?? '';
