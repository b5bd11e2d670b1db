import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Tip } from '../../design/tip';
import { durationOf } from '../../format/numbers';
import { packed, visibleBars } from './model/axis';
import { labelOf, type OperationNode } from './model/tree';
import { placeIn, WHOLE, zoomAt } from './model/zoom';
import { usePrefetch } from './questions';
import { RowTip } from './row-tip';
import { TimeAxis } from './time-axis';
import { useZoom } from './use-zoom';
import { stateAt, type ViewProps } from './work';

const LEVEL_PX = 22;
const LEAST_WIDTH = 2;
const WORDS_FROM_PX = 48;
const ZOOM_STEP = 1.6;

/** All of a turn in as few levels as show what ran at the same time: callers above what they called. */
export function CompactView({ work, chosen, choose, onOpen }: ViewProps) {
  const { tree, extents, sight, onSight, width } = work;
  const frame = useRef<HTMLDivElement>(null);
  const [px, setPx] = useState(800);
  useEffect(() => {
    const { current } = frame;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => setPx(entry?.contentRect.width ?? 800));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const { bars, levels } = useMemo(() => packed(tree, extents), [tree, extents]);
  const drawn = useMemo(() => visibleBars(bars, sight, px), [bars, sight, px]);
  const { box, handlers } = useZoom({ frame, sight, onSight });
  const prefetch = usePrefetch(work.turnId);
  const at = bars.findIndex(({ node }) => node.id === chosen);
  function onKeyDown(event: KeyboardEvent): void {
    const node: OperationNode | undefined = bars[at]?.node;
    const keys: Readonly<Record<string, () => string | undefined>> = {
      ArrowRight: () => bars[at + 1]?.node.id,
      ArrowLeft: () => bars[at - 1]?.node.id,
      ArrowUp: () => node?.parent?.id,
      ArrowDown: () => node?.children[0]?.id,
      Home: () => bars[0]?.node.id,
      End: () => bars.at(-1)?.node.id,
    };
    const move = keys[event.key]?.();
    if (move !== undefined) choose(move);
    else if (event.key === 'Enter') onOpen();
    else if (event.key === '+' || event.key === '-') onSight(zoomAt(sight, 0.5, event.key === '+' ? ZOOM_STEP : 1 / ZOOM_STEP));
    else if (event.key === '0') onSight(WHOLE);
    else return;
    event.preventDefault();
  }
  const whole = width === 'tokens' ? (tree.roots.reduce((sum, { all }) => sum + all.outputTokens, 0) || 1) : Math.max(1, tree.end - tree.start);
  const shownId = drawn.some(({ node }) => node.id === chosen) ? chosen : null;
  const chosenBar = shownId === null ? bars[at] : undefined;
  return (
    <div className="waterfall" ref={frame} {...handlers}>
      <TimeAxis sight={sight} width={width} start={tree.start} whole={whole} deploys={work.deploys} />
      <div className="compact" role="listbox" tabIndex={0} aria-label="Operations of the turn by time" aria-activedescendant={at < 0 ? undefined : 'compact-chosen'} onKeyDown={onKeyDown}>
        <div role="presentation" className="compact-track" data-track style={{ height: levels * LEVEL_PX }}>
          {[...drawn, ...(chosenBar ? [chosenBar] : [])].map(({ node, level, from, to }) => {
            const left = Math.max(0, placeIn(sight, from));
            const part = Math.min(1, placeIn(sight, to)) - left;
            const isChosen = node.id === chosen;
            return (
              <Tip key={node.id} text={<RowTip node={node} work={work} />}>
                <div
                  id={isChosen ? 'compact-chosen' : undefined}
                  role="option"
                  aria-selected={isChosen}
                  aria-label={`${labelOf(node.operation)}, ${durationOf(node.operation.duration_ms)}${node.operation.status === 'error' ? ', failed' : ''}`}
                  className="compact-bar"
                  data-kind={node.operation.kind}
                  data-failed={node.operation.status === 'error' || undefined}
                  data-state={stateAt(work, node)}
                  style={{ top: level * LEVEL_PX, left: `min(${100 * left}%, calc(100% - ${LEAST_WIDTH}px))`, width: `max(${LEAST_WIDTH}px, ${100 * part}%)` }}
                  onClick={() => choose(node.id)}
                  onPointerEnter={() => prefetch(node.id)}
                >
                  {part * px > WORDS_FROM_PX ? labelOf(node.operation) : ''}
                </div>
              </Tip>
            );
          })}
          {box && <span className="zoom-box" style={{ left: box.from, width: box.to - box.from }} />}
        </div>
      </div>
    </div>
  );
} // prettier-ignore
