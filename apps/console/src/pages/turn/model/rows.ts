import { type OperationNode, subjectOf, type TurnTree } from './tree';

/** A line of the tree: an operation, or several in a row of one caller that are alike. */
export interface TreeRow {
  readonly key: string;
  /** Of several the first. */
  readonly node: OperationNode;
  readonly depth: number;
  /** Several that are alike; null where the line is one operation. */
  readonly run: readonly OperationNode[] | null;
  /** Whether what is under it shows; null where nothing is. */
  readonly isOpen: boolean | null;
}

export interface RowChoice {
  /** Keys of lines that were closed, and of runs that were opened. */
  readonly toggled: ReadonlySet<string>;
  readonly folds: boolean;
  /** What is looked for: only these and their callers show. */
  readonly matches?: ((node: OperationNode) => boolean) | undefined;
}

/** So many in a row that are alike become one line. */
const LEAST_RUN = 4;

const likenessOf = ({ operation, children }: OperationNode): string =>
  operation.status === 'error' || children.some(({ all }) => all.failed > 0)
    ? ''
    : `${operation.kind} ${operation.name} ${subjectOf(operation)}`;

/** Children of one caller in order, those that are alike and follow each other together. A failure is never hidden in a run. */
export function runsOf(children: readonly OperationNode[]): OperationNode[][] {
  const runs: OperationNode[][] = [];
  let last = '';
  for (const child of children) {
    const likeness = likenessOf(child);
    if (likeness !== '' && likeness === last) runs.at(-1)?.push(child);
    else runs.push([child]);
    last = likeness;
  }
  return runs.flatMap((run) => (run.length >= LEAST_RUN ? [run] : run.map((one) => [one])));
}

export const runKeyOf = (run: readonly OperationNode[]): string => `run ${run[0]?.id ?? ''}`;

function matching(nodes: readonly OperationNode[], matches: (node: OperationNode) => boolean): ReadonlySet<OperationNode> {
  const found = new Set<OperationNode>();
  for (const node of nodes)
    if (matches(node)) for (let at: OperationNode | null = node; at && !found.has(at); at = at.parent) found.add(at);
  return found;
}

/** The lines that show, from top to bottom. */
export function rowsOf({ roots, nodes }: TurnTree, { toggled, folds, matches }: RowChoice): TreeRow[] {
  if (matches) {
    const found = matching(nodes, matches);
    return nodes.filter((node) => found.has(node)).map((node) => ({ key: node.id, node, depth: node.depth, run: null, isOpen: null }));
  }
  const rows: TreeRow[] = [];
  const waiting: { readonly run: readonly OperationNode[]; readonly depth: number }[] = [];
  const push = (children: readonly OperationNode[], depth: number, isWhole: boolean): void => {
    const runs = folds && isWhole ? runsOf(children) : children.map((child) => [child]);
    for (const run of runs.reverse()) waiting.push({ run, depth });
  };
  push(roots, 0, true);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { run, depth } = next;
    const [node] = run;
    if (!node) continue;
    if (run.length > 1) {
      const isOpen = toggled.has(runKeyOf(run));
      rows.push({ key: runKeyOf(run), node, depth, run, isOpen });
      if (isOpen) push(run, depth + 1, false);
      continue;
    }
    const isOpen = !toggled.has(node.id);
    rows.push({ key: node.id, node, depth, run: null, isOpen: node.children.length > 0 ? isOpen : null });
    if (isOpen) push(node.children, depth + 1, true);
  }
  return rows;
} // prettier-ignore

/** What must be toggled so that a node shows: its callers that are closed, and the runs that it stands in. */
export function hidingOf(node: OperationNode, roots: readonly OperationNode[], { toggled, folds }: RowChoice): string[] {
  const keys: string[] = [];
  for (let at: OperationNode | null = node; at; at = at.parent) {
    const child = at;
    if (at !== node && toggled.has(at.id)) keys.push(at.id);
    const run = folds ? runsOf(at.parent?.children ?? roots).find((one) => one.length > 1 && one.includes(child)) : undefined;
    if (run && !toggled.has(runKeyOf(run))) keys.push(runKeyOf(run));
  }
  return keys;
}
