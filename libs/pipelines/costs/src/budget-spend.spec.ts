import { type BudgetSpendRecord, budgetSpendRecord, TOPICS } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import { type BatchEffects, createEffects } from '@telltale/streaming';
import { newTestRecord, newTestSettingRecord, newTestTask, outputsOf, runWithRestores } from '@telltale/streaming/testing';
import { costsService } from './index';
import { createOpenTurnCosts } from './state/open-turn-costs';

const NOW = Date.parse('2026-03-02T13:00:00Z');
const CALL = {
  tenant: 'acme', kind: 'llm', ts: '2026-03-02T12:34:56.000Z', service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', response_model: '', tool_name: '', price_version: 'a/1', service_version: '', deployment_environment: '', prompt_name: '', prompt_version: '', usage_estimated: false,
  usage_input_uncached: 100, usage_cache_read: null, usage_cache_write: null, usage_output: 30, usage_reasoning: null, cost_nano_usd: 400_000_000,
  sampling_weight: 1, backfill: false, trace_id: 't1', user_id: 'u1', agent_name: '', region: 'eu', release: '',
}; // prettier-ignore
const event = (change: Partial<Record<keyof typeof CALL, unknown>> = {}) =>
  newTestRecord(TOPICS.events.name, { ...CALL, ...change });
const budget = (value: object | null, { name = 'b', version = 1, tenant = 'acme' } = {}) => newTestSettingRecord('budget', tenant, value, { name, version }); // prettier-ignore
const sut = () => newTestTask(costsService.open({}));
const sent = (effects: BatchEffects) => outputsOf<BudgetSpendRecord>(effects, TOPICS.budgetSpend.name);
const sums = (effects: BatchEffects) => sent(effects).flatMap((one) => (one.kind === 'spend' ? [[one.budget, one.value, one.calls, one.unpriced_calls, one.cost_nano_usd]] : [])); // prettier-ignore

describe('what costs count for budgets', () => {
  it('is nothing that the topic of costs has, and nothing where there is no budget', () => {
    expect(sent(sut().run({ now: NOW, records: [event()] }))).toEqual([]);
    const effects = sut().run({ now: NOW, records: [budget({ usd: 1, each: 'model', where: { service: 'shop' } }), event()] });
    expect(sent(effects)).toEqual([]);
  });

  it('is the spend by user, agent, region or release, weighted and summed by hour', () => {
    const effects = sut().run({
      now: NOW,
      records: [
        budget({ usd: 1, each: 'user' }),
        budget({ usd: 1, where: { region: 'eu', service: 'shop' } }, { name: 'eu', tenant: '*' }),
        event(),
        event({ request_model: 'mini', sampling_weight: 3 }),
        event({ user_id: 'u2', cost_nano_usd: null, service_name: 'bot' }),
        event({ kind: 'turn' }),
        event({ tenant: 'other' }),
      ],
    });
    expect(sums(effects)).toEqual([
      ['b', 'u1', 4, 0, 1.6e9],
      ['eu', '', 4, 0, 1.6e9],
      ['b', 'u2', 1, 1, 0],
      ['eu', '', 1, 0, 0.4e9],
    ]);
    expect(sent(effects).map((one) => budgetSpendRecord.parse(one))).toEqual(sent(effects));
    expect(effects.outputs.filter(({ topic }) => topic === TOPICS.budgetSpend.name).map(({ key }) => key)).toEqual(['acme', 'acme', 'acme', 'other']); // prettier-ignore
  });

  it('is a correction of it, too, by who made the call', () => {
    const made = {
      tenant: 'acme', id: 'c1', event_id: 'e1', ts: CALL.ts, service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', user_id: 'u1', name: 'chat', backfill: false,
      cost_nano_usd_before: null, cost_nano_usd_after: 5, delta_nano_usd: 5, unpriced_calls_delta: -1, previous_cost_nano_usd: 0, previous_unpriced: 0, price_version_before: '', price_version: 'v', corrected_at: CALL.ts,
    }; // prettier-ignore
    const effects = sut().run({
      now: NOW,
      records: [budget({ usd: 1, each: 'user' }), newTestRecord(TOPICS.corrections.name, made)],
    });
    expect(sent(effects)).toMatchObject([{ value: 'u1', correction: true, calls: 0, unpriced_calls: 0, newly_priced_calls: 1, cost_nano_usd: 5, cost_by_5_minutes: [] }]); // prettier-ignore
  });

  it('stops when the budget is deleted', () => {
    const task = sut();
    task.run({ now: NOW, records: [budget({ usd: 1, each: 'user' }), event()] });
    expect(sent(task.run({ now: NOW + 1, records: [budget(null, { version: 2 }), event()] }))).toEqual([]);
  });
});

describe('a turn that costs more than it may', () => {
  const limit = budget({ usd: 9, max_turn_usd: 1, where: { service: 'shop' } });
  const turnsOf = (effects: BatchEffects) => sent(effects).filter(({ kind }) => kind === 'turn');

  it('is reported once, when the call that passes the bound has come, whatever its weight', () => {
    const task = sut();
    expect(turnsOf(task.run({ now: NOW, records: [limit, event({ sampling_weight: 10 }), event()] }))).toEqual([]);
    const passed = task.run({ now: NOW + 1, records: [event({ service_name: 'bot' }), event(), event()] });
    expect(turnsOf(passed)).toEqual([
      { kind: 'turn', tenant: 'acme', budget: 'b', trace_id: 't1', service_name: 'shop', cost_nano_usd: 1.2e9, limit_nano_usd: 1e9, calls: 3 },
    ]);
    expect(turnsOf(task.run({ now: NOW + 2, records: [event()] }))).toEqual([]);
  }); // prettier-ignore

  it.each([
    ['an import', { backfill: true }],
    ['a call without a trace', { trace_id: '' }],
    ['a call without a price', { cost_nano_usd: null }],
  ])('is not found in %s', (_, change) => {
    expect(turnsOf(sut().run({ now: NOW, records: [limit, ...Array.from({ length: 9 }, () => event(change))] }))).toEqual([]);
  });

  it('is forgotten an hour after its last call, and bounded for each tenant', () => {
    const task = sut();
    task.run({ now: NOW, records: [limit, event()] });
    expect(task.task.due(NOW + HOUR_MS)).toBe(true);
    task.run({ now: NOW + HOUR_MS, records: [] });
    expect([...task.state.keys()].filter((key) => key.startsWith('turn-cost/'))).toEqual([]);
    const turns = createOpenTurnCosts(new Map(), { perTenant: 2, perTask: 3, idleMs: HOUR_MS });
    const effects = createEffects();
    turns.startBatch(NOW);
    for (const tenant of ['a', 'b'])
      for (let i = 0; i < 9; i++) turns.add({ tenant, budget: 'b', trace: `t${i}`, nano: 1, limit: 9 });
    turns.flush(effects);
    expect([...effects.done().state.values()].filter((value) => value !== null)).toHaveLength(3);
    expect(effects.done().counts).toEqual({ turn_costs_over_limit: 15 });
  });

  it('is found the same when the task is lost and restored', () => {
    const batches = [[limit, budget({ usd: 1, each: 'user' }, { name: 'users' }), event()], [event()], [event()], [event()]].map((records, i) => ({ now: NOW + i, records })); // prettier-ignore
    const whole = runWithRestores(costsService.open({}), batches, []);
    expect(runWithRestores(costsService.open({}), batches, [1, 2, 3])).toEqual(whole);
    expect(whole.join()).toContain('expensive_turns');
  });
});
