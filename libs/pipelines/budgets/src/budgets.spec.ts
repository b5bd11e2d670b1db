import { budgetAlertRecord, settingValues, TOPICS } from '@telltale/contracts';
import { scopeOf, totalBetween } from '@telltale/domain-cost';
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { createEffects } from '@telltale/streaming';
import {
  describeWrittenState,
  newTestRecord,
  newTestTask,
  rowsOf,
  runWithRestores,
  type TestBatch,
} from '@telltale/streaming/testing';
import { join } from 'node:path';
import { alertsOf, budget, correction, cost, edgesOf, newSut, newTopology, NOW, ofCalls } from './budgets.fixture';
import { createBudgetBook } from './state/budget-book';

const spentOf = (state: ReadonlyMap<string, Buffer>, place: readonly string[]): number => {
  const stored = state.get(`account/${JSON.stringify(place)}`);
  if (!stored) return 0;
  const { sums } = JSON.parse(stored.subarray(1).toString()) as { sums: { days: [number, number, number, number][] } };
  return totalBetween(sums.days, Date.parse('2026-03-01T00:00:00Z')).nano;
};

describe('the budgets pipeline', () => {
  it('says when a level is passed, once, to the topic and the table', () => {
    const sut = newSut();
    const first = sut.run({ now: NOW, records: [budget({ usd: 10, soft_usd: 5 }), cost(NOW - 3 * DAY_MS, 6)] });
    expect(edgesOf(first)).toEqual(['monthly level soft firing']);
    expect(alertsOf(first).map((alert) => budgetAlertRecord.parse(alert))).toEqual(rowsOf(first, 'budget_alerts'));
    expect(first.outputs.every(({ key }) => key === 'acme')).toBe(true);
    expect(edgesOf(sut.run({ now: NOW + 1, records: [cost(NOW - 3 * DAY_MS, 1)] }))).toEqual([]);
    expect(edgesOf(sut.run({ now: NOW + 2, records: [cost(NOW - 3 * DAY_MS, 3)] }))).toEqual(['monthly level hard firing']);
  });

  it('knows, when a budget is set, what its month has spent before', () => {
    const sut = newSut();
    sut.run({ now: NOW - DAY_MS, records: [cost(NOW - 5 * DAY_MS, 4), cost(NOW - 5 * DAY_MS, 3, { model: 'mini' }), cost(NOW - 20 * DAY_MS, 50)] }); // prettier-ignore
    sut.run({ now: NOW, records: [budget({ usd: 10 }), budget({ usd: 5, each: 'model' }, { name: 'models' })] });
    expect([spentOf(sut.state, ['acme', 'monthly', '']), spentOf(sut.state, ['acme', 'models', 'mini'])]).toEqual([7e9, 3e9]);
    const effects = sut.run({ now: NOW + 1, records: [cost(NOW - 3 * DAY_MS, 2, { model: 'mini' })] });
    expect(edgesOf(effects)).toEqual(['models/mini level hard firing']);
    expect(alertsOf(effects)).toMatchObject([{ dimension: 'model', value: 'mini', spent_nano_usd: 5e9, limit_nano_usd: 5e9 }]);
  });

  it('counts from the start again when a budget counts other calls, and ends what fired', () => {
    const sut = newSut();
    sut.run({
      now: NOW,
      records: [budget({ usd: 5 }), cost(NOW - 3 * DAY_MS, 4), cost(NOW - 3 * DAY_MS, 2, { service_name: 'bot' })],
    });
    const changed = sut.run({ now: NOW + 1, records: [budget({ usd: 5, where: { service: 'bot' } }, { version: 2 })] });
    expect(edgesOf(changed)).toEqual(['monthly level hard resolved']);
    expect(spentOf(sut.state, ['acme', 'monthly', ''])).toBe(2e9);
  });

  it('ends what fires when the limit rises, the budget is deleted, or its period is over', () => {
    for (const records of [[budget({ usd: 50 }, { version: 2 })], [budget(null, { version: 2 })]]) {
      const sut = newSut();
      sut.run({ now: NOW, records: [budget({ usd: 5 }), cost(NOW - 3 * DAY_MS, 6)] });
      expect(edgesOf(sut.run({ now: NOW + 1, records }))).toEqual(['monthly level hard resolved']);
      expect(sut.task.due(NOW + 10 * MINUTE_MS)).toBe(false);
    }
    const sut = newSut();
    const fired = sut.run({ now: NOW, records: [budget({ usd: 5 }), cost(NOW - 3 * DAY_MS, 6)] });
    const april = Date.parse('2026-04-01T00:00:00Z');
    expect(edgesOf(sut.run({ now: april - 1, records: [] }))).toEqual([]);
    expect(sut.task.due(april)).toBe(true);
    const over = sut.run({ now: april, records: [] });
    expect(edgesOf(over)).toEqual(['monthly level hard resolved']);
    expect(alertsOf(over)[0]?.alert_id).toBe(alertsOf(fired)[0]?.alert_id);
  });

  it('ends a burn rate by time alone', () => {
    const sut = newSut();
    const burning = Array.from({ length: 13 }, (_, i) => cost(NOW - i * 5 * MINUTE_MS, 3));
    expect(edgesOf(sut.run({ now: NOW, records: [budget({ usd: 1_000 }), ...burning] }))).toEqual([
      'monthly burn_rate fast firing',
    ]);
    expect(sut.task.due(NOW + 5 * MINUTE_MS - 1)).toBe(false);
    expect(sut.task.due(NOW + 5 * MINUTE_MS)).toBe(true);
    expect(edgesOf(sut.run({ now: NOW + 15 * MINUTE_MS, records: [] }))).toEqual(['monthly burn_rate fast resolved']);
  });

  it('takes an import for spent, and is not alarmed by it', () => {
    const sut = newSut();
    const effects = sut.run({ now: NOW, records: [budget({ usd: 5 }), cost(NOW - 3 * DAY_MS, 6, { backfill: true })] });
    expect([edgesOf(effects), spentOf(sut.state, ['acme', 'monthly', ''])]).toEqual([[], 6e9]);
    expect(edgesOf(sut.run({ now: NOW + 1, records: [cost(NOW, 0.01)] }))).toEqual(['monthly level hard firing']);
  });

  it('takes late spend and later prices for the day they are of, and for no rate', () => {
    const sut = newSut();
    const late = [
      cost(NOW - 2 * DAY_MS, 3),
      cost(NOW - 20 * DAY_MS, 99),
      correction(NOW - DAY_MS, 4),
      correction(NOW - DAY_MS, -1),
    ];
    const effects = sut.run({ now: NOW, records: [budget({ usd: 5 }), ...late] });
    expect(alertsOf(effects)).toMatchObject([{ kind: 'level', spent_nano_usd: 6e9, rate_nano_usd_per_hour: 0 }]);
    expect(edgesOf(sut.run({ now: NOW + 1, records: [correction(NOW - DAY_MS, -2)] }))).toEqual(['monthly level hard resolved']);
  });

  it('has budgets of all tenants, each with its own sum, and a tenant has its own instead', () => {
    const sut = newSut();
    const effects = sut.run({
      now: NOW,
      records: [
        budget({ usd: 5 }, { tenant: '*' }),
        budget({ usd: 50 }, { tenant: 'other' }),
        ...['acme', 'other', 'third'].map((tenant) => cost(NOW - 3 * DAY_MS, 6, { tenant })),
      ],
    });
    expect(alertsOf(effects).map(({ tenant }) => tenant)).toEqual(['acme', 'third']);
  });

  it('counts what only calls say from when it is asked, under the scope that it was counted for', () => {
    const ofUsers = { usd: 5, each: 'user' };
    const scope = scopeOf({ name: 'users', value: settingValues.budget.parse(ofUsers) });
    const sut = newSut();
    const effects = sut.run({
      now: NOW,
      records: [
        budget(ofUsers, { name: 'users' }),
        cost(NOW, 0.01),
        ofCalls(NOW - 3 * DAY_MS, 6, { budget: 'users', scope, value: 'u1' }),
        ofCalls(NOW - 3 * DAY_MS, 9, { budget: 'users', scope: 'former', value: 'u2' }),
      ],
    });
    expect(edgesOf(effects)).toEqual(['users/u1 level hard firing']);
    expect(effects.counts).toMatchObject({ budget_spend_outdated: 1 });
  });

  it('reports a turn that costs too much, in a sentence', () => {
    const turn = { kind: 'turn', tenant: 'acme', budget: 'monthly', trace_id: 't1', service_name: 'shop', cost_nano_usd: 3e9, limit_nano_usd: 2e9, calls: 7 };
    const effects = newSut().run({ now: NOW, records: [budget({ usd: 50, max_turn_usd: 2 }), newTestRecord(TOPICS.budgetSpend.name, turn)] });
    expect(alertsOf(effects)).toMatchObject([
      { kind: 'turn_cost', value: 't1', service_name: 'shop', summary: 'A turn of shop has cost $3.00 in 7 calls so far; budget monthly allows $2.00 a turn.' },
    ]);
  }); // prettier-ignore

  it('counts values beyond the limit of a tenant together', () => {
    const sut = newSut({ BUDGETS_MAX_VALUES_PER_TENANT: 2 });
    const models = ['a', 'b', 'c', 'd'].map((model) => cost(NOW - 3 * DAY_MS, 3, { model }));
    const effects = sut.run({ now: NOW, records: [budget({ usd: 5, each: 'model' }), ...models] });
    expect(edgesOf(effects)).toEqual(['monthly/__overflow__ level hard firing']);
    expect(effects.counts).toMatchObject({ budgets_overflow: 2 });
    expect(spentOf(sut.state, ['acme', 'monthly', 'a'])).toBe(3e9);
  });

  it('forgets sums by day that no budget can ask for any more, and those over the limit', () => {
    const sut = newSut({ BUDGETS_MAX_CELLS_PER_TENANT: 3 });
    const cells = () => [...sut.state.keys()].filter((key) => key.startsWith('cell/')).length;
    const old = sut.run({
      now: NOW,
      records: [cost(NOW - 40 * DAY_MS, 1), ...['a', 'b', 'c', 'd'].map((model) => cost(NOW, 1, { model }))],
    });
    expect([cells(), old.counts]).toMatchObject([3, { spend_cells_over_limit: 1 }]);
    sut.run({ now: NOW + 37 * DAY_MS, records: [] });
    expect(cells()).toBe(0);
  });

  it.each([
    ['no JSON', newTestRecord(TOPICS.costs.name, '[secret'), 'undecodable', 'position'],
    ['a cost with a fraction', cost(NOW, 1, { cost_nano_usd: 0.5 }), 'invalid_field', 'cost_nano_usd'],
    ['a record of no kind', newTestRecord(TOPICS.budgetSpend.name, { kind: 'odd', tenant: 'acme' }), 'invalid_field', 'kind'],
  ] as const)('sends %s to the DLQ with its reason, and takes the next', (_, record, reason, named) => {
    const effects = newSut().run({ now: NOW, records: [record, budget({ usd: 5 }), cost(NOW - 3 * DAY_MS, 6)] });
    expect(effects.rejections).toMatchObject([{ reason, error: expect.stringContaining(named) as string, tenant: 'acme' }]);
    expect(effects.rejections[0]?.error).not.toContain('secret');
    expect(edgesOf(effects)).toHaveLength(1);
  });
});

