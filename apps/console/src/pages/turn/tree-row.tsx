import { memo } from 'react';
import { Tip } from '../../design/tip';
import { durationOf } from '../../format/numbers';
import { type Extent } from './model/axis';
import { type TreeRow } from './model/rows';
import { labelOf } from './model/tree';
import { placeIn } from './model/zoom';
import { RowTip } from './row-tip';
import { stateAt, type Work } from './work';

const INDENT = 14;
const MAX_INDENT = 14;
/** Lower rows have no room for words. */
const WORDS_FROM_PX = 16;

interface RowViewProps {
  readonly row: TreeRow;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly gutter: number;
  readonly isChosen: boolean;
  readonly work: Work;
  readonly onChoose: (row: TreeRow) => void;
  readonly onToggle: (row: TreeRow) => void;
  readonly onPoint: (row: TreeRow) => void;
}

/** A line of the tree: in the gutter who called whom, in the track when it ran. */
export const RowView = memo(function RowView({ row, index, top, height, gutter, isChosen, work, onChoose, onToggle, onPoint }: RowViewProps) {
  const { node, run, depth, isOpen } = row;
  const { operation } = node;
  const nodes = run ?? [node];
  const hasWords = height >= WORDS_FROM_PX;
  const failedUnder = node.all.failed - (operation.status === 'error' ? 1 : 0);
  const ms = run ? run.reduce((sum, one) => sum + (one.operation.duration_ms ?? 0), 0) : operation.duration_ms;
  return (
    <Tip text={<RowTip node={node} work={work} />}>
      <div
        id={`step-${index}`}
        role="treeitem"
        aria-level={depth + 1}
        aria-selected={isChosen}
        aria-expanded={isOpen ?? undefined}
        aria-label={hasWords ? undefined : `${run ? `×${run.length} ` : ''}${labelOf(operation)} ${durationOf(ms)}${operation.status === 'error' ? ' failed' : ''}`}
        className="step"
        data-failed={operation.status === 'error' || undefined}
        data-state={stateAt(work, node)}
        style={{ transform: `translateY(${top}px)`, height, gridTemplateColumns: `${gutter}px minmax(0, 1fr)` }}
        onClick={() => onChoose(row)}
        onPointerEnter={() => onPoint(row)}
      >
        <span className="step-gutter">
          <span className="step-name" style={{ paddingLeft: Math.min(depth, MAX_INDENT) * INDENT }}>
            {hasWords && (
              <span
                className="twist"
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation();
                  if (isOpen !== null) onToggle(row);
                }}
              >
                {isOpen === null ? '' : isOpen ? '▾' : '▸'}
              </span>
            )}
            <span className="kind" data-kind={operation.kind}>
              {hasWords && (depth > MAX_INDENT ? `(${depth}) ` : '')}
              {hasWords && (run ? `×${run.length} ` : '')}
              {hasWords && labelOf(operation)}
            </span>
            {hasWords && <Marks row={row} work={work} failedUnder={isOpen === false && !run ? failedUnder : 0} />}
          </span>
          {hasWords && <span className="step-time">{durationOf(ms)}</span>}
        </span>
        <span className="step-track" data-track>
          {nodes.map((one) => (
            <BarView key={one.id} extent={work.extents.get(one.id)} work={work} kind={one.operation.kind} isFailed={one.operation.status === 'error'} />
          ))}
        </span>
      </div>
    </Tip>
  );
}); // prettier-ignore

/** What departs from the usual in a line, in words: errors beside what came of them. */
function Marks({ row: { node, run }, work, failedUnder }: { readonly row: TreeRow; readonly work: Work; readonly failedUnder: number }) {
  const { recovery, failedAgain, recovers } = work.attempts(node);
  const isFailed = node.operation.status === 'error';
  const slow = (run ?? [node]).map(({ operation }) => work.slowness(operation)).filter((one) => one !== null);
  const isNamed = (run ?? [node]).some(({ id }) => work.findings.has(id));
  return (
    <>
      {isFailed && recovery && <span className="mark" data-tone="good">worked {durationOf(recovery.start - node.end)} later{failedAgain > 0 ? `, at try ${failedAgain + 2}` : ''}</span>}
      {isFailed && !recovery && <span className="mark" data-tone="bad">failed</span>}
      {recovers && <span className="mark" data-tone="good">after a failure</span>}
      {failedUnder > 0 && <span className="mark" data-tone="bad">{failedUnder} failed under it</span>}
      {isNamed && <span className="mark" data-tone="warn">departs</span>}
      {slow.length > 0 && <span className="mark" data-tone="warn">{run ? `${slow.length} slow` : 'slow'}</span>}
    </>
  );
} // prettier-ignore

const LEAST_WIDTH = 2;

interface BarViewProps {
  readonly extent: Extent | undefined;
  readonly work: Work;
  readonly kind: string;
  readonly isFailed: boolean;
}
function BarView({ extent, work: { sight }, kind, isFailed }: BarViewProps) {
  if (!extent || extent.to < sight.from || extent.from > sight.to) return null;
  const from = Math.max(0, placeIn(sight, extent.from));
  const width = Math.min(1, placeIn(sight, extent.to)) - from;
  return (
    <span
      className="step-bar"
      data-kind={kind}
      data-failed={isFailed || undefined}
      style={{ left: `min(${100 * from}%, calc(100% - ${LEAST_WIDTH}px))`, width: `max(${LEAST_WIDTH}px, ${100 * width}%)` }}
    />
  );
}
