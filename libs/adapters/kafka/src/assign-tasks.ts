/** A member of a group and the tasks that it says it has. */
export interface Claimant {
  readonly memberId: string;
  /** The group's generation in which it was given them. */
  readonly generation: number;
  readonly tasks: readonly number[];
}

/**
 * Which member has which tasks, from what they have: everyone within one task of everyone else, and no task moves that need not. The same
 * answer whatever the order of members. Where two claim a task, the one that was given it in the later generation has it: the other was out
 * of the group meanwhile and does not know.
 */
export function assignTasks(tasks: readonly number[], members: readonly Claimant[]): Map<string, number[]> {
  const owners = ownersOf(tasks, members);
  const kept = members
    .map(({ memberId }) => ({ memberId, tasks: tasks.filter((task) => owners.get(task) === memberId).sort(ascending) }))
    .sort((a, b) => b.tasks.length - a.tasks.length || compare(a.memberId, b.memberId));

  const share = Math.floor(tasks.length / members.length);
  const oneMore = tasks.length % members.length;
  const quotas = kept.map((member, rank) => ({ ...member, quota: share + (rank < oneMore ? 1 : 0) }));
  const assigned = new Map(quotas.map(({ memberId, tasks: mine, quota }) => [memberId, mine.slice(0, quota)]));

  const settled = new Set([...assigned.values()].flat());
  const free = tasks.filter((task) => !settled.has(task)).sort(ascending);
  for (const { memberId, quota } of quotas) {
    const mine = assigned.get(memberId) ?? [];
    mine.push(...free.splice(0, quota - mine.length));
    mine.sort(ascending);
  }
  return assigned;
}

function ownersOf(tasks: readonly number[], members: readonly Claimant[]): Map<number, string> {
  const known = new Set(tasks);
  const owners = new Map<number, string>();
  const latestFirst = [...members].sort((a, b) => b.generation - a.generation || compare(a.memberId, b.memberId));
  for (const { memberId, tasks: claimed } of latestFirst)
    for (const task of claimed) if (known.has(task) && !owners.has(task)) owners.set(task, memberId);
  return owners;
}

const ascending = (a: number, b: number): number => a - b;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
