import { groupBy } from '@telltale/kernel';

/** One event with what it called. */
export interface OperationNode extends Readonly<Record<string, unknown>> {
  readonly operations: OperationNode[];
}

export interface TurnNode {
  readonly trace_id: string;
  /** The event of the turn itself; null when it has not come (yet). */
  readonly turn: Readonly<Record<string, unknown>> | null;
  readonly operations: OperationNode[];
}

export interface SessionTree {
  readonly turns: TurnNode[];
  /** Events of no turn: feedback, session logs. */
  readonly others: Readonly<Record<string, unknown>>[];
}

type Row = Readonly<Record<string, unknown>>;
const text = (row: Row, field: string): string => (typeof row[field] === 'string' ? row[field] : '');

/** True when climbing from `span` over `parents` comes back to it; producers can send such circles. */
function isCircular(span: string, parents: ReadonlyMap<string, string>): boolean {
  const seen = new Set([span]);
  for (let above = parents.get(span); above !== undefined && above !== ''; above = parents.get(above)) {
    if (seen.has(above)) return true;
    seen.add(above);
  }
  return false;
}

function turnOf(traceId: string, rows: readonly Row[]): TurnNode {
  const turn = rows.find((row) => row['kind'] === 'turn') ?? null;
  const rest = rows.filter((row) => row !== turn).map((row): OperationNode => ({ ...row, operations: [] }));
  const bySpan = new Map(rest.flatMap((node) => (text(node, 'span_id') === '' ? [] : [[text(node, 'span_id'), node] as const])));
  const parents = new Map(rest.map((node) => [text(node, 'span_id'), text(node, 'parent_span_id')]));
  const operations: OperationNode[] = [];
  for (const node of rest) {
    const parent = bySpan.get(text(node, 'parent_span_id'));
    if (parent && parent !== node && !isCircular(text(node, 'span_id'), parents)) parent.operations.push(node);
    else operations.push(node);
  }
  return { trace_id: traceId, turn, operations };
}

/** Events of one turn, ordered by time, as its own event and the operations under their callers. */
export function turnTree(
  traceId: string,
  rows: readonly Row[],
): { readonly root: TurnNode['turn']; readonly operations: OperationNode[] } {
  const { turn, operations } = turnOf(traceId, rows);
  return { root: turn, operations };
}

/** Events of one session, ordered by time, as turns and what each called. Every event stands in it exactly once. */
export function sessionTree(rows: readonly Row[]): SessionTree {
  const byTrace = groupBy(rows, (row) => text(row, 'trace_id'));
  const others = byTrace.get('') ?? [];
  byTrace.delete('');
  return { turns: [...byTrace].map(([trace, events]) => turnOf(trace, events)), others };
}
