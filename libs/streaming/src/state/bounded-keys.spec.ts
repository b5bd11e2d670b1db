import fc from 'fast-check';
import { type BoundedKeys, countCuts, createBoundedKeys, type KeyLimits, type TouchedKey } from './bounded-keys';

const limits: KeyLimits = { perTenant: 3, perTask: 5, idleMs: 100 };
const newSut = (): BoundedKeys => createBoundedKeys(limits);
const cutsOf = (sut: BoundedKeys, now: number): string[] =>
  sut.cut(now).map(({ tenant, key, reason }) => `${tenant}/${key} ${reason}`);

describe('keys of state', () => {
  it('expire when they were not touched for the TTL', () => {
    const sut = newSut();
    sut.touch('a', 'x', 0);
    sut.touch('a', 'y', 10);
    sut.touch('a', 'x', 50);
    expect(sut.due(99)).toBe(false);
    expect([sut.due(109), cutsOf(sut, 109)]).toEqual([false, []]);
    expect([sut.due(110), cutsOf(sut, 110)]).toEqual([true, ['a/y expired']]);
    expect([sut.due(149), sut.due(150), cutsOf(sut, 150), sut.size()]).toEqual([false, true, ['a/x expired'], 0]);
  });

  it('over the limit of their tenant are removed, least recently touched first, then by name', () => {
    const sut = newSut();
    for (const key of ['e', 'c', 'd', 'b']) sut.touch('a', key, 1);
    sut.touch('a', 'b', 2);
    expect(cutsOf(sut, 2)).toEqual(['a/c over_limit']);
    expect(cutsOf(sut, 2)).toEqual([]);
    sut.touch('a', 'f', 3);
    expect(cutsOf(sut, 3)).toEqual(['a/d over_limit']);
  });

  it('over the limit of the task are removed from the tenant that has the most', () => {
    const sut = newSut();
    sut.touch('b', 'old', 0);
    for (const key of ['p', 'q']) sut.touch('c', key, 1);
    for (const key of ['x', 'y', 'z']) sut.touch('a', key, 2);
    expect(cutsOf(sut, 2)).toEqual(['a/x over_limit']);
    // Tenants with one key each: the least recently touched key is removed.
    for (const tenant of ['d', 'e']) sut.touch(tenant, 'k', 3);
    expect(cutsOf(sut, 3)).toEqual(['c/p over_limit', 'a/y over_limit']);
    sut.touch('f', 'k', 4);
    expect(cutsOf(sut, 4)).toEqual(['b/old over_limit']);
  });

  it('are removed in the order of tenants, whichever came first', () => {
    const sut = newSut();
    for (const tenant of ['c', 'a', 'b']) sut.touch(tenant, 'k', 0);
    expect(cutsOf(sut, 100)).toEqual(['a/k expired', 'b/k expired', 'c/k expired']);
    for (const tenant of ['b', 'a']) for (const key of ['p', 'q', 'r', 's']) sut.touch(tenant, key, 200);
    // Two are over the limit of their tenant; of the six that are left, one is over that of the task.
    expect(cutsOf(sut, 200)).toEqual(['a/p over_limit', 'b/p over_limit', 'a/q over_limit']);
  });

  it('of one tenant are removed only as far as the limit of the task asks for', () => {
    const sut = newSut();
    for (const key of ['x', 'y', 'z']) sut.touch('a', key, 0);
    for (const tenant of ['b', 'c', 'd']) sut.touch(tenant, 'k', 0);
    expect(cutsOf(sut, 0)).toEqual(['a/x over_limit']);
    const alone = createBoundedKeys({ ...limits, perTenant: 9 });
    for (const key of ['p', 'q', 'r', 's', 't', 'u', 'v']) alone.touch('a', key, 0);
    expect(cutsOf(alone, 0)).toEqual(['a/p over_limit', 'a/q over_limit']);
  });

  it('that were removed leave room for others, and are not removed twice', () => {
    const sut = newSut();
    for (const key of ['x', 'y', 'z']) sut.touch('a', key, 1);
    sut.remove('a', 'x');
    sut.remove('a', 'x');
    sut.remove('nobody', 'x');
    expect(sut.size()).toBe(2);
    sut.touch('a', 'w', 2);
    expect([cutsOf(sut, 2), sut.size()]).toEqual([[], 3]);
    sut.touch('a', 'v', 3);
    for (const key of ['v', 'w', 'y', 'z']) sut.remove('a', key);
    expect([cutsOf(sut, 3), sut.size()]).toEqual([[], 0]);
  });

  it('are counted by the reason for which they were removed, and not where none was', () => {
    const [old, over] = [{ tenant: 'a', key: 'x', reason: 'expired' }, { tenant: 'a', key: 'y', reason: 'over_limit' }] as const;
    const counts: unknown[] = [];
    countCuts('names', [old, over, old], (what, by) => counts.push([what, by]));
    countCuts('ids', [over], (what, by) => counts.push([what, by]));
    expect(counts).toEqual([['names_expired', 2], ['names_over_limit', 1], ['ids_over_limit', 1]]);
  }); // prettier-ignore

  it('are evicted the same when the task is restored between any two batches, and never exceed the limits', () => {
    const batch = fc.record({
      wait: fc.nat(40),
      touches: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('k', 'l', 'm', 'n', 'o')), {
        maxLength: 8,
      }),
      isCut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 20 }), (batches) => {
        const live = newSut();
        let restored = newSut();
        const state = new Map<string, TouchedKey>();
        let now = 0;
        for (const { wait, touches, isCut } of batches) {
          now += wait;
          // Compaction changes the order of keys.
          if (isCut) restored = createBoundedKeys(limits, [...state.values()].reverse());
          for (const [tenant, key] of touches) {
            live.touch(tenant, key, now);
            restored.touch(tenant, key, now);
            state.set(`${tenant}/${key}`, { tenant, key, at: now });
          }
          const hasExpired = [...state.values()].some(({ at }) => at + limits.idleMs <= now);
          expect([live.due(now), restored.due(now)]).toEqual([hasExpired, hasExpired]);
          const cut = live.cut(now);
          expect(restored.cut(now)).toEqual(cut);
          for (const { tenant, key } of cut) state.delete(`${tenant}/${key}`);
          expect(live.size()).toBe(state.size);
          expect(state.size).toBeLessThanOrEqual(limits.perTask);
          const tenants = [...state.values()].map(({ tenant }) => tenant);
          for (const one of tenants)
            expect(tenants.filter((other) => other === one).length).toBeLessThanOrEqual(limits.perTenant);
        }
      }),
      { numRuns: 300 },
    );
  });
});
