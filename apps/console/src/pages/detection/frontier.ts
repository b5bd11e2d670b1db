import { type EChartsCoreOption } from 'echarts/core';
import { type Palette } from '../../design/chart/palette';
import { type Backtest } from './questions';

export type Tried = Backtest['settings'][number];
export type By = 'budget' | 'multiplier';

/** Sensitivities that are tried where nobody says others; around the present one. */
export const MULTIPLIERS = '0.1,0.3,1,3,10';
const NUMBER = /^\d*\.?\d+$/;
const MOST = 8;

/** What is wrong with a list of numbers; undefined where nothing is. An empty one means: around the present. */
export function wrongList(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MOST) return `give ${MOST} numbers at most`;
  return parts.every((part) => NUMBER.test(part) && Number(part) > 0) ? undefined : 'give numbers above 0, separated by commas';
}

export const settingOf = (by: By, { false_per_day: budget, rate_multiplier: rate }: Tried): number =>
  by === 'budget' ? budget : rate;

/** How many anomalies there would have been at each setting; how many of those labeled real among them; and how many there were. */
export function frontierOption(by: By, { settings, raised }: Backtest, palette: Palette): EChartsCoreOption {
  const quiet = { color: palette.of('ink-quiet'), fontSize: 12 };
  const real = raised.by_label['real'] ?? 0;
  const points = (of: (tried: Tried) => number): [number, number][] => settings.map((one) => [settingOf(by, one), of(one)]);
  const line = (name: string, color: string, data: [number, number][]) => ({ name, type: 'line', data, silent: true, symbol: 'circle', symbolSize: 7, lineStyle: { color, width: 1.5 }, itemStyle: { color } });
  const rule = (at: object, type: string) => ({ symbol: 'none', silent: true, label: { show: false }, lineStyle: { color: palette.of('ink-quiet'), type, width: 1 }, data: [at] });
  const present = settings.find(({ is_present: is }) => is);
  return {
    grid: { left: 56, right: 24, top: 16, bottom: 44 },
    xAxis: { type: 'log', name: by === 'budget' ? 'false anomalies a day' : 'times as many as usual', nameLocation: 'middle', nameGap: 28, nameTextStyle: quiet, axisLabel: quiet, axisLine: { lineStyle: { color: palette.of('line') } }, splitLine: { show: false } },
    yAxis: { type: 'value', minInterval: 1, axisLabel: quiet, splitLine: { lineStyle: { color: palette.of('line') } } },
    series: [
      { ...line('anomalies', palette.series[0] ?? palette.of('ink'), points(({ anomalies }) => anomalies)), markLine: rule({ yAxis: raised.anomalies }, 'dashed') },
      ...(real > 0 ? [line('labeled real', palette.of('bad'), points(({ kept_by_label: kept }) => kept['real'] ?? 0))] : []),
      ...(present ? [{ type: 'line', data: [], markLine: rule({ xAxis: settingOf(by, present) }, 'solid') }] : []),
    ],
  };
} // prettier-ignore

const plural = (count: number, one: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : one === 'anomaly' ? 'anomalies' : `${one}s`}`;

/** The answer in one sentence. */
export function sentenceOf({ settings, raised }: Backtest): string {
  const present = settings.find(({ is_present: is }) => is);
  const was = `${plural(raised.anomalies, 'anomaly')} ${raised.anomalies === 1 ? 'was' : 'were'} raised in this time`;
  if (!present) return `${was}.`;
  const real = raised.by_label['real'] ?? 0;
  const lost = settings.filter(({ real_lost: count }) => count > 0).length;
  const labels =
    real === 0
      ? 'None of them is labeled real, so what a lower sensitivity would lose is not known: label some.'
      : lost === 0
        ? `No setting tried loses any of the ${real} labeled real.`
        : `${lost} of the settings tried lose some of the ${real} labeled real.`;
  return `${was}; the replay at the present setting raises ${present.anomalies}, of which ${present.kept} are the same. ${labels}`;
}
