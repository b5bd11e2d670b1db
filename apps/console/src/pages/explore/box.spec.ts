import { boxBetween, cornersOf, durationFilter, readBox, writeBox } from './box';

const grid = { times: [1_000, 2_000, 3_000], stepMs: 1_000, levels: [{ from_ms: 1, to_ms: 10 }, { from_ms: 10, to_ms: 100 }] }; // prettier-ignore

describe('a box of time and duration', () => {
  it('is the same whichever corners it is drawn by', () => {
    const box = { since: 2_000, until: 4_000, fromMs: 1, toMs: 100 };
    expect(boxBetween({ time: 1, level: 1 }, { time: 2, level: 0 }, grid)).toEqual(box);
    expect(boxBetween({ time: 2, level: 0 }, { time: 1, level: 1 }, grid)).toEqual(box);
    expect(cornersOf(box, grid)).toEqual([{ time: 1, level: 0 }, { time: 2, level: 1 }]); // prettier-ignore
  });
  it('is not where the grid is not', () => {
    expect(boxBetween({ time: 0, level: 0 }, { time: 3, level: 0 }, grid)).toBeNull();
    expect(cornersOf({ since: 9_000, until: 9_500, fromMs: 1, toMs: 2 }, grid)).toBeNull();
  });
  it('stands in the address, and reads nothing else', () => {
    const box = { since: 1_700_000_000_000, until: 1_700_000_060_000, fromMs: 0.01, toMs: 1_584.89 };
    expect(readBox(writeBox(box))).toEqual(box);
    expect(['', '1_2_3', '1_2_3_x', '2_1_3_4', '1_2_4_3', '1_2_3_4_5', '1__3_4', '1_2_-3_4'].map(readBox)).toEqual(Array.from({ length: 8 }, () => null)); // prettier-ignore
    expect(durationFilter(box)).toBe('duration_ms>=0.01 duration_ms<1584.89');
  });
});
