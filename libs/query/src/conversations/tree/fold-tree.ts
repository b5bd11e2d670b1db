import { groupBy } from '@telltale/kernel';
import { numberOf, type Row, textOf } from '../../define/row-values';
import { type OperationNode } from '../session-tree';

/** Operations of one caller that are alike: this many are shown one by one, more are one line. */
const MAX_ALIKE = 3;

/** One operation, or several that are alike, in the order of the tree. */
export interface FoldedNode {
  /** How many callers are above it. */
  readonly depth: number;
  /** The operation; of several the first. */
  readonly operation: Row;
  /** Absent where it is one. */
  readonly folded?: {
    readonly operations: number;
    /** Under them, and how many of those failed. */
    readonly below: number;
    readonly failed_below: number;
    /** The first that failed; empty where none did. */
    readonly first_failed_id: string;
    readonly total_ms: number;
    readonly max_ms: number;
    readonly cost_nano_usd: number | null;
    readonly slowest_id: string;
  };
}

const likenessOf = (node: Row): string =>
  JSON.stringify(['kind', 'name', 'status', 'error_type'].map((field) => textOf(node, field)));

/** Every operation of the trees, callers before what they called; without recursion, for producers can send chains of any length. */
export function* everyOperation(nodes: readonly OperationNode[]): Generator<OperationNode> {
  const waiting = [...nodes].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    for (const below of [...node.operations].reverse()) waiting.push(below);
  }
}

function folded(alike: readonly OperationNode[], depth: number): FoldedNode {
  const [first, ...others] = alike;
  const below = Array.from(everyOperation(alike.flatMap(({ operations }) => operations)));
  const failed = below.filter((node) => node['status'] === 'error');
  const slowest = others.reduce((most: Row, node) => (numberOf(node, 'duration_ms') > numberOf(most, 'duration_ms') ? node : most), first ?? {}); // prettier-ignore
  const priced = alike.filter((node) => node['cost_nano_usd'] !== null);
  return {
    depth,
    operation: first ?? {},
    folded: {
      operations: alike.length,
      below: below.length,
      failed_below: failed.length,
      first_failed_id: textOf(failed[0] ?? {}, 'id'),
      total_ms: alike.reduce((sum, node) => sum + numberOf(node, 'duration_ms'), 0),
      max_ms: numberOf(slowest, 'duration_ms'),
      cost_nano_usd: priced.length === 0 ? null : priced.reduce((sum, node) => sum + numberOf(node, 'cost_nano_usd'), 0),
      slowest_id: textOf(slowest, 'id'),
    },
  };
}

interface Level {
  readonly line: FoldedNode;
  readonly below: readonly OperationNode[];
}

/** What one caller called: each by itself with what is under it, or all that are alike as one. */
function foldedLevel(nodes: readonly OperationNode[], depth: number): Level[] {
  const alike = groupBy(nodes, likenessOf);
  return nodes.flatMap((node): Level[] => {
    const group = alike.get(likenessOf(node)) ?? [];
    if (group.length <= MAX_ALIKE) return [{ line: { depth, operation: node }, below: node.operations }];
    return group[0] === node ? [{ line: folded(group, depth), below: [] }] : [];
  });
}

/** The tree as lines, callers before what they called; of one caller, those that are alike become one line where they are many. */
export function foldTree(nodes: readonly OperationNode[]): FoldedNode[] {
  const lines: FoldedNode[] = [];
  const waiting = foldedLevel(nodes, 0).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    lines.push(next.line);
    waiting.push(...foldedLevel(next.below, next.line.depth + 1).reverse());
  }
  return lines;
}
