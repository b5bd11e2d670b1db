import { createEffects } from '../pipeline/effects';
import { applyState } from '../processor/task-processor';
import { createDailyLimiter } from './daily-limiter';

const NOON = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;

function newTestLimiter(state = new Map<string, Buffer>()) {
  const sut = createDailyLimiter('names/', state, 2);
  /** Keys that each batch adds (+) and removes (-). */
  const written: string[][] = [];
  const batch = (now: number, owner: string, ...ids: readonly string[]): boolean[] => {
    const effects = createEffects();
    sut.startBatch(now);
    const admitted = ids.map((id) => sut.add(owner, id));
    sut.flush(effects);
    written.push([...effects.done().state].map(([key, value]) => `${value === null ? '-' : '+'}${key}`));
    applyState(state, effects.done().state);
    return admitted;
  };
  return { sut, state, batch, written };
}

describe('what an owner may have in a day', () => {
  it('is the first few ids, each as often as it comes, and of another owner its own', () => {
    const { batch } = newTestLimiter();
    expect(batch(NOON, 'acme', 'a', 'b', 'c', 'a')).toEqual([true, true, false, true]);
    expect(batch(NOON, 'beta', 'c')).toEqual([true]);
    expect(batch(NOON + 1, 'acme', 'c', 'b')).toEqual([false, true]);
  });

  it('is known to whoever takes the task over, whatever the ids and owners are made of', () => {
    const before = newTestLimiter();
    before.batch(NOON, 'acme/name', 'GET /users', '100%2F');
    const after = newTestLimiter(before.state);
    expect(after.batch(NOON, 'acme/name', '100/', 'other', 'GET /users', '100%2F')).toEqual([false, false, true, true]);
    expect(after.batch(NOON, 'acme', 'other')).toEqual([true]);
  });

  it('starts again with the day, and nothing of the day before stays', () => {
    const { sut, batch, state, written } = newTestLimiter();
    batch(NOON, 'acme', 'a', 'b');
    expect(batch(NOON + DAY, 'acme', 'c')).toEqual([true]);
    expect([...state.keys()]).toEqual(['names/2026-02-01/acme/c']);
    batch(NOON + 2 * DAY, 'acme');
    expect(written).toEqual([
      ['+names/2026-01-31/acme/a', '+names/2026-01-31/acme/b'],
      ['-names/2026-01-31/acme/a', '-names/2026-01-31/acme/b', '+names/2026-02-01/acme/c'],
      ['-names/2026-02-01/acme/c'],
    ]);
    expect(sut.due(NOON + 9 * DAY)).toBe(false);
  });
});
