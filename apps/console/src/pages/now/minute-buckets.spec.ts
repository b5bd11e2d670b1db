import { bucketsOf } from './minute-buckets';

const SINCE = Date.parse('2026-03-16T10:00:30Z');
const HOUR = 3_600_000;
const minute = (text: string, turns: number, unhelped = 0) => ({
  minute: `2026-03-16T${text}:00.000Z`,
  turns,
  unhelped_turns: unhelped,
});

describe('the bars of turns', () => {
  it('are minutes where they fit, those without turns too, each turn in one of them', () => {
    const bars = bucketsOf([minute('10:00', 3, 1), minute('10:02', 4)], SINCE, SINCE + 3 * 60_000, 60);
    expect(bars.map(({ turns, unhelped }) => [turns, unhelped])).toEqual([[3, 1], [0, 0], [4, 0], [0, 0]]); // prettier-ignore
    expect(bars[0]?.at).toBe(Date.parse('2026-03-16T10:00:00Z'));
  });

  it('are as long as it takes to be few, and begin at round times', () => {
    const bars = bucketsOf([minute('10:14', 2), minute('10:15', 5), minute('23:59', 1)], SINCE, SINCE + 24 * HOUR, 100);
    expect(bars.length).toBeLessThanOrEqual(100);
    expect((bars[1]?.at ?? 0) - (bars[0]?.at ?? 0)).toBe(15 * 60_000);
    expect(bars.filter(({ turns }) => turns > 0).map(({ turns }) => turns)).toEqual([2, 5, 1]);
    expect(bars.every(({ at }) => at % (15 * 60_000) === 0)).toBe(true);
  });

  it('leave out what lies outside', () => expect(bucketsOf([minute('09:00', 9)], SINCE, SINCE + HOUR, 100).some(({ turns }) => turns > 0)).toBe(false)); // prettier-ignore
});
