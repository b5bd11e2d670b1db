import { type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Chart } from '../../design/chart/chart';
import { ChartTip } from '../../design/chart/chart-tip';
import { type Palette, type PaletteName } from '../../design/chart/palette';
import { type FlowGraph, type FlowLink, type FlowNode, sentenceOf, shortName } from './sankey';
import { type Tone } from './words';

interface FlowChartProps {
  readonly graph: FlowGraph;
  /** Of all that is shown in a tip. */
  readonly tipOf: (of: FlowNode | FlowLink, isPinned: boolean) => ReactNode;
}
interface Shown {
  readonly of: FlowNode | FlowLink;
  readonly x: number;
  readonly y: number;
}
/** What ECharts says of where the pointer is. */
interface ChartEvent {
  readonly dataType?: string;
  readonly data?: unknown;
  readonly event?: { readonly offsetX: number; readonly offsetY: number };
}

const COLORS: Readonly<Record<Tone, PaletteName>> = { good: 'good', warn: 'warn', bad: 'bad', quiet: 'ink-quiet' };
const ROW_PX = 34;
const LEAST_PX = 320;
const MOST_PX = 900;
const MOST_SPOKEN = 12;
/** Room that a kept tip needs below the place it is about. */
const TIP_PX = 210;

/** As many states as the fullest turn has need that much room. */
function heightOf({ nodes }: FlowGraph): number {
  const perStep = new Map<number, number>();
  for (const { step } of nodes) perStep.set(step, (perStep.get(step) ?? 0) + 1);
  return Math.min(MOST_PX, Math.max(LEAST_PX, ROW_PX * Math.max(0, ...perStep.values())));
}

function sankeyOption({ nodes, links }: FlowGraph, palette: Palette): EChartsCoreOption {
  const colorOf = ({ tone }: FlowNode): string => palette.of(COLORS[tone]);
  const first = Math.min(...nodes.map(({ step }) => step));
  const names = new Map(nodes.map((node) => [node.id, shortName(node)]));
  return {
    series: [
      {
        type: 'sankey', nodeAlign: 'left', nodeWidth: 12, nodeGap: 10, left: 4, right: 150, top: 8, bottom: 8, draggable: false,
        emphasis: { focus: 'adjacency' }, blur: { itemStyle: { opacity: 0.3 }, lineStyle: { opacity: 0.06 } },
        label: { color: palette.of('ink'), fontSize: 12, formatter: ({ name }: { readonly name: string }) => names.get(name) ?? name },
        data: nodes.map((node) => ({ name: node.id, depth: node.step - first, value: node.sessions, itemStyle: { color: colorOf(node), borderWidth: 0 } })),
        links: links.map(({ source, target, sessions }) => ({
          source: source.id, target: target.id, value: sessions,
          lineStyle: { color: target.state === null ? colorOf(target) : palette.of('ink-quiet'), opacity: target.state === null ? 0.28 : 0.18, curveness: 0.5 },
        })),
      },
    ],
  };
} // prettier-ignore

/** A state or a way of the graph that an event is about. */
function ofEvent({ dataType, data }: ChartEvent, { nodes, links }: FlowGraph): FlowNode | FlowLink | undefined {
  const { name, source, target } = (data ?? {}) as { readonly name?: string; readonly source?: string; readonly target?: string };
  if (dataType === 'edge') return links.find((link) => link.source.id === source && link.target.id === target);
  return nodes.find(({ id }) => id === name);
}

/** States as bars, ways between them as bands, turn by turn. A click on one keeps what is said of it; the table below says the same. */
export function FlowChart({ graph, tipOf }: FlowChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [isPinned, setPinned] = useState(false);
  const pinned = useRef(false);
  useEffect(() => {
    pinned.current = isPinned;
  }, [isPinned]);
  useEffect(() => {
    setPinned(false);
    setShown(null);
  }, [graph]);
  const option = useCallback((palette: Palette) => sankeyOption(graph, palette), [graph]);
  const onReady = useCallback(
    (chart: EChartsType) => {
      const place = (event: ChartEvent): Shown | null => {
        const of = ofEvent(event, graph);
        return of ? { of, x: event.event?.offsetX ?? 0, y: event.event?.offsetY ?? 0 } : null;
      };
      for (const name of ['mouseover', 'mouseout', 'click']) chart.off(name);
      chart.on('mouseover', (event) => !pinned.current && setShown(place(event as ChartEvent)));
      chart.on('mouseout', () => !pinned.current && setShown(null));
      chart.on('click', (event) => {
        setShown(place(event as ChartEvent));
        setPinned(true);
      });
    },
    [graph],
  );
  function close(): void {
    setPinned(false);
    setShown(null);
  }
  function onKeyDown({ key }: KeyboardEvent): void {
    if (key === 'Escape') close();
  }
  const height = heightOf(graph);
  const label = `Ways of users, turn by turn: ${graph.links.slice(0, MOST_SPOKEN).map(sentenceOf).join('; ')}`; // prettier-ignore
  return (
    <div className="flow-scroll" tabIndex={0} role="region" aria-label="Ways of users, as a diagram" onKeyDown={onKeyDown}>
      <div className="chart-frame flow-frame" ref={frame}>
        <Chart option={option} height={height} label={label} onReady={onReady} />
        {shown && (
          <ChartTip
            x={shown.x}
            y={Math.max(0, Math.min(shown.y, height - TIP_PX))}
            width={frame.current?.clientWidth ?? 0}
            isPinned={isPinned}
          >
            {tipOf(shown.of, isPinned)}
            {isPinned && (
              <button type="button" className="button" onClick={close}>
                Close
              </button>
            )}
          </ChartTip>
        )}
      </div>
    </div>
  );
}
