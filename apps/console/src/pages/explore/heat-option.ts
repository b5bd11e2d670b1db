import { type EChartsCoreOption } from 'echarts/core';
import { type Palette } from '../../design/chart/palette';
import { MARGIN } from '../../design/chart/time-option';
import { type HeatMap } from './questions';

/** Labels of the axis of durations, at most. */
const LEVEL_LABELS = 9;

/** Cells of time and duration; the more in one, the further its colour, by the logarithm: one slow turn among thousands is still seen. */
export function heatOption({ times, levels, cells }: HeatMap, clock: (at: number) => string, duration: (ms: number) => string, palette: Palette): EChartsCoreOption {
  const quiet = { color: palette.of('ink-quiet'), fontSize: 12 };
  const most = Math.max(1, ...cells.map(({ count }) => count));
  const everyLevel = Math.max(1, Math.ceil(levels.length / LEVEL_LABELS));
  return {
    grid: { ...MARGIN, containLabel: false },
    xAxis: { type: 'category', data: times.map((at) => clock(Date.parse(at))), axisLabel: { ...quiet, hideOverlap: true }, axisLine: { lineStyle: { color: palette.of('line') } }, axisTick: { show: false } },
    yAxis: { type: 'category', data: levels.map(({ from_ms: from }) => duration(from)), axisLabel: { ...quiet, interval: (i: number) => i % everyLevel === 0 }, axisLine: { show: false }, axisTick: { show: false } },
    visualMap: { show: false, min: 0, max: Math.log1p(most), dimension: 2, inRange: { color: [palette.of('heat-low'), palette.of('heat-high')] } },
    series: [{ type: 'heatmap', data: cells.map(({ time, level, count }) => [time, level, Math.log1p(count)]), silent: true, progressive: 0, animation: false }],
  };
} // prettier-ignore
