import { type OperationNode, subjectOf, type TurnTree } from './tree';

/** All operations of a turn that do the same, as one node of its graph. */
export interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly nodes: readonly OperationNode[];
  readonly failed: number;
  readonly totalMs: number;
  /** How many are above it at the least, and its place among those of the same level. */
  readonly level: number;
  readonly place: number;
}
export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly calls: number;
}
export interface TurnGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Kinds of operations that are not drawn: a graph of more is not read. */
  readonly leftOut: number;
}

const MAX_NODES = 40;
export const graphIdOf = (node: OperationNode): string => `${node.operation.kind} ${subjectOf(node.operation)}`;

/** Who called whom in a turn, log lines left out; of more than 40 kinds of operations those with the most calls. */
export function graphOf({ nodes }: TurnTree): TurnGraph {
  const groups = new Map<string, OperationNode[]>();
  for (const node of nodes) {
    if (node.operation.kind === 'log') continue;
    const group = groups.get(graphIdOf(node));
    if (group) group.push(node);
    else groups.set(graphIdOf(node), [node]);
  }
  const byCalls = [...groups].sort(([, a], [, b]) => b.length - a.length || levelOf(a) - levelOf(b));
  const chosen = new Map(byCalls.slice(0, MAX_NODES));
  const edges = new Map<string, { from: string; to: string; calls: number }>();
  for (const [to, group] of chosen)
    for (const { parent } of group) {
      if (!parent) continue;
      const from = graphIdOf(parent);
      if (!chosen.has(from)) continue;
      const edge = edges.get(`${from}→${to}`);
      if (edge) edge.calls++;
      else edges.set(`${from}→${to}`, { from, to, calls: 1 });
    }
  const places = new Map<number, number>();
  const inOrder = [...chosen].sort(([, a], [, b]) => levelOf(a) - levelOf(b) || firstOf(a) - firstOf(b));
  return {
    nodes: inOrder.map(([id, group]) => {
      const level = levelOf(group);
      const place = places.get(level) ?? 0;
      places.set(level, place + 1);
      const [first] = group;
      return {
        id,
        kind: first?.operation.kind ?? '',
        name: first ? subjectOf(first.operation) : '',
        nodes: group,
        failed: group.filter(({ operation }) => operation.status === 'error').length,
        totalMs: group.reduce((sum, { operation }) => sum + (operation.duration_ms ?? 0), 0),
        level,
        place,
      };
    }),
    edges: [...edges].map(([id, edge]) => ({ id, ...edge })),
    leftOut: groups.size - chosen.size,
  };
}

const levelOf = (group: readonly OperationNode[]): number => group.reduce((least, { depth }) => Math.min(least, depth), Infinity);
const firstOf = (group: readonly OperationNode[]): number => group.reduce((least, { start }) => Math.min(least, start), Infinity);
