import { type ReactNode } from 'react';

interface ChartTipProps {
  /** px inside the chart's frame, which is positioned. */
  readonly x: number;
  readonly y: number;
  /** Width of the frame: the tip stays inside of it. */
  readonly width: number;
  readonly isPinned: boolean;
  readonly children: ReactNode;
}

const WIDTH = 260;
const GAP = 12;

/** What a chart says of a place in it: one shape for all charts, texts only. Pinned by a click, it can be acted in. */
export function ChartTip({ x, y, width, isPinned, children }: ChartTipProps) {
  const left = x + GAP + WIDTH > width ? Math.max(0, x - GAP - WIDTH) : x + GAP;
  return (
    <div className="tip chart-tip" role="status" data-pinned={isPinned || undefined} style={{ left, top: y, width: WIDTH }}>
      {children}
    </div>
  );
}
