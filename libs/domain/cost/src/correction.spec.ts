import fc from 'fast-check';
import { changeOf, correctionOf, type StoredCall, type Told } from '.';

const CALL: StoredCall = {
  tenant: 'acme', id: 'e1', at: Date.parse('2026-03-02T12:34:56Z'), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', name: 'chat',
  historic: false, sampling_weight: 1, cost_nano: 1_000, price_version: 'a/1', corrected_nano: null,
}; // prettier-ignore
const price = (costNano: number, version = 'a/2') => ({ costNano, version });
const made = (change: Partial<StoredCall>, costNano: number, now = 0, version = 'a/2') => {
  const correction = correctionOf({ ...CALL, ...change }, price(costNano, version), now);
  if (!correction) throw new Error('nothing to correct');
  return correction;
};

describe('a correction', () => {
  it('is the difference to the event, at the time of the call', () => {
    expect(made({}, 1_500)).toMatchObject({
      event_id: 'e1', ts: '2026-03-02T12:34:56.000Z', name: 'chat', cost_nano_before: 1_000, cost_nano_after: 1_500, delta_nano: 500, unpriced_delta: 0,
      told_nano: 0, told_unpriced: 0, price_version: 'a/2',
    }); // prettier-ignore
  });
  it('prices a call whose price was unknown, and takes it from those', () => {
    expect(made({ cost_nano: null, sampling_weight: 4 }, 700)).toMatchObject({ delta_nano: 2_800, unpriced_delta: -4 });
  });
  it('says what the one before it told already', () => {
    expect(made({ cost_nano: null, sampling_weight: 4, corrected_nano: 700 }, 500)).toMatchObject({
      delta_nano: 2_000,
      unpriced_delta: -4,
      told_nano: 2_800,
      told_unpriced: -4,
    });
  });
  it.each([
    ['the price is the same', CALL, price(1_000)],
    ['it was corrected so already', { ...CALL, corrected_nano: 1_500 }, price(1_500)],
    ['the new table knows no price', CALL, null],
  ])('is none when %s', (_, call, found) => expect(correctionOf(call, found, 0)).toBeNull());

  it('brings the sum to the newest price, whatever was written before, and never twice', () => {
    fc.assert(
      fc.property(fc.option(fc.nat(1e9)), fc.array(fc.nat(1e9), { minLength: 1 }), (cost, prices) => {
        let corrected: number | null = null;
        let delta = 0;
        for (const [i, costNano] of prices.entries()) {
          const next = correctionOf({ ...CALL, cost_nano: cost, corrected_nano: corrected }, price(costNano), i);
          if (next) ({ cost_nano_after: corrected, delta_nano: delta } = next);
          expect(correctionOf({ ...CALL, cost_nano: cost, corrected_nano: corrected }, price(costNano), i)).toBeNull();
        }
        expect((cost ?? 0) + delta).toBe(prices.at(-1));
      }),
    );
  });
  it('has the same id when the same price is made again', () => {
    expect(made({}, 5, 1).id).toBe(made({}, 5, 2).id);
    expect(made({}, 6, 1).id).not.toBe(made({}, 5, 1).id);
  });
});

describe('what a correction changes of spend', () => {
  it('is in the hour of the call, without a call of its own', () => {
    expect(changeOf(made({ cost_nano: null }, 700), null).change).toEqual({
      tenant: 'acme', hour: '2026-03-02T12:00:00.000Z', service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', historic: false,
      calls: 0, unpriced_calls: -1, cost_nano: 700, input_tokens: 0, output_tokens: 0,
    }); // prettier-ignore
  });
  it('is less what was stored when it was made', () => {
    expect(changeOf(made({ cost_nano: null, corrected_nano: 700 }, 500), null).change).toMatchObject({
      cost_nano: -200,
      unpriced_calls: 0,
    });
  });
  it('is nothing for one that was told', () => {
    const { told } = changeOf(made({}, 700, 1), null);
    expect(changeOf(made({}, 700, 2), told)).toEqual({ change: null, told: { ...told, at: 2 } });
  });
  it('follows a price that goes there and back', () => {
    const there = changeOf(made({}, 700, 1, 'v1'), null);
    const off = changeOf(made({}, 900, 2, 'v2'), there.told);
    const back = changeOf(made({}, 700, 3, 'v1'), off.told);
    expect([there, off, back].map(({ change }) => change?.cost_nano)).toEqual([-300, 200, -200]);
  });

  it('sums to the newest price, in whatever order corrections arrive and however often', () => {
    const one = fc.record({ costNano: fc.integer({ min: 1, max: 50 }), at: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.uniqueArray(one, { minLength: 1, selector: ({ at }) => at }), fc.option(fc.nat(50)), (prices, cost) => {
        let told: Told | null = null;
        let sum = cost ?? 0;
        for (const { costNano, at } of prices) {
          const correction = correctionOf({ ...CALL, cost_nano: cost }, price(costNano), at);
          if (!correction) continue;
          for (const again of [correction, correction]) {
            const step = changeOf(again, told);
            told = step.told;
            sum += step.change?.cost_nano ?? 0;
          }
        }
        const newest = prices.filter(({ costNano }) => costNano !== cost).sort((a, b) => b.at - a.at)[0];
        expect(sum).toBe(newest?.costNano ?? cost ?? 0);
      }),
    );
  });
});
