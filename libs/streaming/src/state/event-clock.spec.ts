import { createEffects } from '../pipeline/effects';
import { applyState } from '../processor/task-processor';
import { createEventClock } from './event-clock';

function newTestClock(state = new Map<string, Buffer>()) {
  const sut = createEventClock(state);
  /** A batch at `now` with events of these times; answers how many state changes it writes. */
  const batch = (now: number, ...times: readonly number[]): number => {
    const effects = createEffects();
    sut.startBatch(now);
    times.forEach(sut.add);
    sut.flush(effects);
    const changes = effects.done().state;
    applyState(state, changes);
    return changes.size;
  };
  return { sut, state, batch };
}

describe('the clock of events', () => {
  it('stands at the latest event, whatever the order', () => {
    const { sut, batch } = newTestClock();
    expect(sut.current()).toBe(0);
    batch(100, 20, 50, 30);
    expect(sut.current()).toBe(50);
    batch(200, 40);
    expect(sut.current()).toBe(50);
  });

  it('is never ahead of the batch, because the clock of a producer may be', () => {
    const { sut, batch } = newTestClock();
    batch(100, 5_000);
    expect(sut.current()).toBe(100);
  });

  it('is written when it has moved, and continues where the task is taken over', () => {
    const { batch, state } = newTestClock();
    expect([batch(100, 50), batch(200, 50), batch(300)]).toEqual([1, 0, 0]);
    expect([...state.keys()]).toEqual(['watermark']);
    const after = newTestClock(state);
    expect(after.sut.current()).toBe(50);
    expect([after.batch(400, 50), after.batch(500, 60)]).toEqual([0, 1]);
  });

  it('does not move by time alone', () => expect(newTestClock().sut.due(1e12)).toBe(false));
});
