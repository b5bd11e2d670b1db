import fc from 'fast-check';
import { assignTasks, type Claimant } from './assign-tasks';

const tasksOf = (count: number): number[] => Array.from({ length: count }, (_, task) => task);
const named = (ids: readonly string[]): Claimant[] => ids.map((memberId) => ({ memberId, generation: 0, tasks: [] }));
const after = (assigned: ReadonlyMap<string, number[]>, generation = 1): Claimant[] =>
  [...assigned].map(([memberId, tasks]) => ({ memberId, generation, tasks }));
const ownerByTask = (assigned: ReadonlyMap<string, number[]>): Map<number, string> =>
  new Map([...assigned].flatMap(([memberId, tasks]) => tasks.map((task) => [task, memberId] as const)));

/** Tasks that were another member's before. */
function moved(before: ReadonlyMap<string, number[]>, now: ReadonlyMap<string, number[]>): number {
  const owners = ownerByTask(before);
  return [...ownerByTask(now)].filter(([task, owner]) => owners.get(task) !== owner).length;
}

describe('who has which tasks', () => {
  const group = fc.record({
    tasks: fc.integer({ min: 1, max: 80 }).map(tasksOf),
    ids: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
  });
  const claims = group.chain(({ tasks, ids }) =>
    fc.record({
      tasks: fc.constant(tasks),
      members: fc.tuple(
        ...ids.map(
          (memberId) =>
          fc.record({ memberId: fc.constant(memberId), generation: fc.integer({ min: 0, max: 3 }), tasks: fc.array(fc.integer({ min: 0, max: 99 })) }), // prettier-ignore
        ),
      ),
    }),
  );

  it('gives every task to one member and keeps everyone within one task of everyone else, whatever they claim', () => {
    fc.assert(
      fc.property(claims, ({ tasks, members }) => {
        const assigned = assignTasks(tasks, members);
        const counts = [...assigned.values()].map((mine) => mine.length);
        expect([...assigned.values()].flat().sort((a, b) => a - b)).toEqual(tasks);
        expect([...assigned.keys()].sort()).toEqual(members.map(({ memberId }) => memberId).sort());
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is the same in whatever order members and tasks are named', () => {
    fc.assert(
      fc.property(claims, ({ tasks, members }) => {
        const reversed = assignTasks([...tasks].reverse(), [...members].reverse());
        expect(new Map([...reversed].sort())).toEqual(new Map([...assignTasks(tasks, members)].sort()));
      }),
    );
  });

  it('moves at most tasks ÷ members when one joins or leaves, and nothing when nobody does', () => {
    fc.assert(
      fc.property(group, fc.nat(), ({ tasks, ids }, pick) => {
        const before = assignTasks(tasks, named(ids));
        expect(moved(before, assignTasks(tasks, after(before)))).toBe(0);

        const joined = assignTasks(tasks, [...after(before), { memberId: 'newcomer', generation: 0, tasks: [] }]);
        expect(moved(before, joined)).toBeLessThanOrEqual(Math.ceil(tasks.length / (ids.length + 1)));

        if (ids.length === 1) return;
        const gone = ids[pick % ids.length] as string;
        const remaining = after(before).filter(({ memberId }) => memberId !== gone);
        expect(moved(before, assignTasks(tasks, remaining))).toBe(before.get(gone)?.length);
      }),
    );
  });

  it.each([
    [6, 2, '33 % where a member joins, 33 % where it leaves again'],
    [24, 3, '25 % where a member joins, 25 % where it leaves again'],
    [64, 10, '8 % where a member joins, 8 % where it leaves again'],
  ])('moves of %i tasks of %i members %s', (count, members, expected) => {
    const tasks = tasksOf(count);
    const before = assignTasks(tasks, named(Array.from({ length: members }, (_, i) => `member-${i}`)));
    const joined = assignTasks(tasks, [...after(before), { memberId: 'newcomer', generation: 0, tasks: [] }]);
    const left = assignTasks(tasks, after(joined, 2).filter(({ memberId }) => memberId !== 'newcomer')); // prettier-ignore
    const share = (n: number): string => `${Math.round((100 * n) / count)} %`;
    expect(`${share(moved(before, joined))} where a member joins, ${share(moved(joined, left))} where it leaves again`).toBe(
      expected,
    );
  });

  it('leaves a task with the member that was given it later, where one that was away claims it too', () => {
    const away = { memberId: 'a', generation: 4, tasks: [0, 1, 2, 3] };
    const present = { memberId: 'b', generation: 5, tasks: [0, 1, 2, 3] };
    expect(assignTasks([0, 1, 2, 3], [away, present])).toEqual(new Map([['b', [0, 1]], ['a', [2, 3]]])); // prettier-ignore
    expect(
      assignTasks(
        [0, 1, 2],
        [
          { ...away, tasks: [0, 1] },
          { ...present, tasks: [1, 2] },
        ],
      ),
    ).toEqual(
      new Map([['a', [0]], ['b', [1, 2]]]), // prettier-ignore
    );
  });
});
