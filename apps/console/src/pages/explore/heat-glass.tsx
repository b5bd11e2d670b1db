import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { ChartTip } from '../../design/chart/chart-tip';
import { MARGIN } from '../../design/chart/time-option';
import { type Cell } from './box';

interface HeatGlassProps {
  readonly label: string;
  readonly columns: number;
  readonly levels: number;
  readonly height: number;
  /** What is selected. */
  readonly corners: readonly [Cell, Cell] | null;
  readonly onSelect: (corners: readonly [Cell, Cell] | null) => void;
  readonly tipOf: (cell: Cell, isPinned: boolean) => ReactNode;
  readonly children: ReactNode;
}

/** Less than this is a click. */
const DRAG_PX = 5;
const STEPS: Readonly<Record<string, Cell>> = {
  ArrowRight: { time: 1, level: 0 }, ArrowLeft: { time: -1, level: 0 }, ArrowUp: { time: 0, level: 1 }, ArrowDown: { time: 0, level: -1 },
}; // prettier-ignore

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Lies over the drawn cells: points at one, drags a box over several. Arrow keys do the same, with Shift over several, and Enter takes them. */
export function HeatGlass({ label, columns, levels, height, corners, onSelect, tipOf, children }: HeatGlassProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [cell, setCell] = useState<Cell | null>(null);
  const [anchor, setAnchor] = useState<Cell | null>(null);
  const [isPinned, setPinned] = useState(false);
  const [drag, setDrag] = useState<readonly [Place, Place] | null>(null);
  const width = frame.current?.clientWidth ?? 0;
  const wide = Math.max(1, width - MARGIN.left - MARGIN.right) / columns;
  const high = (height - MARGIN.top - MARGIN.bottom) / levels;
  const clamp = (value: number, most: number): number => Math.min(most - 1, Math.max(0, value));
  const cellAt = ({ x, y }: Place): Cell => ({
    time: clamp(Math.floor((x - MARGIN.left) / wide), columns),
    level: clamp(levels - 1 - Math.floor((y - MARGIN.top) / high), levels),
  });
  const placeOf = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLDivElement>): Place => {
    const { left, top } = currentTarget.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  /** The outline of all cells between two. */
  const outline = (a: Cell, b: Cell) => ({
    left: MARGIN.left + wide * Math.min(a.time, b.time),
    top: MARGIN.top + high * (levels - 1 - Math.max(a.level, b.level)),
    width: wide * (1 + Math.abs(a.time - b.time)),
    height: high * (1 + Math.abs(a.level - b.level)),
  });
  const isDragged = drag !== null && Math.hypot(drag[1].x - drag[0].x, drag[1].y - drag[0].y) >= DRAG_PX;

  function onMove(event: PointerEvent<HTMLDivElement>): void {
    const place = placeOf(event);
    if (drag) setDrag([drag[0], place]);
    if (!isPinned) setCell(cellAt(place));
  }
  function onUp(event: PointerEvent<HTMLDivElement>): void {
    const place = placeOf(event);
    setDrag(null);
    setAnchor(null);
    if (drag && isDragged) {
      setPinned(false);
      setCell(null);
      return onSelect([cellAt(drag[0]), cellAt(place)]);
    }
    setCell(cellAt(place));
    setPinned((before) => !before);
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const from = cell ?? { time: columns - 1 - step.time, level: Math.floor(levels / 2) - step.level };
      setAnchor(event.shiftKey ? (anchor ?? from) : null);
      setCell({ time: clamp(from.time + step.time, columns), level: clamp(from.level + step.level, levels) });
    }
    if (event.key === 'Enter' && cell) {
      event.preventDefault();
      event.stopPropagation();
      onSelect([anchor ?? cell, cell]);
    }
    if (event.key === 'Escape') {
      if (cell === null) onSelect(null);
      setPinned(false);
      setAnchor(null);
      setCell(null);
    }
  }
  const shown = isDragged ? outline(cellAt(drag[0]), cellAt(drag[1])) : anchor && cell ? outline(anchor, cell) : null;
  const tip = cell ? outline(cell, cell) : null;
  return (
    <div className="chart-frame" ref={frame}>
      {children}
      {corners && <div className="heat-box" style={outline(...corners)} />}
      {shown && <div className="heat-box" data-drawn="true" style={shown} />}
      {tip && !isDragged && <div className="heat-cell" style={tip} />}
      <div
        className="chart-glass"
        role="application"
        aria-label={`${label}: arrow keys move, with Shift they select, Enter compares what is selected with the rest, Escape ends it`}
        tabIndex={0}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag([placeOf(event), placeOf(event)]);
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => !isPinned && setCell(null)}
        onKeyDown={onKeyDown}
      />
      {cell && tip && !isDragged && (
        <ChartTip x={tip.left + tip.width} y={Math.min(tip.top, height - 150)} width={width} isPinned={isPinned}>
          {tipOf(cell, isPinned)}
        </ChartTip>
      )}
    </div>
  );
} // prettier-ignore
