import { costOf, monthlyOf, nameOf, PART_NAMES, PARTS, signed } from './words';

const DAY = 86_400_000;

describe('words of costs', () => {
  it('brings an amount to thirty days', () => {
    expect(monthlyOf(7_000, 0, 7 * DAY)).toBe(30_000);
    expect(monthlyOf(100, 0, 60 * DAY)).toBe(50);
    expect(monthlyOf(100, DAY, DAY)).toBe(0);
  });
  it('names what has no value, and all others', () => {
    expect([nameOf(''), nameOf('', true), nameOf('gpt-4o')]).toEqual(['(none)', 'all others', 'gpt-4o']);
  });
  it('takes what has no price for unknown, and what cost nothing for nothing', () => {
    const costs = [{ cost_nano_usd: 0, calls: 3, unpriced_calls: 3 }, { cost_nano_usd: 0, calls: 3, unpriced_calls: 1 }, { cost_nano_usd: 0, calls: 0, unpriced_calls: 0 }, { cost_nano_usd: 5, calls: 2, unpriced_calls: 1 }]; // prettier-ignore
    expect(costs.map(costOf)).toEqual([null, 0, 0, 5]);
  });
  it('gives a rise its sign', () => expect(['$3.20', '-$3.20', '$0'].map(signed)).toEqual(['+$3.20', '-$3.20', '$0']));
  it('has a name for each part, none twice', () =>
    expect(new Set(PARTS.map((part) => PART_NAMES[part])).size).toBe(PARTS.length));
});
