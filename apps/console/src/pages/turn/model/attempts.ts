import { type OperationNode, subjectOf, type TurnTree } from './tree';

/** How a call stands to other calls of the same in its turn. */
export interface Attempts {
  /** The call of the same before it. */
  readonly previous: OperationNode | null;
  /** Of a failed call: the first of the same after it that worked. */
  readonly recovery: OperationNode | null;
  /** Of a failed call: those of the same after it that failed too, before one worked. */
  readonly failedAgain: number;
  /** Of a call that worked: the failed one that it makes good, which came right before it. */
  readonly recovers: OperationNode | null;
}

const NONE: Attempts = { previous: null, recovery: null, failedAgain: 0, recovers: null };
const CALLS = new Set(['llm', 'tool', 'mcp', 'retrieval', 'rerank', 'embedding', 'agent', 'guardrail']);

/** For each call what came of its failure. Calls of the same are those of one kind and tool, model or name, in order of time. */
export function attemptsOf({ nodes }: TurnTree): (node: OperationNode) => Attempts {
  const same = new Map<string, OperationNode[]>();
  for (const node of nodes) {
    if (!CALLS.has(node.operation.kind)) continue;
    const key = `${node.operation.kind} ${subjectOf(node.operation)}`;
    const calls = same.get(key);
    if (calls) calls.push(node);
    else same.set(key, [node]);
  }
  const all = new Map<OperationNode, Attempts>();
  for (const calls of same.values()) {
    calls.sort((a, b) => a.start - b.start);
    const failed = (node: OperationNode | undefined): boolean => node?.operation.status === 'error';
    let recovery: OperationNode | null = null;
    let failedAgain = 0;
    for (let i = calls.length - 1; i >= 0; i--) {
      const [node, previous] = [calls[i], calls[i - 1]];
      if (!node) continue;
      const isFailed = failed(node);
      all.set(node, {
        previous: previous ?? null,
        recovery: isFailed ? recovery : null,
        failedAgain: isFailed ? failedAgain : 0,
        recovers: !isFailed && previous && failed(previous) ? previous : null,
      });
      if (isFailed) failedAgain++;
      else [recovery, failedAgain] = [node, 0];
    }
  }
  return (node) => all.get(node) ?? NONE;
}
