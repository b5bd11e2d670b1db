import { createEffects } from '../pipeline/effects';
import { applyState } from '../processor/task-processor';
import { createDailyLimiter } from './daily-limiter';

const NOON = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;

function newTestLimiter(state = new Map<string, Buffer>()) {
  const sut = createDailyLimiter('names/', state, 2);
  const batch = (now: number, owner: string, ...ids: readonly string[]): boolean[] => {
    const effects = createEffects();
    sut.startBatch(now);
    const admitted = ids.map((id) => sut.add(owner, id));
    sut.flush(effects);
    applyState(state, effects.done().state);
    return admitted;
  };
  return { state, batch };
}

describe('what an owner may have in a day', () => {
  it('is the first few ids, each as often as it comes, and of another owner its own', () => {
    const { batch } = newTestLimiter();
    expect(batch(NOON, 'acme', 'a', 'b', 'c', 'a')).toEqual([true, true, false, true]);
    expect(batch(NOON, 'beta', 'c')).toEqual([true]);
  });

  it('is known to whoever takes the task over, whatever the ids and owners are made of', () => {
    const before = newTestLimiter();
    before.batch(NOON, 'acme/name', 'GET /users', '100%2F');
    const after = newTestLimiter(before.state);
    expect(after.batch(NOON, 'acme/name', 'GET /users', '100%2F', '100/', 'other')).toEqual([true, true, false, false]);
  });

  it('starts again with the day, and nothing of the day before stays', () => {
    const { batch, state } = newTestLimiter();
    batch(NOON, 'acme', 'a', 'b');
    expect(batch(NOON + DAY, 'acme', 'c')).toEqual([true]);
    expect([...state.keys()]).toEqual(['names/2026-02-01/acme/c']);
  });
});
