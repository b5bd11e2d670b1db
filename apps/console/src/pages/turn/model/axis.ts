import { numberOf } from '../../../format/numbers';
import { type OperationNode, type TurnTree } from './tree';

export const WIDTHS = ['duration', 'tokens'] as const;
export type Width = (typeof WIDTHS)[number];

/** Where an operation lies on the axis of its turn, 0 to 1. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

function byTime({ nodes, start, end }: TurnTree): Map<string, Extent> {
  const span = Math.max(1, end - start);
  return new Map(nodes.map((node) => [node.id, { from: (node.start - start) / span, to: (node.end - start) / span }]));
}

/** Side by side in the order of the tree, each as wide as what it and those under it wrote. */
function byTokens({ nodes }: TurnTree): Map<string, Extent> {
  const total = Math.max(1, nodes.reduce((sum, { operation }) => sum + numberOf(operation.output_tokens), 0)); // prettier-ignore
  const extents = new Map<string, Extent>();
  let before = 0;
  for (const { id, operation, all } of nodes) {
    extents.set(id, { from: before / total, to: (before + all.outputTokens) / total });
    before += numberOf(operation.output_tokens);
  }
  return extents;
}

export const extentsOf = (tree: TurnTree, width: Width): ReadonlyMap<string, Extent> =>
  width === 'tokens' ? byTokens(tree) : byTime(tree);

/** A bar of the compact view: of those that would be drawn on the same pixels, the first. */
export interface Bar extends Extent {
  readonly node: OperationNode;
  readonly level: number;
}

/** Operations in as few levels as show which ran at the same time: each below its caller, beside what does not overlap it. */
export function packed({ nodes }: TurnTree, extents: ReadonlyMap<string, Extent>): { readonly bars: readonly Bar[]; readonly levels: number } {
  const ends: number[] = [];
  const levels = new Map<OperationNode, number>();
  const bars = [...nodes]
    .sort((a, b) => (extents.get(a.id)?.from ?? 0) - (extents.get(b.id)?.from ?? 0) || a.depth - b.depth)
    .map((node): Bar => {
      const { from, to } = extents.get(node.id) ?? { from: 0, to: 0 };
      let level = node.parent ? (levels.get(node.parent) ?? -1) + 1 : 0;
      while ((ends[level] ?? -1) > from) level++;
      ends[level] = to;
      levels.set(node, level);
      return { node, level, from, to };
    });
  return { bars, levels: ends.length };
} // prettier-ignore

/** Of bars that would be drawn on the same pixels the widest: thousands of calls are as many as there are places for. */
export function visibleBars(bars: readonly Bar[], sight: Extent, widthPx: number): Bar[] {
  const scale = widthPx / (sight.to - sight.from);
  const drawn = new Map<string, Bar>();
  for (const bar of bars) {
    if (bar.to < sight.from || bar.from > sight.to) continue;
    const place = `${bar.level} ${Math.floor((bar.from - sight.from) * scale)}`;
    const other = drawn.get(place);
    if (!other || bar.to - bar.from > other.to - other.from || bar.node.operation.status === 'error') drawn.set(place, bar);
  }
  return [...drawn.values()];
}