describe('jumps of spend', () => {
  const HOUR = NOW - HOUR_MS / 2;
  const usual = (change: object = {}) => [5, 4, 3, 2, 1].map((h) => cost(HOUR - h * HOUR_MS, 1, change));
  const jump = 'hourly_spike warning firing';

  it('are reported once an hour, and over when the next hour has passed without one', () => {
    const sut = newSut();
    expect(edgesOf(sut.run({ now: NOW, records: usual() }))).toEqual([]);
    const effects = sut.run({ now: NOW, records: [cost(HOUR, 2), cost(HOUR, 2), cost(HOUR, 2)] });
    expect(edgesOf(effects)).toEqual([`/shop ${jump}`]);
    expect(alertsOf(effects)).toMatchObject([{ spent_nano_usd: 4e9, usual_nano_usd: 1e9, event_time: isoTime(HOUR), service_name: 'shop', summary: 'shop spent $4.00 in the hour from 11:00 UTC, usually $1.00.' }]); // prettier-ignore
    const end = Date.parse(alertsOf(effects)[0]?.period_start ?? '') + 2 * HOUR_MS;
    expect([sut.task.due(end - 1), sut.task.due(end)]).toEqual([false, true]);
    const over = sut.run({ now: end, records: [] });
    expect(edgesOf(over)).toEqual(['/shop hourly_spike warning resolved']);
    expect(alertsOf(over)[0]?.alert_id).toBe(alertsOf(effects)[0]?.alert_id);
  });

  it('take a correction of an hour for no spend now, but for what was usual then', () => {
    const sut = newSut();
    sut.run({ now: NOW, records: usual() });
    expect(edgesOf(sut.run({ now: NOW, records: [correction(HOUR - HOUR_MS, 50), correction(HOUR, 50)] }))).toEqual([]);
    const raised = newSut();
    raised.run({ now: NOW, records: [...usual(), ...[5, 4, 3, 2, 1].map((h) => correction(HOUR - h * HOUR_MS, 1))] });
    expect(edgesOf(raised.run({ now: NOW, records: [cost(HOUR, 4)] }))).toEqual([]);
    expect(edgesOf(raised.run({ now: NOW, records: [cost(HOUR, 2.1)] }))).toEqual([`/shop ${jump}`]);
  });

  it('are those of the whole tenant where no service jumped by itself', () => {
    const services = Array.from({ length: 8 }, (_, i) => ({ service_name: `s${i}` }));
    const sut = newSut();
    sut.run({ now: NOW, records: services.slice(0, 2).flatMap((change) => usual(change)) });
    const effects = sut.run({ now: NOW, records: services.map((change) => cost(HOUR, 2.5 / 1.5, change)) });
    expect(alertsOf(effects)).toMatchObject([{ dimension: '', value: '', service_name: '', usual_nano_usd: 2e9 }]);
    expect(alertsOf(effects)[0]?.summary).toContain('All services together spent $6.67');
    const one = newSut();
    one.run({ now: NOW, records: services.slice(0, 2).flatMap((change) => usual(change)) });
    expect(alertsOf(one.run({ now: NOW, records: [cost(HOUR, 40, services[0])] })).map(({ value }) => value)).toEqual(['s0']);
  });

  it('in an import raise no alert, and those that are long ago are none', () => {
    const backfill = { backfill: true };
    const past = newSut().run({ now: NOW, records: [...usual(backfill), cost(HOUR, 9, backfill)] });
    expect(alertsOf(past)).toMatchObject([{ backfill: true }]);
    const late = newSut().run({ now: NOW + 3 * DAY_MS, records: [...usual(), cost(HOUR, 9)] });
    expect(alertsOf(late)).toEqual([]);
  });
});

