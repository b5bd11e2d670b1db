import { type CostRecord, costRecord, TOPICS } from '@telltale/contracts';
import { costsService } from './index';
import { newTestTask, newTestRecord, outputsOf, rowsOf, runWithRestores } from '@telltale/streaming/testing';

const NOW = Date.parse('2026-03-02T13:00:00Z');
const CALL = {
  tenant: 'acme', kind: 'llm', ts: '2026-03-02T12:34:56.000Z', service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', response_model: '', tool_name: '', price_version: 'a/1', service_version: '', deployment_environment: '', prompt_name: '', prompt_version: '', usage_estimated: false,
  usage_input_uncached: 100, usage_cache_read: null, usage_cache_write: null, usage_output: 30, usage_reasoning: null, cost_nano_usd: 1_000,
  sampling_weight: 1, backfill: false,
}; // prettier-ignore
const event = (change: Partial<Record<keyof typeof CALL, unknown>> = {}, offset = 0) =>
  newTestRecord(TOPICS.events.name, { ...CALL, ...change }, 'session-1', offset);
const costsOf = (effects: Parameters<typeof outputsOf>[0]) => outputsOf<CostRecord>(effects, TOPICS.costs.name);

const partsOf = (part: number, nano: number): number[] => Array.from({ length: 12 }, (_, i) => (i === part ? nano : 0));

describe('the costs pipeline', () => {
  it('tells what a range spent by hour and dimensions, and writes the numbers to the table', () => {
    const sut = newTestTask(costsService.open({}));
    const effects = sut.run({
      now: NOW,
      records: [
        event(),
        event(),
        event({ request_model: 'gpt-4o-mini' }),
        event({ kind: 'turn' }),
        event({ ts: '2026-03-02T11:00:00.000Z', cost_nano_usd: null }),
      ],
    });
    const costs = costsOf(effects);
    expect(costs.map((c) => costRecord.parse(c))).toEqual(
      costs.map((c) => ({ cost_by_5_minutes: [], ...c, correction: false, newly_priced_calls: 0 })),
    );
    expect(costs.map((c) => [c.hour.slice(11, 13), c.model, c.calls, c.unpriced_calls, c.cost_nano_usd])).toEqual([
      ['12', 'gpt-4o', 2, 0, 2_000],
      ['12', 'gpt-4o-mini', 1, 0, 1_000],
      ['11', 'gpt-4o', 1, 1, 0],
    ]);
    expect(effects.outputs.every((o) => o.key === 'acme')).toBe(true);
    expect(costs.map((c) => c.cost_by_5_minutes)).toEqual([partsOf(6, 2_000), partsOf(6, 1_000), undefined]);
    const ofTopic = { watermark: costs[0]?.watermark };
    const written = rowsOf<CostRecord>(effects, 'spend');
    expect(
      written.map((row, i) => ({
        ...row,
        ...ofTopic,
        ...(costs[i]?.cost_by_5_minutes && { cost_by_5_minutes: costs[i].cost_by_5_minutes }),
      })),
    ).toEqual(costs);
    expect(written.filter((row) => 'watermark' in row || 'cost_by_5_minutes' in row)).toEqual([]);
  });

  it('tells what calls of tools cost, those that are paid for, by tool', () => {
    const tool = (change: Partial<Record<keyof typeof CALL, unknown>>) =>
      event({ kind: 'tool', provider: '', request_model: '', tool_name: 'ocr', price_version: 'tool_price/ocr', ...change });
    const effects = newTestTask(costsService.open({})).run({
      now: NOW,
      records: [
        tool({}),
        tool({ cost_nano_usd: null }),
        tool({ tool_name: 'search', price_version: 'tool_price/search', sampling_weight: 4 }),
        tool({ tool_name: 'free', price_version: '', cost_nano_usd: null }),
      ],
    });
    const numbers = rowsOf<CostRecord>(effects, 'spend').map((row) => [row.kind, row.tool_name, row.calls, row.unpriced_calls, row.cost_nano_usd]); // prettier-ignore
    expect(numbers).toEqual([
      ['tool', 'ocr', 2, 1, 1_000],
      ['tool', 'search', 4, 0, 4_000],
    ]);
  });

  it('carries the latest event time, never one from the future, across a restart', () => {
    const topology = costsService.open({});
    const sut = newTestTask(topology);
    expect(costsOf(sut.run({ now: NOW, records: [event({ ts: '2031-01-01T00:00:00.000Z' })] }))[0]?.watermark).toBe(
      '2026-03-02T13:00:00.000Z',
    );
    const again = newTestTask(topology, sut.state);
    expect(costsOf(again.run({ now: NOW + 1, records: [event()] }))[0]?.watermark).toBe('2026-03-02T13:00:00.000Z');
  });

  it('does the same when the task is lost and restored', () => {
    const ranges = Array.from({ length: 6 }, (_, i) => ({
      now: NOW + i,
      records: [event({ cost_nano_usd: i }, i), event({ service_name: `s${i % 2}` }, i + 10)],
    }));
    expect(runWithRestores(costsService.open({}), ranges, [2, 4])).toEqual(runWithRestores(costsService.open({}), ranges, []));
  });

  it.each([
    ['no JSON', 'secret{', 'undecodable', 'position', 'default'],
    ['money with a fraction', { ...CALL, cost_nano_usd: 0.5 }, 'invalid_field', 'cost_nano_usd', 'acme'],
    ['no object', [], 'invalid_field', '(record)', 'default'],
  ] as const)('sends %s to the DLQ with its reason and works on', (_, value, reason, named, tenant) => {
    const sut = newTestTask(costsService.open({}));
    const effects = sut.run({ now: NOW, records: [newTestRecord(TOPICS.events.name, value, null), event()] });
    expect(effects.rejections).toMatchObject([{ reason, error: expect.stringContaining(named) as string, tenant }]);
    expect(effects.rejections[0]?.error).not.toContain('secret');
    expect(effects.outputs).toHaveLength(1);
  });

  it('never has anything to do without events', () => {
    expect(newTestTask(costsService.open({})).task.due(NOW)).toBe(false);
  });
});
