import fc from 'fast-check';
import { placesOf, waterfallOf } from './waterfall';

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

describe('the waterfall of a change', () => {
  it('leads from what was to what is, the greatest part first, without parts that changed nothing', () => {
    const bars = waterfallOf(100, 130, [['price', 5], ['sessions', 0], ['cache_share', 40], ['retries', -15]]); // prettier-ignore
    expect(bars.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['Before', 0, 100],
      ['cache_share', 100, 140],
      ['retries', 140, 125],
      ['price', 125, 130],
      ['After', 0, 130],
    ]);
  });

  it('shows what the parts do not add up to as a part of its own', () => {
    expect(waterfallOf(10, 20, [['price', 4]]).map(({ name, amount: of }) => [name, of])).toContainEqual(['not explained', 6]);
  });

  it('adds up exactly, whatever the parts are: each bar begins where the one before it ended', () => {
    fc.assert(
      fc.property(amount, amount, fc.array(amount, { maxLength: 9 }), (before, after, parts) => {
        const bars = waterfallOf(before, after, parts.map((one, i) => [`p${i}`, one] as const)); // prettier-ignore
        const steps = bars.slice(1, -1);
        expect(before + steps.reduce((sum, { amount: one }) => sum + one, 0)).toBe(after);
        steps.forEach(({ from }, i) => expect(from).toBe(i === 0 ? before : steps[i - 1]?.to));
        expect(steps.at(-1)?.to ?? before).toBe(after);
      }),
    );
  });

  it('finds a place for each bar inside of the chart, also where the way leads below zero', () => {
    fc.assert(
      fc.property(amount, fc.array(amount, { maxLength: 9 }), (before, parts) => {
        const after = before + parts.reduce((sum, one) => sum + one, 0);
        for (const { left, width } of placesOf(waterfallOf(before, after, parts.map((one, i) => [`p${i}`, one] as const)))) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    ); // prettier-ignore
  });
});
