import { createEffects } from '@telltale/streaming';
import fc from 'fast-check';
import { createDedupeWindow, type DedupeWindow } from './dedupe-window';

const MINUTE = 60_000;
type State = Map<string, Buffer>;

function flush(sut: DedupeWindow, state: State): { written: string[]; early: number } {
  const effects = createEffects();
  sut.flush(effects);
  const { state: changes, counts } = effects.done();
  for (const [key, value] of changes)
    if (value === null) state.delete(key);
    else state.set(key, Buffer.from(value));
  const written = [...changes].map(([key, value]) => `${key} ${value === null ? '-' : Buffer.from(value).toString('hex')}`);
  return { written, early: counts?.['event_ids_over_limit'] ?? 0 };
}

describe('ids of events', () => {
  it('are remembered for ten minutes, however many another tenant sends', () => {
    const state: State = new Map();
    const sut = createDedupeWindow(state, 500);
    let early = 0;
    const range = (now: number, ids: readonly (readonly [string, string])[]): boolean[] => {
      sut.startBatch(now);
      const isNew = ids.map(([tenant, id]) => sut.add(tenant, id));
      early += flush(sut, state).early;
      return isNew;
    };
    const flood = (minute: number) => Array.from({ length: 300 }, (_, i) => ['flood', `${minute}-${i}`] as const);
    range(0, [['calm', 'a'], ['calm', 'b'], ...flood(0)]); // prettier-ignore
    for (let minute = 1; minute < 10; minute++) range(minute * MINUTE, flood(minute));
    expect(range(9.5 * MINUTE, [['calm', 'a'], ['calm', 'b'], ['flood', '9-0'], ['flood', '0-0']])).toEqual([false, false, false, true]); // prettier-ignore
    expect(early).toBeGreaterThanOrEqual(300 * 8);
    const bytes = [...state.values()].reduce((sum, value) => sum + value.length, 0);
    expect(bytes).toBeLessThan(8 * 700);
  });

  it('leave the same state when the task is restored between any two ranges', () => {
    const range = fc.record({
      wait: fc.nat(2 * MINUTE),
      ids: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c/d'), fc.nat(60).map(String)), { maxLength: 25 }),
      isCut: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), (ranges) => {
        const [state, other]: [State, State] = [new Map(), new Map()];
        const live = createDedupeWindow(new Map(), 30);
        let restored = createDedupeWindow(new Map(), 30);
        let now = 0;
        for (const { wait, ids, isCut } of ranges) {
          now += wait;
          if (isCut) restored = createDedupeWindow(new Map([...other].reverse()), 30);
          restored.startBatch(now);
          live.startBatch(now);
          // A batch that is tried again begins again.
          live.startBatch(now);
          for (const [tenant, id] of ids) expect(restored.add(tenant, id)).toBe(live.add(tenant, id));
          expect(flush(restored, other)).toEqual(flush(live, state));
        }
      }),
      { numRuns: 200 },
    );
  });
});
