import { type KeyboardEvent, type PointerEvent, type RefObject } from 'react';

const LEAST = 90;
const MOST_PART = 0.7;
const STEP = 16;

interface GutterProps {
  readonly width: number;
  readonly onWidth: (px: number) => void;
  readonly frame: RefObject<HTMLElement | null>;
}

/** The head of the tree beside the track; its edge is drawn to make it wider, or moved with the arrow keys. */
export function Gutter({ width, onWidth, frame }: GutterProps) {
  const most = (): number => MOST_PART * (frame.current?.clientWidth ?? 1_000);
  const set = (px: number): void => onWidth(Math.round(Math.min(most(), Math.max(LEAST, px))));
  function onPointerMove(event: PointerEvent<HTMLElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    set(event.clientX - (frame.current?.getBoundingClientRect().left ?? 0));
  }
  function onKeyDown(event: KeyboardEvent): void {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(width + by);
  }
  return (
    <div className="gutter-head">
      <span className="quiet">Operation</span>
      <span
        className="gutter-edge"
        role="separator"
        aria-orientation="vertical"
        aria-label="Width of the tree"
        aria-valuenow={width}
        aria-valuemin={LEAST}
        aria-valuemax={2_000}
        tabIndex={0}
        onPointerDown={(event) => {
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
