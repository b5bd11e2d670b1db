import { createEffects } from '../pipeline/effects';
import { applyState } from '../processor/task-processor';
import { createHeldBatches } from './held-batches';

const EVERY_MS = 2_000;
const T = 1_000_000;

function newTestHeld(state = new Map<string, Buffer>()) {
  const sut = createHeldBatches<string>(state, EVERY_MS);
  const written: string[] = [];
  /** A batch that brings `entry`; answers whether it was due. */
  const batch = (now: number, entry: string): boolean => {
    const effects = createEffects();
    sut.startBatch(now);
    const isDue = sut.isDue();
    if (isDue) sut.release();
    else sut.hold(entry);
    sut.flush(effects);
    written.push(...effects.done().state.keys());
    applyState(state, effects.done().state);
    return isDue;
  };
  return { sut, state, batch, written };
}

describe('batches that are held back', () => {
  it('go out with the first batch of each two seconds', () => {
    const { batch } = newTestHeld();
    expect([T + 10, T + 200, T + 1_999, T + 2_000, T + 3_999, T + 9_000].map((now) => batch(now, 'x'))).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]);
  });

  it('are due when time alone passes, unless there are none', () => {
    const { sut, batch } = newTestHeld();
    batch(T, 'goes out');
    expect(sut.due(T + 60_000)).toBe(false);
    batch(T + 200, 'is held');
    expect([sut.due(T + 1_999), sut.due(T + 2_000)]).toEqual([false, true]);
  });

  it('are held by whoever takes the task over, in their order, and are gone from its state when they have gone out', () => {
    const before = newTestHeld();
    for (let i = 0; i < 12; i++) before.batch(T + i * 100, `${i}`);
    const after = newTestHeld(before.state);
    expect(after.sut.restored).toEqual(Array.from({ length: 11 }, (_, i) => `${i + 1}`));
    expect(after.batch(T + 1_500, 'also held')).toBe(false);
    expect(after.written).toEqual(['held/000000011']);
    expect(after.batch(T + 2_100, 'goes out')).toBe(true);
    expect([...after.state.keys()]).toEqual(['released']);
  });

  it('are written once, and so is when they went out', () => {
    const { batch, written } = newTestHeld();
    for (const now of [T, T + 200, T + 300]) batch(now, 'x');
    expect(written).toEqual(['released', 'held/000000000', 'held/000000001']);
  });

  it('go out at once where a clock that was ahead has been set right', () => {
    const { batch } = newTestHeld();
    batch(T + 3_600_000, 'ahead');
    expect(batch(T, 'right')).toBe(true);
  });
});
