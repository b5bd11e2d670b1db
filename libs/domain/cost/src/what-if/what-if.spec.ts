import { createDice } from '@telltale/kernel';
import fc from 'fast-check';
import { type HourOfCalls, type PriceOfCall, savingOf } from '..';

const PRICES: Readonly<Record<string, { input: number; cache_read: number; cache_write: number; output: number }>> = {
  large: { input: 2_500, cache_read: 250, cache_write: 3_000, output: 10_000 },
  small: { input: 150, cache_read: 75, cache_write: 150, output: 600 },
};
const priceOf: PriceOfCall = ({ model, tier, tokens }) => {
  const price = PRICES[model];
  if (!price) return null;
  const nano = tokens.input * price.input + tokens.cache_read * price.cache_read + tokens.cache_write * price.cache_write + tokens.output * price.output;
  return tier === 'batch' ? nano / 2 : nano;
}; // prettier-ignore

function hourOf(n: number, change: Partial<HourOfCalls> = {}): HourOfCalls {
  const tokens = { input: 1_000, cache_read: 1_000, cache_write: 0, output: 500 };
  const hour = { hour: `2026-11-23T${String(n).padStart(2, '0')}:00:00Z`, provider: 'openai', model: 'large', tier: '', calls: 10, nano: 0, tokens, cappedOutput: 400, ...change }; // prettier-ignore
  return { ...hour, nano: change.nano ?? priceOf({ ...hour, tokens: hour.tokens }) ?? 0 };
}

describe('what a change would have saved', () => {
  const hours = [hourOf(0), hourOf(1)];
  const before = 2 * (1_000 * 2_500 + 1_000 * 250 + 500 * 10_000);

  it.each([
    ['another model', { model: { provider: 'openai', model: 'small' } }, 2 * (1_000 * 150 + 1_000 * 75 + 500 * 600)],
    ['the batch tier', { tier: 'batch' }, before / 2],
    ['more from the cache', { cacheReadShare: 0.9 }, 2 * (200 * 2_500 + 1_800 * 250 + 500 * 10_000)],
    ['less from the cache than now, which changes nothing', { cacheReadShare: 0.1 }, before],
    ['a cap on outputs', { isCapped: true }, 2 * (1_000 * 2_500 + 1_000 * 250 + 400 * 10_000)],
  ] as const)('is that of %s', (_, change, after) => {
    expect(savingOf(hours, change, priceOf)).toMatchObject({ calls: 20, before_nano_usd: before, after_nano_usd: after, saving_nano_usd: before - after, unpriced_calls: 0 }); // prettier-ignore
  });

  it('keeps what was paid in proportion: a discount stays', () => {
    expect(savingOf([hourOf(0, { nano: 1_000 })], { tier: 'batch' }, priceOf)).toMatchObject({ before_nano_usd: 1_000, after_nano_usd: 500 }); // prettier-ignore
  });

  it('leaves out calls whose price is unknown, and says how many', () => {
    const found = savingOf([hourOf(0), hourOf(1, { model: 'unheard-of', nano: 7 })], { tier: 'batch' }, priceOf);
    expect(found).toMatchObject({ calls: 10, unpriced_calls: 10, before_nano_usd: before / 2 });
    expect(savingOf([hourOf(0)], { model: { provider: 'x', model: 'unheard-of' } }, priceOf)).toMatchObject({ calls: 0, unpriced_calls: 10, saving_nano_usd: 0 }); // prettier-ignore
  });

  it('is never more than what was spent', () => {
    const one = fc.record({ n: fc.nat(23), input: fc.nat(1e5), cached: fc.nat(1e5), written: fc.nat(1e5), output: fc.nat(1e5), share: fc.double({ min: 0, max: 1, noNaN: true }) }); // prettier-ignore
    fc.assert(
      fc.property(fc.array(one, { maxLength: 10 }), fc.double({ min: 0, max: 1, noNaN: true }), (list, cacheReadShare) => {
        const calls = list.map(({ n, input, cached, written, output, share }) => hourOf(n, { tokens: { input, cache_read: cached, cache_write: written, output }, cappedOutput: output * share })); // prettier-ignore
        const { saving_nano_usd: saving, before_nano_usd: spent, after_nano_usd: after } = savingOf(calls, { cacheReadShare, isCapped: true, tier: 'batch' }, priceOf); // prettier-ignore
        expect(saving).toBeLessThanOrEqual(spent);
        expect(after).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('has an interval that holds the saving of the next period about four times in five', () => {
    const dice = createDice(5);
    const period = (): HourOfCalls[] => Array.from({ length: 72 }, (_, n) => hourOf(n, { calls: 10, tokens: { input: 1_000 * Math.exp(dice.normal()), cache_read: 0, cache_write: 0, output: 100 } })); // prettier-ignore
    let held = 0;
    for (let i = 0; i < 200; i++) {
      const now = savingOf(period(), { tier: 'batch' }, priceOf);
      const next = savingOf(period(), { tier: 'batch' }, priceOf).saving_nano_usd;
      if (next >= (now.low_nano_usd ?? NaN) && next <= (now.high_nano_usd ?? NaN)) held++;
    }
    expect(held / 200).toBeGreaterThan(0.7);
    expect(held / 200).toBeLessThan(0.9);
  });
});
