import { countOf, durationOf } from '../../format/numbers';
import { type Mark } from '../../api/deploys';
import { type Width } from './model/axis';
import { placeIn, type Sight, ticksOf } from './model/zoom';

interface TimeAxisProps {
  readonly sight: Sight;
  readonly width: Width;
  /** The turn in ms since the epoch, or how many tokens it wrote. */
  readonly start: number;
  readonly whole: number;
  readonly deploys: readonly Mark[];
}

const MOST_TICKS = 5;

/** The axis above the track: from the start of the turn, or tokens in the order in which they were written. */
export function TimeAxis({ sight, width, start, whole, deploys }: TimeAxisProps) {
  const shown = width === 'tokens' ? countOf : durationOf;
  const marks = width === 'tokens' ? [] : deploys.map(({ at, text }) => ({ text, place: placeIn(sight, (at - start) / whole) }));
  return (
    <div className="axis" data-track data-axis aria-hidden="true">
      {ticksOf(sight.from * whole, sight.to * whole, MOST_TICKS).map((tick) => (
        <span key={tick} className="tick" style={{ left: `${100 * placeIn(sight, tick / whole)}%` }}>
          {tick === 0 ? '0' : shown(tick)}
        </span>
      ))}
      {marks
        .filter(({ place }) => place >= 0 && place <= 1)
        .map(({ text, place }) => (
          <span key={`${text} ${place}`} className="axis-mark" style={{ left: `${100 * place}%` }} title={`deployed: ${text}`} />
        ))}
    </div>
  );
} // prettier-ignore
