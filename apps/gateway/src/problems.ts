import { type OtlpProblem } from '@telltale/contracts';

/** One thing wrong with one item. */
export type ItemProblem = OtlpProblem;

/** What is wrong with the items of a request: all are counted, the first are named. */
export interface Problems {
  readonly count: number;
  readonly named: readonly ItemProblem[];
}
export interface ProblemList extends Problems {
  /** In the order of the items. */
  add(problem: ItemProblem): void;
}

const MAX_NAMED = 100;
const MAX_FIELD_CHARS = 100;

export function createProblems(): ProblemList {
  const named: ItemProblem[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    named,
    add(problem) {
      count++;
      if (named.length < MAX_NAMED) named.push({ ...problem, field: problem.field.slice(0, MAX_FIELD_CHARS) });
    },
  };
}

export function problemsOf(all: readonly ItemProblem[]): Problems {
  const problems = createProblems();
  for (const problem of [...all].sort((a, b) => a.index - b.index)) problems.add(problem);
  return problems;
}
