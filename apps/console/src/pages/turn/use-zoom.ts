import { type PointerEvent, type RefObject, useEffect, useState } from 'react';
import { DRAG_PX, panBy, type Sight, wheelFactor, WHOLE, zoomAt, zoomTo } from './model/zoom';

/** A box that is being drawn, in px from the left of the track. */
export interface Box {
  readonly from: number;
  readonly to: number;
}

interface Zooming {
  /** The element whose wheel zooms: with Ctrl or ⌘ anywhere in it, and without over what has `data-axis`. */
  readonly frame: RefObject<HTMLElement | null>;
  readonly sight: Sight;
  readonly onSight: (sight: Sight) => void;
}

const TRACK = '[data-track]';

/** Drag zooms to the box, the wheel at the cursor, a double click fits. */
export function useZoom({ frame, sight, onSight }: Zooming) {
  const [drag, setDrag] = useState<{ readonly left: number; readonly width: number; readonly from: number; readonly to: number } | null>(null);
  useEffect(() => {
    const { current } = frame;
    if (!current) return;
    function onWheel(event: WheelEvent): void {
      const target = event.target instanceof Element ? event.target : null;
      const track = target?.closest(TRACK);
      if (!track) return;
      const isOnAxis = target?.closest('[data-axis]') !== null;
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !isOnAxis) return;
      event.preventDefault();
      const { left, width } = track.getBoundingClientRect();
      if (event.shiftKey) onSight(panBy(sight, (event.deltaY + event.deltaX) / width));
      else onSight(zoomAt(sight, (event.clientX - left) / width, wheelFactor(event.deltaY)));
    }
    // React's own listener is passive: it could not keep the page from scrolling.
    current.addEventListener('wheel', onWheel, { passive: false });
    return () => current.removeEventListener('wheel', onWheel);
  }, [frame, sight, onSight]);

  function onPointerDown(event: PointerEvent): void {
    const track = event.target instanceof Element ? event.target.closest(TRACK) : null;
    // A finger scrolls.
    if (!track || event.button !== 0 || event.pointerType === 'touch') return;
    const { left, width } = track.getBoundingClientRect();
    setDrag({ left, width, from: event.clientX - left, to: event.clientX - left });
  }
  function onPointerMove(event: PointerEvent): void {
    if (!drag) return;
    const to = Math.min(drag.width, Math.max(0, event.clientX - drag.left));
    if (Math.abs(to - drag.from) >= DRAG_PX || isDrawn(drag)) {
      if (!isDrawn(drag)) event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ ...drag, to });
    }
  }
  function onPointerUp(): void {
    if (drag && isDrawn(drag)) {
      const at = (px: number): number => sight.from + (px / drag.width) * (sight.to - sight.from);
      onSight(zoomTo(at(drag.from), at(drag.to)));
    }
    setDrag(null);
  }
  const box: Box | null = drag && isDrawn(drag) ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) } : null;
  return {
    box,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: () => setDrag(null), onDoubleClick: () => onSight(WHOLE) },
  };
} // prettier-ignore

const isDrawn = ({ from, to }: Box): boolean => from !== to;
