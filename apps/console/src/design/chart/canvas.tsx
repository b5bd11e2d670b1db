import { BarChart, CustomChart, HeatmapChart, LineChart, SankeyChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent, VisualMapComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { type ChartProps } from './chart';
import { usePalette } from './palette';

use([BarChart, CustomChart, HeatmapChart, LineChart, SankeyChart, GridComponent, MarkAreaComponent, MarkLineComponent, VisualMapComponent, CanvasRenderer]); // prettier-ignore

/** ECharts on a canvas. A module of its own, so that pages without a chart do not load it. */
export default function Canvas({ option, height, label, onReady }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const palette = usePalette();
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const made = init(current);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    const { current } = chart;
    if (!current) return;
    current.setOption({ animation: false, textStyle: { fontFamily: palette.font }, ...option(palette) }, { notMerge: true });
    onReady?.(current);
  }, [option, palette, onReady]);
  return <div ref={element} role="img" aria-label={label} style={{ height }} />;
}
