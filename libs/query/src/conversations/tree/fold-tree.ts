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
    /** Under them. */
    readonly below: number;
    readonly total_ms: number;
    readonly max_ms: number;
    readonly cost_nano_usd: number | null;
    readonly slowest_id: string;
  };
}

const likenessOf = (node: Row): string =>
  JSON.stringify(['kind', 'name', 'status', 'error_type'].map((field) => textOf(node, field)));

const countBelow = (nodes: readonly OperationNode[]): number =>
  nodes.reduce((sum, { operations }) => sum + operations.length + countBelow(operations), 0);

function folded(alike: readonly OperationNode[], depth: number): FoldedNode {
  const [first, ...others] = alike;
  const slowest = others.reduce((most: Row, node) => (numberOf(node, 'duration_ms') > numberOf(most, 'duration_ms') ? node : most), first ?? {}); // prettier-ignore
  const priced = alike.filter((node) => node['cost_nano_usd'] !== null);
  return {
    depth,
    operation: first ?? {},
    folded: {
      operations: alike.length,
      below: countBelow(alike),
      total_ms: alike.reduce((sum, node) => sum + numberOf(node, 'duration_ms'), 0),
      max_ms: numberOf(slowest, 'duration_ms'),
      cost_nano_usd: priced.length === 0 ? null : priced.reduce((sum, node) => sum + numberOf(node, 'cost_nano_usd'), 0),
      slowest_id: textOf(slowest, 'id'),
    },
  };
}

/** The tree as lines, callers before what they called; of one caller, those that are alike become one line where they are many. */
export function foldTree(nodes: readonly OperationNode[], depth = 0): FoldedNode[] {
  const alike = groupBy(nodes, likenessOf);
  const shown = new Set<string>();
  return nodes.flatMap((node) => {
    const likeness = likenessOf(node);
    const group = alike.get(likeness) ?? [];
    if (group.length <= MAX_ALIKE) return [{ depth, operation: node }, ...foldTree(node.operations, depth + 1)];
    if (shown.has(likeness)) return [];
    shown.add(likeness);
    return [folded(group, depth)];
  });
}
