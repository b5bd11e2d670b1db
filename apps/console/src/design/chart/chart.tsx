import { type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { loadedLater } from '../loaded-later';
import { Skeleton } from '../parts';
import { type Palette } from './palette';

export interface ChartProps {
  /** What ECharts draws; keep it in a callback. No tooltip: those of ECharts are HTML, and names here come from anybody. */
  readonly option: (palette: Palette) => EChartsCoreOption;
  readonly height: number;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  /** Called whenever it was drawn, with the chart to listen to or to find places on; keep it in a callback. */
  readonly onReady?: (chart: EChartsType) => void;
}

/** A chart. What draws it is loaded when the first one shows. */
export const { page: Chart } = loadedLater<ChartProps>(
  () => import('./canvas'),
  ({ height }) => <Skeleton height={height} />,
);
