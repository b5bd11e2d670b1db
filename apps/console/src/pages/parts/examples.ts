import { type EChartsCoreOption } from 'echarts/core';
import { type Mark } from '../../api/deploys';
import { type Palette } from '../../design/chart/palette';
import { type TimeSeries } from '../../design/chart/time-series';

// Made up, and the same each time: what parts are shown with.

export interface ExampleRow {
  readonly id: string;
  readonly name: string;
  readonly outcome: string;
  readonly took: number;
  readonly cost: number;
}

const OUTCOMES = ['answered', 'answered', 'answered', 'error', 'abandoned'];
/** A number from 0 to 1 of a row, spread like a random one. */
const share = (n: number): number => ((n * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;

export const exampleRows = (count: number): ExampleRow[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `row-${i}`,
    name: `Row ${i}`,
    outcome: OUTCOMES[Math.floor(share(i) * OUTCOMES.length)] ?? 'answered',
    took: Math.round(50 + 4_000 * share(i + 7)),
    cost: Math.round(2e7 * share(i + 13)),
  }));

const START = Date.UTC(2026, 0, 5, 8);
const MINUTE = 60_000;
const POINTS = 120;

export function exampleSeries(): { readonly series: readonly TimeSeries[]; readonly from: number; readonly to: number; readonly marks: readonly Mark[] } {
  const at = (i: number): number => START + i * MINUTE;
  const all = Array.from({ length: POINTS }, (_, i) => i);
  const slow = (i: number): number => 1_200 + 300 * share(i) + (i > 80 ? 1_500 : 0);
  return {
    series: [
      { name: 'Slowest 5 %', points: all.map((i) => [at(i), i > 40 && i < 46 ? null : slow(i)]), band: all.map((i) => [at(i), 1_100, 1_700]) },
      { name: 'Median', points: all.map((i) => [at(i), 500 + 100 * share(i + 3)]), form: 'area' },
    ],
    from: START,
    to: at(POINTS),
    marks: [{ at: at(79), text: 'shop 1.4.0' }],
  };
} // prettier-ignore

export const exampleHeat = (palette: Palette): EChartsCoreOption => {
  const cells = Array.from({ length: 200 }, (_, i) => [i % 40, Math.floor(i / 40), Math.round(100 * share(i))]);
  const axis = { type: 'category', axisLabel: { color: palette.of('ink-quiet') }, axisLine: { lineStyle: { color: palette.of('line') } } };
  return {
    grid: { left: 64, right: 16, top: 8, bottom: 28 },
    xAxis: { ...axis, data: Array.from({ length: 40 }, (_, i) => String(i)) },
    yAxis: { ...axis, data: ['100 ms', '300 ms', '1 s', '3 s', '10 s'] },
    visualMap: { show: false, min: 0, max: 100, inRange: { color: [palette.of('heat-low'), palette.of('heat-high')] } },
    series: [{ type: 'heatmap', data: cells, silent: true }],
  };
}; // prettier-ignore
