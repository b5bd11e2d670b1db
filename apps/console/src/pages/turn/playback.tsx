import { useEffect, useState } from 'react';
import { durationOf } from '../../format/numbers';

/** Any turn plays in about so long, in so many steps a second. */
const PLAYS_MS = 12_000;
const STEP_MS = 80;

interface PlaybackProps {
  /** Of the turn, ms. */
  readonly whole: number;
  readonly playedTo: number | null;
  readonly onPlay: (ms: number | null) => void;
}

/** Goes through the turn as it happened: what has not begun is pale, what runs is marked. */
export function Playback({ whole, playedTo, onPlay }: PlaybackProps) {
  const [plays, setPlays] = useState(false);
  useEffect(() => {
    if (!plays) return;
    const timer = window.setTimeout(() => {
      const next = (playedTo ?? 0) + (whole * STEP_MS) / PLAYS_MS;
      onPlay(Math.min(whole, next));
      if (next >= whole) setPlays(false);
    }, STEP_MS);
    return () => window.clearTimeout(timer);
  }, [plays, playedTo, whole, onPlay]);
  return (
    <div className="playback">
      <button
        type="button"
        className="button"
        onClick={() => {
          if (!plays && (playedTo === null || playedTo >= whole)) onPlay(0);
          setPlays(!plays);
        }}
      >
        {plays ? 'Pause' : 'Play'}
      </button>
      {playedTo !== null && (
        <>
          <input
            type="range"
            aria-label="Time in the turn"
            aria-valuetext={durationOf(playedTo)}
            min={0}
            max={whole}
            step={whole / 500}
            value={playedTo}
            onChange={({ target }) => onPlay(Number(target.value))}
          />
          <span className="playback-at">{durationOf(playedTo)}</span>
          <button
            type="button"
            className="button"
            onClick={() => {
              setPlays(false);
              onPlay(null);
            }}
          >
            End playback
          </button>
        </>
      )}
    </div>
  );
}
