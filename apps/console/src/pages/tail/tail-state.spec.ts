import { type Arrived, arrive, EMPTY, MOST_ROWS, pause, rateOf, type TailState } from './tail-state';

const records = (count: number, from = 0): Arrived[] => Array.from({ length: count }, (_, i) => ({ record: { n: from + i } }));
const numbers = ({ rows }: TailState): unknown[] => rows.map(({ record }) => record['n']);
const NOW = 1_000_000;

describe('what came', () => {
  it('stands in its order, each row under a number of its own', () => {
    const state = arrive(arrive(EMPTY, records(2), NOW), records(1, 2), NOW);
    expect([numbers(state), state.rows.map(({ id }) => id), state.seen]).toEqual([[0, 1, 2], [0, 1, 2], 3]);
  });

  it('is kept up to a cap, and what was let go is counted', () => {
    const state = arrive(EMPTY, records(MOST_ROWS + 5), NOW);
    expect([state.rows.length, numbers(state)[0], state.dropped, state.seen]).toEqual([MOST_ROWS, 5, 5, MOST_ROWS + 5]);
  });

  it('waits while it is paused, and is there when it goes on', () => {
    const paused = arrive(pause(arrive(EMPTY, records(1), NOW), true), records(2, 1), NOW);
    expect([numbers(paused), paused.waiting.length]).toEqual([[0], 2]);
    const on = pause(paused, false);
    expect([numbers(on), on.waiting, on.dropped]).toEqual([[0, 1, 2], [], 0]);
  });

  it('that waits is kept up to the same cap, so that a long pause holds no more', () => {
    const paused = arrive(pause(arrive(EMPTY, records(1), NOW), true), records(MOST_ROWS + 1, 1), NOW);
    expect([paused.waiting.length, paused.dropped]).toEqual([MOST_ROWS, 1]);
    const on = pause(paused, false);
    expect([on.rows.length, on.dropped, numbers(on).at(-1)]).toEqual([MOST_ROWS, 2, MOST_ROWS + 1]);
  });

  it('says where something is missing, and counts that not as what came', () => {
    const state = arrive(EMPTY, [...records(1), { gap: '7 left out', skipped: 7 }, ...records(1, 1)], NOW);
    expect([state.rows.map(({ gap }) => gap), state.seen, state.skipped]).toEqual([[undefined, '7 left out', undefined], 2, 7]);
  });
});

describe('the rate', () => {
  it('is that of the last seconds, and falls to nothing when nothing comes', () => {
    const first = arrive(EMPTY, records(10), NOW);
    expect([rateOf(EMPTY, NOW), rateOf(first, NOW)]).toEqual([null, 10]);
    const second = arrive(first, records(10), NOW + 4_000);
    expect([rateOf(second, NOW + 4_000), rateOf(second, NOW + 60_000)]).toEqual([4, 0]);
  });
});
