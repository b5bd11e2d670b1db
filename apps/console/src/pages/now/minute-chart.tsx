import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { ChartTip } from '../../design/chart/chart-tip';
import { turnsHref } from '../../format/links';
import { countOf, shareOf } from '../../format/numbers';
import { clockOf, timeOf } from '../../format/times';
import { useZone } from '../../shell/preferences';
import { type Bucket, bucketsOf } from './minute-buckets';
import { type Health } from './questions';
import './minute-chart.css';

const HEIGHT = 96;
const WIDTH = 1_000;
const MOST_BARS = 120;
const DRAG_PX = 5;
const MINUTE = 60_000;

interface MinuteChartProps {
  readonly health: Pick<Health, 'minutes' | 'since' | 'until' | 'changed'>;
  readonly service: string;
  readonly onZoom: (from: number, to: number) => void;
}

/**
 * Turns over time; of each bar the red part ended without what was asked for. Drawn here and not by the charts of other pages, whose code would be
 * most of what the first page loads.
 */
export function MinuteChart({ health: { minutes, since, until, changed }, service, onZoom }: MinuteChartProps) {
  const [zone] = useZone();
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [isPinned, setPinned] = useState(false);
  const [drag, setDrag] = useState<readonly [number, number] | null>(null);
  const bars = useMemo(() => bucketsOf(minutes, timeOf(since), timeOf(until), MOST_BARS), [minutes, since, until]);
  const from = bars[0]?.at ?? 0;
  const to = bars.at(-1)?.until ?? 1;
  const most = Math.max(1, ...bars.map(({ turns }) => turns));
  const step = WIDTH / bars.length;
  const minutesOfBar = Math.round((to - from) / bars.length / MINUTE);
  const per = minutesOfBar === 1 ? 'a minute' : `in ${minutesOfBar} minutes`;
  const scale = (value: number): number => (HEIGHT * value) / most;
  const place = (time: number): number => (WIDTH * (time - from)) / (to - from);
  const marks = changed.deploys.map(({ id, at: when, text }) => ({ id, at: timeOf(when), text })).filter((mark) => mark.at >= from && mark.at <= to);
  const bar = at === null ? undefined : bars[at];

  const barAt = (x: number, width: number): number => Math.min(bars.length - 1, Math.max(0, Math.floor((bars.length * x) / Math.max(1, width))));
  const xOf = (event: PointerEvent<HTMLDivElement>): number => event.clientX - event.currentTarget.getBoundingClientRect().left;
  function onMove(event: PointerEvent<HTMLDivElement>): void {
    const x = xOf(event);
    if (drag) setDrag([drag[0], x]);
    if (!isPinned) setAt(barAt(x, event.currentTarget.clientWidth));
  }
  function onUp(event: PointerEvent<HTMLDivElement>): void {
    const width = event.currentTarget.clientWidth;
    const moved = drag && Math.abs(drag[1] - drag[0]) >= DRAG_PX ? drag : null;
    setDrag(null);
    if (!moved) {
      setAt(barAt(xOf(event), width));
      return setPinned((before) => !before);
    }
    const [first, last] = [bars[barAt(Math.min(...moved), width)], bars[barAt(Math.max(...moved), width)]];
    if (first && last) onZoom(first.at, last.until);
  }
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      setAt((before) => Math.min(bars.length - 1, Math.max(0, (before ?? (by > 0 ? -1 : bars.length)) + by)));
    }
    if (event.key === 'Enter' && at !== null) setPinned(true);
    if (event.key === 'Escape') {
      setPinned(false);
      setAt(null);
    }
  }
  const width = frame.current?.clientWidth ?? 0;
  const shown = (value: number): number => (width * value) / WIDTH;
  return (
    <figure className="card minute-chart">
      <figcaption>
        Turns {per}, at most {countOf(most)}; the <span className="bad">red</span> part ended without what was asked for
        {marks.length > 0 && <>; <span className="mark">lines</span> are deploys</>}
      </figcaption>
      <div className="minute-frame" ref={frame}>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`Turns ${per}, at most ${countOf(most)}`}>
          {bars.map(({ at: start, turns, unhelped }, i) => (
            <g key={start} data-at={i === at || undefined}>
              <rect className="turns" x={i * step} y={HEIGHT - scale(turns)} width={step * 0.8} height={scale(turns)} />
              <rect className="unhelped" x={i * step} y={HEIGHT - scale(unhelped)} width={step * 0.8} height={scale(unhelped)} />
            </g>
          ))}
          {marks.map((mark) => (
            <line key={mark.id} className="deploy" x1={place(mark.at)} x2={place(mark.at)} y1="0" y2={HEIGHT} />
          ))}
        </svg>
        <div
          className="chart-glass"
          role="application"
          aria-label="Turns over time: arrow keys read the bars, Enter keeps one"
          tabIndex={0}
          onPointerDown={(event) => setDrag([xOf(event), xOf(event)])}
          onPointerMove={onMove}
          onPointerUp={onUp}
          onPointerLeave={() => {
            setDrag(null);
            if (!isPinned) setAt(null);
          }}
          onKeyDown={onKeyDown}
        />
        {drag && Math.abs(drag[1] - drag[0]) >= DRAG_PX && (
          <div className="minute-drag" style={{ left: Math.min(...drag), width: Math.abs(drag[1] - drag[0]) }} />
        )}
        {bar && (
          <ChartTip x={shown(place((bar.at + bar.until) / 2))} y={0} width={width} isPinned={isPinned}>
            <Reading bar={bar} />
            {marks.filter((mark) => mark.at >= bar.at && mark.at < bar.until).map(({ id, text, at: when }) => (
              <p key={id} className="mark">{text} at {clockOf(when, zone).slice(11, 16)}</p>
            ))}
            {isPinned && <Link href={bucketHref(service, bar)}>These turns</Link>}
          </ChartTip>
        )}
      </div>
      <div className="axis quiet">
        <span>{clockOf(from, zone).slice(11, 16)}</span>
        <span>{clockOf((from + to) / 2, zone).slice(11, 16)}</span>
        <span>{clockOf(to, zone).slice(11, 16)}{zone === 'utc' ? ' UTC' : ''}</span>
      </div>
      {marks.length > 0 && <p className="visually-hidden">Deployed: {marks.map((mark) => `${mark.text} at ${clockOf(mark.at, zone)}`).join('; ')}</p>}
    </figure>
  );
} // prettier-ignore

const bucketHref = (service: string, { at, until }: Bucket): string =>
  turnsHref({ since: new Date(at).toISOString(), until: new Date(until).toISOString(), service });

function Reading({ bar: { at, turns, unhelped } }: { readonly bar: Bucket }) {
  const [zone] = useZone();
  return (
    <>
      <strong>
        {clockOf(at, zone).slice(0, 16)}
        {zone === 'utc' ? ' UTC' : ''}
      </strong>
      <span>
        {countOf(turns)} turns, {countOf(unhelped)} without what was asked for{turns > 0 && ` (${shareOf(unhelped, turns)})`}
      </span>
    </>
  );
}
