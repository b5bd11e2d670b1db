import fc from 'fast-check';
import { changeOf, correctionOf, EMPTY_SPEND, type StoredCall, type AppliedCorrection } from '.';

const CALL: StoredCall = {
  tenant: 'acme', id: 'e1', at: Date.parse('2026-03-02T12:34:56Z'), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', name: 'chat',
  tool_name: '', trace_id: 't1', deployment_environment: 'prod', service_version: '1.2', prompt_version: 'answer@v7', user_id: '', agent_name: '', region: '', release: '', estimated: false,
  backfill: false, sampling_weight: 1, cost_nano_usd: 1_000, price_version: 'a/1', corrected_nano_usd: null,
}; // prettier-ignore
const price = (costNanoUsd: number, version = 'a/2') => ({ costNanoUsd, version });
const made = (change: Partial<StoredCall>, costNanoUsd: number, now = 0, version = 'a/2') => {
  const correction = correctionOf({ ...CALL, ...change }, price(costNanoUsd, version), now);
  if (!correction) throw new Error('nothing to correct');
  return correction;
};

describe('a correction', () => {
  it('is the difference from the stored event, at the time of the call', () => {
    expect(made({}, 1_500)).toMatchObject({
      event_id: 'e1', ts: '2026-03-02T12:34:56.000Z', name: 'chat', cost_nano_usd_before: 1_000, cost_nano_usd_after: 1_500, delta_nano_usd: 500, unpriced_calls_delta: 0,
      previous_cost_nano_usd: 0, previous_unpriced: 0, price_version: 'a/2',
    }); // prettier-ignore
  });
  it('prices a call whose price was unknown, and subtracts it from the unpriced calls', () => {
    expect(made({ cost_nano_usd: null, sampling_weight: 4 }, 700)).toMatchObject({
      delta_nano_usd: 2_800,
      unpriced_calls_delta: -4,
    });
  });
  it('contains the difference that the previous correction applied', () => {
    expect(made({ cost_nano_usd: null, sampling_weight: 4, corrected_nano_usd: 700 }, 500)).toMatchObject({
      delta_nano_usd: 2_000,
      unpriced_calls_delta: -4,
      previous_cost_nano_usd: 2_800,
      previous_unpriced: -4,
    });
  });
  it.each([
    ['the price is the same', CALL, price(1_000)],
    ['it was corrected so already', { ...CALL, corrected_nano_usd: 1_500 }, price(1_500)],
    ['the new table knows no price', CALL, null],
  ])('is none when %s', (_, call, found) => expect(correctionOf(call, found, 0)).toBeNull());

  it('brings the sum to the newest price exactly once, whatever was written before', () => {
    fc.assert(
      fc.property(fc.option(fc.nat(1e9)), fc.array(fc.nat(1e9), { minLength: 1 }), (cost, prices) => {
        let corrected: number | null = null;
        let delta = 0;
        for (const [i, costNanoUsd] of prices.entries()) {
          const next = correctionOf({ ...CALL, cost_nano_usd: cost, corrected_nano_usd: corrected }, price(costNanoUsd), i);
          if (next) ({ cost_nano_usd_after: corrected, delta_nano_usd: delta } = next);
          expect(correctionOf({ ...CALL, cost_nano_usd: cost, corrected_nano_usd: corrected }, price(costNanoUsd), i)).toBeNull();
        }
        expect((cost ?? 0) + delta).toBe(prices.at(-1));
      }),
    );
  });
  it('has the same id when the same price is applied again', () => {
    expect(made({}, 5, 1).id).toBe(made({}, 5, 2).id);
    expect(made({}, 6, 1).id).not.toBe(made({}, 5, 1).id);
  });
});

describe('the change that a correction makes to spend', () => {
  it('is in the hour of the call, and adds no call', () => {
    expect(changeOf(made({ cost_nano_usd: null }, 700), null).change).toEqual({
      tenant: 'acme', hour: '2026-03-02T12:00:00.000Z', service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', backfill: false,
      tool_name: '', deployment_environment: 'prod', service_version: '1.2', prompt_version: 'answer@v7', ...EMPTY_SPEND, cost_by_5_minutes: [], unpriced_calls: -1, cost_nano_usd: 700,
    }); // prettier-ignore
  });
  it('excludes the difference that was already stored when it was made', () => {
    expect(changeOf(made({ cost_nano_usd: null, corrected_nano_usd: 700 }, 500), null).change).toMatchObject({
      cost_nano_usd: -200,
      unpriced_calls: 0,
    });
  });
  it('is null for one that was applied', () => {
    const { applied } = changeOf(made({}, 700, 1), null);
    expect(changeOf(made({}, 700, 2), applied)).toEqual({ change: null, applied: { ...applied, at: 2 } });
  });
  it('is null for another one of the same time: the first that came counts', () => {
    const { applied } = changeOf(made({}, 700, 1, 'v1'), null);
    expect(changeOf(made({}, 900, 1, 'v2'), applied)).toEqual({ change: null, applied });
  });
  it('handles a price that changes and changes back', () => {
    const there = changeOf(made({}, 700, 1, 'v1'), null);
    const off = changeOf(made({}, 900, 2, 'v2'), there.applied);
    const back = changeOf(made({}, 700, 3, 'v1'), off.applied);
    expect([there, off, back].map(({ change }) => change?.cost_nano_usd)).toEqual([-300, 200, -200]);
  });

  it('sums to the newest price, whatever the order and number of deliveries', () => {
    const one = fc.record({ costNanoUsd: fc.integer({ min: 1, max: 50 }), at: fc.nat(1_000) });
    fc.assert(
      fc.property(fc.uniqueArray(one, { minLength: 1, selector: ({ at }) => at }), fc.option(fc.nat(50)), (prices, cost) => {
        let applied: AppliedCorrection | null = null;
        let sum = cost ?? 0;
        for (const { costNanoUsd, at } of prices) {
          const correction = correctionOf({ ...CALL, cost_nano_usd: cost }, price(costNanoUsd), at);
          if (!correction) continue;
          for (const again of [correction, correction]) {
            const step = changeOf(again, applied);
            applied = step.applied;
            sum += step.change?.cost_nano_usd ?? 0;
          }
        }
        const newest = prices.filter(({ costNanoUsd }) => costNanoUsd !== cost).sort((a, b) => b.at - a.at)[0];
        expect(sum).toBe(newest?.costNanoUsd ?? cost ?? 0);
      }),
    );
  });
});
