import { type KeyboardEvent, type PointerEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { type Mark } from '../../api/deploys';
import { clockOf } from '../../format/times';
import { useZone } from '../../shell/preferences';
import { Chart } from './chart';
import { ChartTip } from './chart-tip';
import { usePalette } from './palette';
import { colorOf, MARGIN, timeOption } from './time-option';
import { nearest, readingsAt, type Span, type TimeSeries, timesOf } from './time-series';

interface TimeChartProps {
  readonly label: string;
  readonly series: readonly TimeSeries[];
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** A value in words: 1.2 s, $3. */
  readonly amount: (value: number) => string;
  readonly height?: number;
  readonly marks?: readonly Mark[];
  /** Times that are marked as a whole, behind the series. */
  readonly spans?: readonly Span[];
  readonly threshold?: number;
  readonly isStacked?: boolean;
  /** Called with the part that was dragged over. */
  readonly onZoom?: (from: number, to: number) => void;
  /** What can be done at a time that was clicked: shown in the pinned tip. */
  readonly pinned?: (at: number) => ReactNode;
}

const DRAG_PX = 5;
const DAY = 86_400_000;
const NEAR_MARK_PX = 6;
const NO_MARKS: readonly Mark[] = [];
const NO_SPANS: readonly Span[] = [];

/** Series over time, with deploys as marks. Pointing says what is there, a click keeps it, a drag zooms; arrow keys, Enter and Escape do the same. */
export function TimeChart({ label, series, from, to, amount, height = 220, marks = NO_MARKS, spans = NO_SPANS, threshold, isStacked = false, onZoom, pinned }: TimeChartProps) {
  const [zone] = useZone();
  const palette = usePalette();
  const frame = useRef<HTMLDivElement>(null);
  const times = useMemo(() => timesOf(series), [series]);
  const [at, setAt] = useState<number | null>(null);
  const [isPinned, setPinned] = useState(false);
  const [focus, setFocus] = useState<string | null>(null);
  const [drag, setDrag] = useState<readonly [number, number] | null>(null);
  const clock = useCallback((time: number) => (to - from > 2 * DAY ? clockOf(time, zone).slice(5, 10) : clockOf(time, zone).slice(11, 16)), [from, to, zone]);
  const option = useCallback(
    (colors: Parameters<typeof timeOption>[1]) => timeOption({ series, from, to, marks, spans, threshold, isStacked, clock, amount, focus }, colors),
    [series, from, to, marks, spans, threshold, isStacked, clock, amount, focus],
  );
  const width = frame.current?.clientWidth ?? 0;
  const inner = Math.max(1, width - MARGIN.left - MARGIN.right);
  const timeAt = (x: number): number => from + ((to - from) * Math.min(1, Math.max(0, (x - MARGIN.left) / inner)));
  const xOf = (time: number): number => MARGIN.left + (inner * (time - from)) / (to - from);
  const xOfPointer = ({ clientX, currentTarget }: PointerEvent<HTMLDivElement>): number => clientX - currentTarget.getBoundingClientRect().left;

  function onMove(event: PointerEvent<HTMLDivElement>): void {
    const x = xOfPointer(event);
    if (drag) setDrag([drag[0], x]);
    if (!isPinned) setAt(times[nearest(times, timeAt(x))] ?? null);
  }
  function onUp(event: PointerEvent<HTMLDivElement>): void {
    const moved = drag && Math.abs(drag[1] - drag[0]) >= DRAG_PX ? drag : null;
    setDrag(null);
    if (moved && onZoom) return onZoom(timeAt(Math.min(...moved)), timeAt(Math.max(...moved)));
    setAt(times[nearest(times, timeAt(xOfPointer(event)))] ?? null);
    setPinned((before) => !before);
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const { key } = event;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
    const now = at === null ? -1 : nearest(times, at);
    if (by !== undefined) {
      event.preventDefault();
      setAt(times[Math.min(times.length - 1, Math.max(0, now + by))] ?? null);
    }
    if (key === 'Enter' && at !== null) setPinned(true);
    if (key === 'Escape') {
      setPinned(false);
      setAt(null);
    }
  }
  const near = at === null ? [] : marks.filter((mark) => Math.abs(xOf(mark.at) - xOf(at)) <= NEAR_MARK_PX);
  const readings = at === null ? [] : readingsAt(series, at);
  return (
    <figure className="chart">
      <div className="chart-frame" ref={frame}>
        <Chart option={option} height={height} label={label} />
        <div
          className="chart-glass"
          role="application"
          aria-label={`${label}: arrow keys read its points, Enter keeps one`}
          tabIndex={0}
          onPointerDown={(event) => setDrag([xOfPointer(event), xOfPointer(event)])}
          onPointerMove={onMove}
          onPointerUp={onUp}
          onPointerLeave={() => {
            setDrag(null);
            if (!isPinned) setAt(null);
          }}
          onKeyDown={onKeyDown}
        />
        {drag && Math.abs(drag[1] - drag[0]) >= DRAG_PX && onZoom && (
          <div className="chart-drag" style={{ left: Math.min(...drag), width: Math.abs(drag[1] - drag[0]) }} />
        )}
        {at !== null && <div className="chart-cross" style={{ left: xOf(at) }} />}
        {at !== null && (
          <ChartTip x={xOf(at)} y={MARGIN.top} width={width} isPinned={isPinned}>
            <strong>{clockOf(at, zone).slice(0, 19)}{zone === 'utc' ? ' UTC' : ''}</strong>
            <dl className="chart-readings">
              {readings.map(({ name, value, usual }) => (
                <div key={name} data-focus={name === focus || undefined}>
                  <dt>{name}</dt>
                  <dd>{value === null ? '–' : amount(value)}{usual && <span className="quiet"> usually {amount(usual[0])} to {amount(usual[1])}</span>}</dd>
                </div>
              ))}
            </dl>
            {near.map(({ at: moment, text }) => (
              <p key={`${moment} ${text}`} className="chart-mark">{text} at {clockOf(moment, zone).slice(11, 16)}</p>
            ))}
            {spans.filter((span) => at >= span.from && at <= span.to).map(({ from: begins, text, tone }) => (
              <p key={`${begins} ${text}`} className="chart-span" data-tone={tone}>{text}</p>
            ))}
            {isPinned && pinned?.(at)}
          </ChartTip>
        )}
      </div>
      {series.length > 1 && (
        <figcaption className="chart-legend">
          {series.map((one, i) => (
            <button key={one.name} type="button" aria-pressed={focus === one.name} onClick={() => setFocus(focus === one.name ? null : one.name)}>
              <span className="swatch" style={{ background: colorOf(one, i, palette) }} />
              {one.name}
            </button>
          ))}
        </figcaption>
      )}
      {spans.length > 0 && <p className="visually-hidden">Marked: {spans.map(({ from: begins, to: ends, text }) => `${text} from ${clockOf(begins, zone)} to ${clockOf(ends, zone)}`).join('; ')}</p>}
      {marks.length > 0 && <p className="visually-hidden">Deployed: {marks.map(({ at: moment, text }) => `${text} at ${clockOf(moment, zone)}`).join('; ')}</p>}
    </figure>
  );
} // prettier-ignore
