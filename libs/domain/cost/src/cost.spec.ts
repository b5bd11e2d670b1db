import { eventRecord } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import fc from 'fast-check';
import { addSpend, amendSpend, type CostSpike, isPaid, NO_SPEND, type Spender, type SpendHistory, spendOf, sumSpend } from '.';

const CALL: Spender = {
  tenant: 'acme',
  kind: 'llm',
  ts: '2026-03-02T12:34:56.000Z',
  service_name: 'shop',
  service_version: '1.2',
  deployment_environment: 'prod',
  prompt_name: 'answer',
  prompt_version: 'v7',
  usage_estimated: false,
  provider: 'openai',
  request_model: 'gpt-4o',
  response_model: 'gpt-4o-2024-08-06',
  tool_name: '',
  price_version: 'a/1',
  usage_input_uncached: 100,
  usage_cache_read: 20,
  usage_cache_write: null,
  usage_output: 30,
  usage_reasoning: 5,
  cost_nano_usd: 1_000,
  sampling_weight: 1,
  backfill: false,
};

describe('spend', () => {
  it('is grouped by hour and response model, with disjoint usage summed', () => {
    expect(spendOf(CALL)).toMatchObject({
      hour: '2026-03-02T12:00:00.000Z',
      model: 'gpt-4o-2024-08-06',
      calls: 1,
      unpriced_calls: 0,
      cost_nano_usd: 1_000,
      input_tokens: 120,
      output_tokens: 35,
      cache_read_tokens: 20,
      cache_write_tokens: 0,
      reasoning_tokens: 5,
      deployment_environment: 'prod',
      service_version: '1.2',
      prompt_version: 'answer@v7',
      estimated_calls: 0,
      estimated_cost_nano_usd: 0,
    });
  });

  it('counts the tokens of every bucket of the contract once', () => {
    const buckets = Object.keys(eventRecord.shape).filter((name) => name.startsWith('usage_') && name !== 'usage_estimated');
    const { input_tokens, output_tokens } = spendOf({
      ...CALL,
      ...Object.fromEntries(buckets.map((name, at) => [name, 2 ** at])),
    });
    expect(input_tokens + output_tokens).toBe(2 ** buckets.length - 1);
    const outputs = buckets.filter((name) => /output|reasoning/.test(name));
    expect(output_tokens).toBe(outputs.reduce((sum, name) => sum + 2 ** buckets.indexOf(name), 0));
  });

  it('says how much of it rests on counted usage', () => {
    expect(spendOf({ ...CALL, usage_estimated: true, sampling_weight: 3 })).toMatchObject({
      estimated_calls: 3,
      estimated_cost_nano_usd: 3_000,
    });
  });

  it('is rounded once for each event: the sum is that of the events, however they are weighted', () => {
    const call = fc.record({ cost_nano_usd: fc.nat(1e9), sampling_weight: fc.double({ min: 1, max: 50, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), fc.nat(20), (calls, cut) => {
        const spends = calls.map((one) => spendOf({ ...CALL, ...one }));
        const batches = [...sumSpend(spends.slice(0, cut)), ...sumSpend(spends.slice(cut))];
        expect(batches.reduce((sum, { cost_nano_usd: nano }) => sum + nano, 0)).toBe(
          calls.reduce((sum, one) => sum + Math.round(one.cost_nano_usd * one.sampling_weight), 0),
        );
      }),
    );
  });

  it('counts a call whose price is unknown, without cost', () => {
    expect(spendOf({ ...CALL, cost_nano_usd: null, response_model: '' })).toMatchObject({
      model: 'gpt-4o',
      calls: 1,
      unpriced_calls: 1,
      cost_nano_usd: 0,
    });
  });

  it('counts a sampled call with its weight', () => {
    expect(sumSpend([spendOf({ ...CALL, sampling_weight: 10 })])).toMatchObject([
      { calls: 10, cost_nano_usd: 10_000, input_tokens: 1_200, output_tokens: 350 },
    ]);
  });

  it.each(['tenant', 'service_name', 'provider', 'response_model'] as const)('is summed apart where %s differs', (field) => {
    expect(sumSpend([CALL, { ...CALL, [field]: 'other' }, CALL].map(spendOf)).map(({ calls }) => calls)).toEqual([2, 1]);
  });
  it.each([{ kind: 'embedding' }, { backfill: true }, { ts: '2026-03-02T13:00:00.000Z' }] as const)(
    'is summed apart of %j',
    (other) => {
      expect(sumSpend([CALL, { ...CALL, ...other }, CALL].map(spendOf)).map(({ calls }) => calls)).toEqual([2, 1]);
    },
  );

  it.each([
    ['llm', true],
    ['embedding', true],
    ['turn', false],
    ['agent', false],
    ['tool', false],
    ['log', false],
  ] as const)('of kind %s is paid: %s', (kind, paid) => {
    expect(isPaid({ kind, price_version: '' })).toBe(paid);
  });

  it('of a tool is paid where its tenant set a price, and stands apart by tool', () => {
    const tool = { ...CALL, kind: 'tool', price_version: 'tool_price/ocr', response_model: '', request_model: '' } as const;
    expect(isPaid(tool)).toBe(true);
    const spends = ['ocr', 'ocr', 'search'].map((tool_name) => spendOf({ ...tool, tool_name }));
    expect(sumSpend(spends)).toMatchObject([
      { kind: 'tool', model: '', tool_name: 'ocr', calls: 2 },
      { kind: 'tool', model: '', tool_name: 'search', calls: 1 },
    ]);
  });

  it('gives the same sums however it is cut into batches', () => {
    const call = fc.record({
      cost_nano_usd: fc.option(fc.nat()),
      prompt_version: fc.constantFrom('v7', 'v8'),
      service_name: fc.constantFrom('a', 'b'),
      kind: fc.constantFrom('llm' as const, 'embedding' as const),
    });
    fc.assert(
      fc.property(fc.array(call), fc.nat(), (calls, at) => {
        const spends = calls.map((c) => spendOf({ ...CALL, ...c }));
        const cut = at % (spends.length + 1);
        expect(sumSpend([...sumSpend(spends.slice(0, cut)), ...sumSpend(spends.slice(cut))])).toEqual(sumSpend(spends));
      }),
    );
  });
});

describe('an hour that costs several times what the hours before it did', () => {
  const spendHours = (costs: readonly number[]): (CostSpike | null)[] => {
    let history = NO_SPEND;
    return costs.map((dollars, i) => {
      const step = addSpend(history, i * HOUR_MS, dollars * 1e9);
      history = step.history;
      return step.jump;
    });
  };

  it.each([
    ['three times and more after four hours', [1, 2, 1, 1, 3.5], 4],
    ['too few hours before', [1, 1, 1, 9], -1],
    ['exactly three times', [1, 1, 1, 1, 3], -1],
    ['below five cents', [0.01, 0.01, 0.01, 0.01, 0.049], -1],
    ['exactly five cents', [0.01, 0.01, 0.01, 0.01, 0.05], 4],
    ['one dear hour before does not hide it', [1, 1, 50, 1, 1, 4], 5],
  ] as const)('is reported: %s', (_, costs, at) => {
    expect(spendHours(costs).findLastIndex((spike) => spike !== null)).toBe(at);
  });

  it('is reported once, within the hour, with the usual cost', () => {
    let history = NO_SPEND;
    for (let i = 0; i < 5; i++) ({ history } = addSpend(history, i * HOUR_MS, 1e9));
    const jumps: (CostSpike | null)[] = [];
    for (let i = 0; i < 10; i++) {
      const step = addSpend(history, 5 * HOUR_MS, 1e9);
      history = step.history;
      jumps.push(step.jump);
    }
    expect(jumps.filter(Boolean)).toEqual([{ hour: 5 * HOUR_MS, totalNano: 4e9, medianNano: 1e9, factor: 4 }]);
    expect(jumps[3]).not.toBeNull();
  });

  it('is not reported when a later price causes it, but raises the median of later hours', () => {
    let history = NO_SPEND;
    for (let i = 0; i < 5; i++) ({ history } = addSpend(history, i * HOUR_MS, 1e9));
    const dear = amendSpend(history, 5 * HOUR_MS, 9e9);
    expect(dear.hours.at(-1)).toEqual([5 * HOUR_MS, 9e9, false]);
    expect(addSpend(dear, 5 * HOUR_MS, 1).jump).not.toBeNull();
    const usual = [0, 1, 2, 3, 4].reduce((amended, hour) => amendSpend(amended, hour * HOUR_MS, 2e9), history);
    expect(addSpend(usual, 5 * HOUR_MS, 4e9).jump).toBeNull();
    expect(addSpend(history, 5 * HOUR_MS, 4e9).jump).not.toBeNull();
  });

  it('is compared with the day before it only: neither with later hours nor with older ones', () => {
    const costs = (from: number, to: number, dollars: number) => Array.from({ length: to - from }, (_, i) => [(from + i) * HOUR_MS, dollars * 1e9, false] as const); // prettier-ignore
    const jumpAt = (hour: number, ...hours: (readonly [number, number, boolean])[][]) => addSpend({ hours: hours.flat() }, hour * HOUR_MS, 5e9).jump; // prettier-ignore
    // Late spend of an hour, with dear hours after it.
    expect(jumpAt(4, costs(0, 4, 1), costs(5, 30, 9))).toMatchObject({ medianNano: 1e9 });
    expect(jumpAt(3, costs(0, 3, 1), costs(4, 9, 1))).toBeNull();
    // The hour itself is no part of what it is compared with.
    expect(jumpAt(3, costs(0, 4, 1))).toBeNull();
    // Of four hours the first is a day before, or longer ago.
    expect(jumpAt(24, costs(0, 4, 1))).toMatchObject({ medianNano: 1e9 });
    expect(jumpAt(25, costs(0, 4, 1))).toBeNull();
  });

  it('adds a later price to what the hour had, says no second time what was reported, and keeps hours in order', () => {
    const history: SpendHistory = { hours: [[0, 1e9, false], [HOUR_MS, 9e9, true], [3 * HOUR_MS, 1e9, false]] }; // prettier-ignore
    expect(amendSpend(history, HOUR_MS, 2e9).hours).toEqual([[0, 1e9, false], [HOUR_MS, 11e9, true], [3 * HOUR_MS, 1e9, false]]); // prettier-ignore
    expect(amendSpend(history, 2 * HOUR_MS, 5).hours.map(([hour]) => hour / HOUR_MS)).toEqual([0, 1, 2, 3]);
  });

  it('keeps two days at most', () => {
    let history = NO_SPEND;
    for (let i = 0; i < 500; i++) ({ history } = addSpend(history, i * HOUR_MS, 1));
    expect(history.hours).toHaveLength(49);
  });
});
