import { join } from 'node:path';
import { type CorrectionRecord, type CostRecord, costRecord, TOPICS } from '@telltale/contracts';
import { correctionOf, type StoredCall } from '@telltale/domain-cost';
import { type BatchEffects } from '@telltale/streaming';
import { costsService } from './index';
import {
  describeWrittenState,
  newTestTask,
  newTestRecord,
  newTestSettingRecord,
  outputsOf,
  rowsOf,
  runWithRestores,
} from '@telltale/streaming/testing';
import { createCostsTask } from './pipeline';
import { REMEMBERED_MS } from './state/applied-corrections';

const NOW = Date.parse('2026-03-02T13:00:00Z');
const CALL: StoredCall = {
  tenant: 'acme', id: 'e1', at: Date.parse('2026-03-01T07:34:56Z'), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', name: 'chat',
  tool_name: '', trace_id: 't1', deployment_environment: 'prod', service_version: '1.2', prompt_version: 'answer@v7', user_id: '', agent_name: '', region: '', release: '', estimated: false,
  backfill: false, sampling_weight: 1, cost_nano_usd: 1_000, price_version: 'a/1', corrected_nano_usd: null,
}; // prettier-ignore
const correction = (change: Partial<StoredCall> = {}, costNanoUsd = 1_500, madeAt = NOW - 1_000): CorrectionRecord => {
  const made = correctionOf({ ...CALL, ...change }, { costNanoUsd, version: `v/${costNanoUsd}` }, madeAt);
  if (!made) throw new Error('nothing to correct');
  return made;
};
const record = (value: unknown, offset = 0) => newTestRecord(TOPICS.corrections.name, value, 'acme', offset);
const costsOf = (effects: BatchEffects) => outputsOf<CostRecord>(effects, TOPICS.costs.name);
const idsOf = (effects: BatchEffects) => rowsOf<{ event_id: string }>(effects, 'cost_corrections').map((row) => row.event_id);

const spent = {
  tenant: 'acme', kind: 'llm', ts: '2026-03-01T07:00:01.000Z', service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', response_model: '', tool_name: '', price_version: 'a/1', service_version: '', deployment_environment: '', prompt_name: '', prompt_version: '', usage_estimated: false,
  usage_input_uncached: 1, usage_cache_read: null, usage_cache_write: null, usage_output: 1, usage_reasoning: null, cost_nano_usd: 7, sampling_weight: 1, backfill: true,
}; // prettier-ignore
const event = newTestRecord(TOPICS.events.name, spent, 'session-1');
const turnCall = newTestRecord(TOPICS.events.name, { ...spent, trace_id: 't1', backfill: false }, 'session-1');

