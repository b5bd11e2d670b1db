import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { turnHref } from '../../format/links';
import { countOf, durationOf } from '../../format/numbers';
import { useTurnTree } from './questions';

const MOST_LINES = 60;
const INDENT = 14;
const MAX_INDENT = 8;

/** What was done in a turn, in few lines, each a way into it. */
export function TurnSummary({ id }: { readonly id: string }) {
  const tree = useTurnTree(id, true);
  return (
    <Asked of={tree} queryKey={['turn-tree', id]} height={120}>
      {({ tree: lines, operations, truncated }) => (
        <>
          <ul className="done-lines">
            {lines.slice(0, MOST_LINES).map(({ id: operation, depth, kind, name, status, error_type: error, duration_ms: ms, folded }) => (
              <li key={operation} style={{ paddingLeft: Math.min(depth, MAX_INDENT) * INDENT }} data-failed={status === 'error' || undefined}>
                <Link href={turnHref(id, { op: operation })} className="kind" data-kind={kind}>
                  {folded && `×${countOf(folded.operations)} `}
                  {name || kind}
                </Link>
                <span className="quiet"> {durationOf(folded ? folded.total_ms : ms)}</span>
                {status === 'error' && <span> {error || 'failed'}</span>}
              </li>
            ))}
          </ul>
          {(lines.length > MOST_LINES || truncated) && <p className="quiet">The first {MOST_LINES} lines of {countOf(operations)} operations{truncated ? ' and more' : ''}</p>}
        </>
      )}
    </Asked>
  );
} // prettier-ignore
