import { type EChartsCoreOption } from 'echarts/core';
import { type Palette } from './palette';
import { type Span, type TimeSeries, type Tone } from './time-series';
import { type Mark } from '../../api/deploys';

export interface TimeOption {
  readonly series: readonly TimeSeries[];
  readonly from: number;
  readonly to: number;
  readonly marks: readonly Mark[];
  readonly spans: readonly Span[];
  readonly threshold: number | undefined;
  readonly isStacked: boolean;
  /** Of the axis. */
  readonly clock: (at: number) => string;
  readonly amount: (value: number) => string;
  /** The one series that is looked at; the others fade. */
  readonly focus: string | null;
}

const FADED = 0.2;
export const MARGIN = { left: 64, right: 16, top: 18, bottom: 28 };

const TONES: Readonly<Record<Tone, 'good' | 'warn' | 'bad' | 'ink-quiet'>> = {
  good: 'good',
  warn: 'warn',
  bad: 'bad',
  quiet: 'ink-quiet',
};
export const colorOf = ({ tone }: TimeSeries, index: number, palette: Palette): string =>
  tone ? palette.of(TONES[tone]) : (palette.series[index % palette.series.length] ?? palette.of('ink'));

/** A band as two stacked lines: the lower one not seen, above it the height between. */
function bandOf({ name, band = [] }: TimeSeries, palette: Palette): object[] {
  if (band.length === 0) return [];
  const part = {
    type: 'line',
    stack: `band ${name}`,
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
  };
  return [
    { ...part, data: band.map(([at, low]) => [at, low]) },
    { ...part, data: band.map(([at, low, high]) => [at, high - low]), areaStyle: { color: palette.of('band'), opacity: 1 } },
  ];
}

const SPAN_OPACITY = 0.14;
const areaOf = ({ from, to, tone }: Span, palette: Palette): object[] => [
  { xAxis: from, itemStyle: { color: palette.of(TONES[tone]), opacity: SPAN_OPACITY } },
  { xAxis: to },
];

/** Times on one axis, with what was deployed as marks. */
export function timeOption({ series, from, to, marks, spans, threshold, isStacked, clock, amount, focus }: TimeOption, palette: Palette): EChartsCoreOption {
  const quiet = { color: palette.of('ink-quiet'), fontSize: 12 };
  const line = (color: string, type: string) => ({ symbol: 'none', silent: true, animation: false, lineStyle: { color, type, width: 1 } });
  const inRange = marks.filter(({ at }) => at >= from && at <= to);
  return {
    grid: { ...MARGIN, containLabel: false },
    xAxis: { type: 'time', min: from, max: to, axisLabel: { ...quiet, hideOverlap: true, formatter: clock }, axisLine: { lineStyle: { color: palette.of('line') } }, axisTick: { show: false }, splitLine: { show: false } },
    yAxis: { type: 'value', axisLabel: { ...quiet, formatter: amount }, splitNumber: 3, splitLine: { lineStyle: { color: palette.of('line') } } },
    series: [
      ...series.flatMap((one) => bandOf(one, palette)),
      ...series.map((one, i) => {
        const color = colorOf(one, i, palette);
        const opacity = focus === null || focus === one.name ? 1 : FADED;
        const isBar = one.form === 'bar';
        return {
          type: isBar ? 'bar' : 'line',
          data: one.points,
          silent: true,
          symbol: 'none',
          connectNulls: false,
          ...(isStacked ? { stack: 'all' } : {}),
          ...(isBar ? { barMaxWidth: 14, itemStyle: { color, opacity } } : { lineStyle: { color, width: focus === one.name ? 2.5 : 1.5, opacity } }),
          ...(one.form === 'area' ? { areaStyle: { color, opacity: 0.25 * opacity } } : {}),
        };
      }),
      { type: 'line', data: [], markArea: { silent: true, data: spans.filter((span) => span.to >= from && span.from <= to).map((span) => areaOf(span, palette)) } },
      { type: 'line', data: [], markLine: { ...line(palette.of('mark'), 'dashed'), label: { show: false }, data: inRange.map(({ at }) => ({ xAxis: at })) } },
      ...(threshold === undefined ? [] : [{ type: 'line', data: [], markLine: { ...line(palette.of('bad'), 'solid'), label: { show: false }, data: [{ yAxis: threshold }] } }]),
    ],
  };
} // prettier-ignore
