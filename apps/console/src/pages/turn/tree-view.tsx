import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isTyping } from '../../shell/typing';
import { type TreeRow } from './model/rows';
import { type OperationNode } from './model/tree';
import { WHOLE, zoomAt } from './model/zoom';
import { Gutter } from './gutter';
import { usePrefetch } from './questions';
import { TimeAxis } from './time-axis';
import { RowView } from './tree-row';
import { useZoom } from './use-zoom';
import { type ViewProps, type Work } from './work';

const OVERSCAN = 12;
/** On a phone the track keeps half of the width. */
const NARROW_PX = 700;
const ZOOM_STEP = 1.6;
const PREFETCH_MS = 120;

interface TreeViewProps extends ViewProps {
  readonly rows: readonly TreeRow[];
  readonly rowPx: number;
  readonly onToggle: (row: TreeRow) => void;
}

/** The operations of a turn as a tree beside when each ran, on one axis. Only lines in sight are drawn. */
export function TreeView({ work, chosen, choose, rows, rowPx, onToggle, onOpen }: TreeViewProps) {
  const { tree, sight, onSight } = work;
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const [gutter, setGutter] = useState(() => (window.innerWidth < NARROW_PX ? 190 : 340));
  // A line of several can be stood on too; what is chosen is an operation.
  const [onRun, setOnRun] = useState<string | null>(null);
  const { box, handlers } = useZoom({ frame, sight, onSight });
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: OVERSCAN });
  useEffect(() => virtual.measure(), [rowPx, virtual]);
  const ofRun = rows.findIndex(({ key }) => key === onRun);
  const at = useMemo(() => (ofRun >= 0 ? ofRun : lineOf(rows, tree.byId.get(chosen))), [ofRun, rows, tree, chosen]);
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (at >= 0) scrollToIndex(at);
  }, [at, scrollToIndex]);
  const latest = useRef({ rows, choose, onToggle });
  useEffect(() => void (latest.current = { rows, choose, onToggle }));
  const chooseRow = useCallback((row: TreeRow): void => {
    if (row.run) latest.current.onToggle(row);
    setOnRun(row.run ? row.key : null);
    if (!row.run) latest.current.choose(row.node.id);
  }, []);
  const toggleRow = useCallback((row: TreeRow) => latest.current.onToggle(row), []);
  const prefetch = usePrefetch(work.turnId);
  const timer = useRef(0);
  const point = useCallback((row: TreeRow): void => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => prefetch(row.node.id), PREFETCH_MS);
  }, [prefetch]);

  const go = (to: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (!row) return;
    setOnRun(row.run ? row.key : null);
    if (!row.run) choose(row.node.id);
  };
  const goRef = useRef({ go, at });
  useEffect(() => void (goRef.current = { go, at }));
  useEffect(() => {
    function onKey(event: globalThis.KeyboardEvent): void {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'j') goRef.current.go(goRef.current.at + 1);
      if (event.key === 'k') goRef.current.go(goRef.current.at - 1);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[at];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 1);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + page),
      PageUp: () => go(at - page),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (row?.isOpen === false ? onToggle(row) : go(at + 1)),
      ArrowLeft: () => (row?.isOpen === true ? onToggle(row) : go(parentOf(rows, at))),
      Enter: () => (row?.run ? onToggle(row) : onOpen()),
      '+': () => onSight(zoomAt(sight, 0.5, ZOOM_STEP)),
      '-': () => onSight(zoomAt(sight, 0.5, 1 / ZOOM_STEP)),
      '0': () => onSight(WHOLE),
    };
    const key = keys[event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    key();
  }
  const whole = work.width === 'tokens' ? (tree.roots.reduce((sum, { all }) => sum + all.outputTokens, 0) || 1) : Math.max(1, tree.end - tree.start);
  const grid = { gridTemplateColumns: `${gutter}px minmax(0, 1fr)` };
  return (
    <div className="waterfall" ref={frame} {...handlers}>
      <div className="waterfall-head" style={grid}>
        <Gutter width={gutter} onWidth={setGutter} frame={frame} />
        <TimeAxis sight={sight} width={work.width} start={tree.start} whole={whole} deploys={work.deploys} />
      </div>
      <div
        ref={scroller}
        className="waterfall-rows"
        role="tree"
        tabIndex={0}
        aria-label="Operations of the turn"
        aria-activedescendant={at < 0 ? undefined : `step-${at}`}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, size, key }) => {
            const row = rows[index];
            return row && <RowView key={key} row={row} index={index} top={start} height={size} gutter={gutter} isChosen={index === at} work={work} onChoose={chooseRow} onToggle={toggleRow} onPoint={point} />;
          })}
        </div>
      </div>
      <div className="over-track" style={{ left: gutter }} aria-hidden="true">
        {box && <span className="zoom-box" style={{ left: box.from, width: box.to - box.from }} />}
        {work.playedTo !== null && <PlayHead work={work} whole={whole} />}
      </div>
    </div>
  );
} // prettier-ignore

/** Where an operation shows: by itself, in a line of several, or under the nearest caller that does. */
function lineOf(rows: readonly TreeRow[], node: OperationNode | undefined): number {
  for (let at = node ?? null; at; at = at.parent) {
    const one = at;
    const found = rows.findIndex(({ node: shown, run }) => shown === one && run === null);
    if (found >= 0) return found;
    const inRun = rows.findIndex(({ run }) => run !== null && run.includes(one));
    if (inRun >= 0) return inRun;
  }
  return -1;
}

function parentOf(rows: readonly TreeRow[], at: number): number {
  const depth = rows[at]?.depth ?? 0;
  for (let i = at - 1; i >= 0; i--) if ((rows[i]?.depth ?? 0) < depth) return i;
  return at;
}

function PlayHead({ work: { playedTo, sight, width }, whole }: { readonly work: Work; readonly whole: number }) {
  if (width === 'tokens' || playedTo === null) return null;
  const place = (playedTo / whole - sight.from) / (sight.to - sight.from);
  return place >= 0 && place <= 1 ? <span className="play-head" style={{ left: `${100 * place}%` }} /> : null;
}
