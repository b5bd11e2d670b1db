import { type Channel } from './baseline';
import { type ChannelScore, type MetricModel, type Unit } from './model';

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
  if (unit === 'count') return { texts: values.map((v) => figures(v)), before: '', after: '' };
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

/** What the series is about, in the words people use for it. */
export function subjectOf(metric: string, dimensions: Dimensions): string {
  const service = dimensions['service_name'] ? ` of ${dimensions['service_name']}` : '';
  if (metric.startsWith('turn.')) return `turns${service}`;
  const model = dimensions['model'] ?? dimensions['response_model'] ?? dimensions['request_model'];
  if (metric.startsWith('llm.')) return `${model ?? dimensions['name'] ?? 'llm'} calls${service}`;
  return `${[dimensions['kind'], dimensions['name']].filter(Boolean).join(' ') || metric}${service}`;
}

const VERBS: Readonly<Record<string, string>> = { ms: 'took', nano_usd: 'cost', tokens: 'used' };

/** One plain sentence: what was seen, what is normal, what that rests on. */
export function describeDeparture(
  metric: string,
  dimensions: Dimensions,
  { unit }: MetricModel,
  channel: Channel,
  score: ChannelScore,
): string {
  const { value, expected, low, high, restsOn } = score;
  const subject = subjectOf(metric, dimensions);
  const calls = `${figures(Math.round(restsOn))} ${metric.startsWith('turn.') ? 'turns' : 'calls'}`;
  if (channel === 'errors')
    return `${subject} failed in ${formatValue(value, 'ratio')} of ${calls}, normally ${formatValue(expected, 'ratio')}, at most ${formatValue(high, 'ratio')}`;
  if (unit === 'count') {
    const from = dimensions['service_name'] ? ` from ${dimensions['service_name']}` : '';
    return `${figures(value)} ${dimensions['severity'] ?? ''} logs in one window${from}, normally ${formatRange(low, high, unit)}`.replace(
      '  ',
      ' ',
    );
  }
  const factor = expected > 0 ? `, ${figures(value / expected)} times the usual ${formatValue(expected, unit)}` : '';
  return `${subject} ${VERBS[unit] ?? 'had'} ${formatValue(value, unit)}, normally ${formatRange(low, high, unit)}${factor} (last ${calls})`;
}
