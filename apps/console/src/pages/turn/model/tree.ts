import { type TurnOperation } from './operation';
import { numberOf } from '../../../format/numbers';
import { timeOf } from '../../../format/times';

/** An operation and all that it called, added up. Times are ms since the epoch. */
interface Subtree {
  readonly start: number;
  readonly end: number;
  readonly operations: number;
  readonly failed: number;
  readonly outputTokens: number;
}

export interface OperationNode {
  readonly operation: TurnOperation;
  readonly id: string;
  readonly depth: number;
  readonly parent: OperationNode | null;
  readonly children: readonly OperationNode[];
  readonly start: number;
  readonly end: number;
  /** Itself and all under it. */
  readonly all: Subtree;
}

export interface TurnTree {
  readonly roots: readonly OperationNode[];
  /** Callers before what they called. */
  readonly nodes: readonly OperationNode[];
  readonly byId: ReadonlyMap<string, OperationNode>;
  readonly start: number;
  readonly end: number;
}

interface Draft {
  readonly operation: TurnOperation;
  readonly id: string;
  depth: number;
  parent: Draft | null;
  readonly children: Draft[];
  readonly start: number;
  readonly end: number;
  all: Subtree;
}

function draftOf(operation: TurnOperation): Draft {
  const start = timeOf(operation.ts);
  const end = start + (operation.duration_ms ?? 0);
  const failed = operation.status === 'error' ? 1 : 0;
  return { operation, id: operation.id, depth: 0, parent: null, children: [], start, end, all: { start, end, operations: 1, failed, outputTokens: numberOf(operation.output_tokens) } };
} // prettier-ignore

/** Takes the parent from one of each circle, which producers can send. */
function breakCircles(drafts: readonly Draft[]): void {
  const known = new Set<Draft>();
  for (const draft of drafts) {
    const path = new Set<Draft>();
    for (let at: Draft | null = draft; at && !known.has(at); at = at.parent) {
      if (path.has(at)) {
        at.parent = null;
        break;
      }
      path.add(at);
    }
    for (const one of path) known.add(one);
  }
}

const added = (a: Subtree, b: Subtree): Subtree => ({
  start: Math.min(a.start, b.start),
  end: Math.max(a.end, b.end),
  operations: a.operations + b.operations,
  failed: a.failed + b.failed,
  outputTokens: a.outputTokens + b.outputTokens,
});

/** The operations of a turn under their callers: what has none, or one that is not loaded, is under the turn itself. */
export function treeOf(operations: readonly TurnOperation[]): TurnTree {
  const byId = new Map<string, Draft>();
  for (const operation of operations) if (!byId.has(operation.id)) byId.set(operation.id, draftOf(operation));
  const drafts = [...byId.values()].sort((a, b) => a.start - b.start);
  const bySpan = new Map<string, Draft>();
  for (const draft of drafts) if (draft.operation.span_id !== '' && !bySpan.has(draft.operation.span_id)) bySpan.set(draft.operation.span_id, draft);
  const turn = drafts.find(({ operation }) => operation.kind === 'turn');
  for (const draft of drafts) {
    const caller = bySpan.get(draft.operation.parent_span_id);
    draft.parent = draft === turn ? null : caller && caller !== draft ? caller : (turn ?? null);
  }
  breakCircles(drafts);
  for (const draft of drafts) {
    if (!draft.parent && turn && draft !== turn) draft.parent = turn;
    draft.parent?.children.push(draft);
  }
  const roots = drafts.filter(({ parent }) => parent === null);
  const nodes = inOrder(roots);
  for (const node of [...nodes].reverse()) if (node.parent) node.parent.all = added(node.parent.all, node.all);
  const whole = roots.map(({ all }) => all).reduce<Subtree | null>((sum, all) => (sum ? added(sum, all) : all), null);
  return { roots, nodes, byId, start: whole?.start ?? 0, end: whole?.end ?? 0 };
} // prettier-ignore

/** Without recursion: a chain of calls can be of any length. */
function inOrder(roots: readonly Draft[]): Draft[] {
  const nodes: Draft[] = [];
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    node.depth = node.parent ? node.parent.depth + 1 : 0;
    nodes.push(node);
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      if (child) waiting.push(child);
    }
  }
  return nodes;
}

/** What an operation calls, as people name it: the tool, the model, or its own name. */
export const subjectOf = ({ tool_name: tool, model, name, kind }: Pick<TurnOperation, 'tool_name' | 'model' | 'name' | 'kind'>): string =>
  tool || (kind === 'llm' ? model : '') || name || kind; // prettier-ignore

export const labelOf = ({ name, line, kind, tool_name: tool }: Pick<TurnOperation, 'name' | 'line' | 'kind' | 'tool_name'>): string =>
  (kind === 'log' && line) || name || tool || kind; // prettier-ignore
