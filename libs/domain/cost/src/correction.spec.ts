import fc from 'fast-check';
import { correctionOf, type StoredCall } from '.';

const CALL: StoredCall = {
  tenant: 'acme', id: 'e1', at: Date.parse('2026-03-02T12:34:56Z'), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm',
  historic: false, sampling_weight: 1, cost_nano: 1_000, price_version: 'a/1', corrected_nano: null,
}; // prettier-ignore
const price = (costNano: number, version = 'a/2') => ({ costNano, version });

describe('a correction', () => {
  it('is the difference to the event, in the hour of the call', () => {
    expect(correctionOf(CALL, price(1_500), 0)).toMatchObject({
      event_id: 'e1', hour: '2026-03-02T12:00:00.000Z', cost_nano_before: 1_000, cost_nano_after: 1_500, delta_nano: 500, unpriced_delta: 0, price_version: 'a/2',
    }); // prettier-ignore
  });
  it('prices a call whose price was unknown, and takes it from those', () => {
    expect(correctionOf({ ...CALL, cost_nano: null, sampling_weight: 4 }, price(700), 0)).toMatchObject({
      delta_nano: 2_800,
      unpriced_delta: -4,
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
          const made = correctionOf({ ...CALL, cost_nano: cost, corrected_nano: corrected }, price(costNano), i);
          if (made) ({ cost_nano_after: corrected, delta_nano: delta } = made);
          expect(correctionOf({ ...CALL, cost_nano: cost, corrected_nano: corrected }, price(costNano), i)).toBeNull();
        }
        expect((cost ?? 0) + delta).toBe(prices.at(-1));
      }),
    );
  });
  it('has the same id when the same price is made again', () => {
    expect(correctionOf(CALL, price(5), 1)?.id).toBe(correctionOf(CALL, price(5), 2)?.id);
    expect(correctionOf(CALL, price(6), 1)?.id).not.toBe(correctionOf(CALL, price(5), 1)?.id);
  });
});
