import { clockOf, timeOf } from '../format/times';
import { useZone } from '../shell/preferences';
import './minute-chart.css';

const MINUTE = 60_000;
const HEIGHT = 72;
const WIDTH = 600;

interface Minute {
  readonly minute: string;
  readonly turns: number;
  readonly unhelped_turns: number;
}

/** Turns a minute; of each bar the dark part ended without what was asked for. Minutes without turns are gaps, not left out. */
export function MinuteChart({
  minutes,
  since,
  until,
}: {
  readonly minutes: readonly Minute[];
  readonly since: string;
  readonly until: string;
}) {
  const [zone] = useZone();
  const [first, last] = [Math.floor(timeOf(since) / MINUTE), Math.ceil(timeOf(until) / MINUTE)];
  const step = WIDTH / Math.max(1, last - first);
  const most = Math.max(1, ...minutes.map(({ turns }) => turns));
  const scale = (value: number): number => (HEIGHT * value) / most;
  return (
    <figure className="card minute-chart">
      <figcaption>
        Turns a minute, at most {most}; the <span className="unhelped-mark">red</span> part ended without what was asked for
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Turns a minute, at most ${most}`}
      >
        {minutes.map(({ minute, turns, unhelped_turns: unhelped }) => {
          const x = (Math.floor(timeOf(minute) / MINUTE) - first) * step;
          return (
            <g key={minute}>
              <title>{`${clockOf(timeOf(minute), zone)}: ${turns} turns, ${unhelped} without what was asked for`}</title>
              <rect className="turns" x={x} y={HEIGHT - scale(turns)} width={step * 0.8} height={scale(turns)} />
              <rect className="unhelped" x={x} y={HEIGHT - scale(unhelped)} width={step * 0.8} height={scale(unhelped)} />
            </g>
          );
        })}
      </svg>
      <div className="axis quiet">
        <span>{clockOf(timeOf(since), zone).slice(11, 16)}</span>
        <span>{clockOf(timeOf(until), zone).slice(11, 16)}</span>
      </div>
    </figure>
  );
}
