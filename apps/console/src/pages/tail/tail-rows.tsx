import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Kind, Outcome } from '../../design/parts';
import { hrefOf } from '../../format/links';
import { durationOf } from '../../format/numbers';
import { clockOf, timeOf } from '../../format/times';
import { useZone } from '../../shell/preferences';
import { fieldOf, findingOf, hrefOfRecord, stateOf, timeFieldOf, whatOf } from './record';
import { type TailRow } from './tail-state';

const ROW_PX = 30;
const OVERSCAN = 12;
/** Nearer to the end than this is at the end. */
const NEAR_END_PX = 40;
type Of = 'events' | 'incidents' | 'alerts';

/** What comes, the newest last. It follows only where its end is in sight; who scrolls up stays where they are. */
export function TailRows({ of, rows, isPaused }: { readonly of: Of; readonly rows: readonly TailRow[]; readonly isPaused: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => ROW_PX, overscan: OVERSCAN, getItemKey: (index) => rows[index]?.id ?? index });
  const follows = isAtEnd && !isPaused;
  const last = rows.at(-1)?.id;
  const first = rows[0]?.id ?? 0;
  const before = useRef(first);
  useEffect(() => {
    const { current } = frame;
    if (!current) return;
    // Rows that were let go at the top would move what is read.
    if (!follows && first > before.current) current.scrollTop -= (first - before.current) * ROW_PX;
    before.current = first;
    if (follows) current.scrollTop = current.scrollHeight;
  }, [last, first, follows]);
  return (
    <div className="tail-frame">
      <div
        ref={frame}
        className="tail-rows"
        role="log"
        aria-live="off"
        aria-label={`What comes: ${of}`}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END_PX)}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index];
            return row && <div key={key} className="tail-row" data-gap={row.gap !== undefined || undefined} style={{ transform: `translateY(${start}px)`, height: ROW_PX }}>{row.gap === undefined ? <Line of={of} row={row} /> : <Gap row={row} />}</div>;
          })}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className="button tail-to-end" onClick={() => frame.current?.scrollTo({ top: frame.current.scrollHeight })}>To the newest</button>
      )}
    </div>
  );
} // prettier-ignore

const Gap = ({ row: { gap, between } }: { readonly row: TailRow }) => (
  <span className="quiet">
    {gap}
    {between && <> · <Link href={hrefOf('/explore', { of: 'events', since: new Date(between[0]).toISOString(), until: new Date(between[1]).toISOString() })}>look for it in Explore</Link></>}
  </span>
); // prettier-ignore

function Line({ of, row: { record } }: { readonly of: Of; readonly row: TailRow }) {
  const [zone] = useZone();
  const at = timeFieldOf(record);
  const time = Number.isFinite(timeOf(at)) ? clockOf(timeOf(at), zone).slice(11, 23) : '';
  const href = hrefOfRecord(of, record);
  const what = of === 'events' ? whatOf(record) : findingOf(record);
  const ms = record['duration_ms'];
  return (
    <>
      <time dateTime={at} title={at}>{time}</time>
      <span title={fieldOf(record, 'service_name')}>{fieldOf(record, 'service_name')}</span>
      {of === 'events' ? <Kind of={fieldOf(record, 'kind')} /> : <span>{fieldOf(record, 'severity')}</span>}
      <span><Outcome of={stateOf(record)} /></span>
      <span className="number">{typeof ms === 'number' ? durationOf(ms) : ''}</span>
      {href === null ? <span title={what}>{what}</span> : <Link href={href} title={what}>{what || 'open'}</Link>}
    </>
  );
} // prettier-ignore