describe('the state of budgets', () => {
  const users = { usd: 3, each: 'user' };
  const scope = scopeOf({ name: 'users', value: settingValues.budget.parse(users) });
  const batches: TestBatch[] = Array.from({ length: 24 }, (_, i) => {
    const now = NOW + i * 7 * MINUTE_MS;
    return {
      now,
      records: [
        ...(i === 0 ? [budget({ usd: 20, soft_usd: 10, max_unpriced_share: 0.2 }), budget(users, { name: 'users' })] : []),
        ...(i === 9 ? [budget({ usd: 12, each: 'model' }, { name: 'models' })] : []),
        ...(i === 18 ? [budget({ usd: 80 }, { version: 2 })] : []),
        ...(i < 20 ? [cost(now - MINUTE_MS, 0.5 + i / 10, { model: `m${i % 3}`, service_name: `s${i % 2}`, calls: 3, unpriced_calls: i % 3 })] : []),
        ...(i % 4 === 3 ? [correction(now - 2 * HOUR_MS, -0.25), cost(now - 40 * HOUR_MS, 0.1)] : []),
        ...(i < 12 ? [ofCalls(now - MINUTE_MS, 0.4, { budget: 'users', scope, value: `u${i % 2}` })] : []),
        ...(i === 0 ? [5, 4, 3, 2].map((h) => cost(NOW - h * HOUR_MS, 0.1, { service_name: 's0' })) : []),
        ...(i === 12 ? [cost(now, 9, { backfill: true }), cost(now, 40, { service_name: 's0' })] : []),
      ],
    };
  }); // prettier-ignore

  it('is exact after 20 restarts, and the edges are the same', () => {
    const whole = runWithRestores(newTopology(), batches, []);
    const cuts = Array.from({ length: 20 }, (_, i) => i + 2);
    expect(runWithRestores(newTopology(), batches, cuts)).toEqual(whole);
    for (const kind of [
      'budget_alerts_level',
      'budget_alerts_burn_rate',
      'budget_alerts_unpriced_share',
      'budget_alerts_hourly_spike',
    ])
      expect([kind, whole.join().includes(kind)]).toEqual([kind, true]);
  });

  it('has the sum of what came, whatever the batches and the restarts', () => {
    const records = batches.flatMap((batch) => batch.records.filter(({ topic }) => topic !== TOPICS.settings.name));
    const settings = batches.flatMap((batch) => batch.records.filter(({ topic }) => topic === TOPICS.settings.name));
    const now = batches.at(-1)?.now ?? NOW;
    const expected = records
      .filter(({ topic }) => topic === TOPICS.costs.name)
      .reduce((sum, { value }) => sum + (JSON.parse(String(value)) as { cost_nano_usd: number }).cost_nano_usd, 0);
    for (const size of [1, 5, records.length]) {
      let sut = newTestTask(newTopology());
      sut.run({ now, records: settings });
      for (let i = 0; i < records.length; i += size) {
        sut = newTestTask(newTopology(), new Map([...sut.state].reverse()));
        sut.run({ now, records: records.slice(i, i + size) });
      }
      expect(spentOf(sut.state, ['acme', 'monthly', ''])).toBe(expected);
    }
  });

  it('is bounded for each tenant and in all', () => {
    const book = createBudgetBook(new Map(), 3);
    book.startBatch(NOW);
    for (let tenant = 0; tenant < 50; tenant++)
      for (let i = 0; i < 20; i++)
        book.add(`t${tenant}`, 'b', `v${i}`, { hour: NOW, nano: 1, calls: 1, unpriced: 0, byFiveMinutes: [], origin: 'live' });
    const effects = createEffects();
    book.flush(effects);
    const kept = [...effects.done().state].filter(([, value]) => value !== null);
    expect(kept.length).toBeLessThanOrEqual(30);
  });

  describeWrittenState(join(__dirname, 'state', 'written'), newTopology(), {
    before: batches.slice(0, 14),
    after: batches.slice(14),
  });
});