describe('a correction in the costs pipeline', () => {
  it('becomes a row, and a change of the hour of its call', () => {
    const effects = newTestTask(costsService.open({})).run({
      now: NOW,
      records: [
        record(correction()),
        record(correction({ id: 'e2' }, 400)),
        record(correction({ id: 'e3', cost_nano_usd: null, sampling_weight: 4 }, 10)),
      ],
    });
    const costs = costsOf(effects);
    expect(costs).toMatchObject([
      { hour: '2026-03-01T07:00:00.000Z', calls: 0, cost_nano_usd: -60, unpriced_calls: 0, newly_priced_calls: 4, correction: true, input_tokens: 0 },
    ]); // prettier-ignore
    expect(costs.map((cost) => costRecord.parse(cost))).toEqual(
      costs.map((cost) => ({ ...cost, tool_name: '', cost_by_5_minutes: [] })),
    );
    expect(effects.outputs.every(({ key }) => key === 'acme')).toBe(true);
    expect(idsOf(effects)).toEqual(['e1', 'e2', 'e3']);
    expect(rowsOf(effects, 'cost_corrections')[0]).toEqual({
      ...correction(),
      hour: '2026-03-01T07:00:00.000Z',
      previous_cost_nano_usd: undefined,
      previous_unpriced: undefined,
      user_id: undefined,
      agent_name: undefined,
      region: undefined,
      release: undefined,
    });
    expect(effects.rows.has('spend')).toBe(false);
  });

  it('stands apart from what is spent in the same hour', () => {
    const effects = newTestTask(costsService.open({})).run({
      now: NOW,
      records: [event, record(correction({ backfill: true }))],
    });
    expect(costsOf(effects).map((c) => [c.correction ?? false, c.calls, c.cost_nano_usd])).toEqual([
      [false, 1, 7],
      [true, 0, 500],
    ]);
    expect(rowsOf<CostRecord>(effects, 'spend')).toMatchObject([{ cost_nano_usd: 7 }]);
  });

  it('counts once, in one range and in a later one', () => {
    const sut = newTestTask(costsService.open({}));
    const again = correction({}, 1_500, NOW);
    expect(idsOf(sut.run({ now: NOW, records: [record(correction()), record(correction(), 1)] }))).toEqual(['e1']);
    const later = sut.run({ now: NOW + REMEMBERED_MS - 1, records: [record(again, 2)] });
    expect([later.outputs, [...later.rows], later.counts]).toMatchObject([[], [], { corrections_repeated: 1 }]);
  });

  it('is applied against the one before it, though both were made before either was stored', () => {
    const sut = newTestTask(costsService.open({}));
    const changes = [correction({}, 1_500, NOW - 3), correction({}, 900, NOW - 1), correction({}, 2_000, NOW - 2)].map((one, i) =>
      costsOf(sut.run({ now: NOW + i, records: [record(one, i)] })).map((cost) => cost.cost_nano_usd),
    );
    expect(changes).toEqual([[500], [-600], []]);
  });

  it('is forgotten after ten minutes, by time alone', () => {
    const sut = newTestTask(costsService.open({}));
    sut.run({ now: NOW, records: [record(correction())] });
    expect(sut.state.size).toBe(1);
    expect(sut.task.due(NOW + REMEMBERED_MS - 1)).toBe(false);
    expect(sut.task.due(NOW + REMEMBERED_MS)).toBe(true);
    sut.run({ now: NOW + REMEMBERED_MS, records: [] });
    expect(sut.state.size).toBe(0);
    const stored = correction({ corrected_nano_usd: 1_500 }, 1_600);
    expect(costsOf(sut.run({ now: NOW + REMEMBERED_MS, records: [record(stored)] }))).toMatchObject([{ cost_nano_usd: 100 }]);
  });

  it('is remembered with so many others at most, the oldest forgotten first', () => {
    const sut = newTestTask({ ...costsService.open({}), createTask: (_, restored) => createCostsTask(restored, 2) });
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries()) sut.run({ now: NOW + i, records: [record(correction({ id }))] });
    const again = ['d', 'c', 'b'].map((id) => idsOf(sut.run({ now: NOW + 9, records: [record(correction({ id }))] })));
    expect(again).toEqual([[], [], ['b']]);
    expect(sut.state.size).toBeLessThanOrEqual(3);
  });

  const batches = [500, 700, 500, 900, 900, 700].map((costNanoUsd, i) => ({
    now: NOW + i * 200_000,
    records: ['x', 'y', `z${i}`].map((id, nth) => record(correction({ id }, costNanoUsd + nth, NOW + i * 200_000), 3 * i + nth)),
  }));
  it('does the same when the task is lost and restored', () => {
    for (let cut = 1; cut < batches.length; cut++)
      expect(runWithRestores(costsService.open({}), batches, [cut])).toEqual(runWithRestores(costsService.open({}), batches, []));
  });

  describeWrittenState(join(__dirname, 'state', 'written'), costsService.open({}), {
    before: [
      { now: NOW - 1, records: [event] },
      { now: NOW - 1, records: [newTestSettingRecord('budget', 'acme', { usd: 1, max_turn_usd: 0.5 }), turnCall] },
      ...batches.slice(0, 3),
    ],
    after: batches.slice(3),
  });

  it.each([
    ['no JSON', 'secret{', 'undecodable', 'position'],
    ['money with a fraction', { ...correction(), delta_nano_usd: 0.5 }, 'invalid_field', 'delta_nano_usd'],
    ['no time of its call', { ...correction(), ts: 'secret' }, 'invalid_field', 'ts'],
    ['more calls without a price', { ...correction(), unpriced_calls_delta: 1 }, 'invalid_field', 'unpriced_calls_delta'],
  ] as const)('goes to the DLQ when it has %s, and the next is taken', (_, value, reason, named) => {
    const effects = newTestTask(costsService.open({})).run({
      now: NOW,
      records: [record(value), record(correction({ id: 'e2' }), 1)],
    });
    expect(effects.rejections).toMatchObject([{ reason, error: expect.stringContaining(named) as string, tenant: 'acme' }]);
    expect(effects.rejections[0]?.error).not.toContain('secret');
    expect(idsOf(effects)).toEqual(['e2']);
  });
});
