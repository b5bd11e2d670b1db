import { type EventRecord, TOPICS } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { newTestSettingRecord, newTestTask, outputsOf, runWithRestores } from '@telltale/streaming/testing';
import { native, newTestTopology, record, T } from './enrich.fixture';

const priceOf = (name: string, value: object, tenant = 'acme', version = 1): LogRecord =>
  newTestSettingRecord('tool_price', tenant, value, { name, version });
const BY_PAGE = priceOf('ocr', { per_call_nano_usd: 100, per_unit_nano_usd: 1_500, unit_path: 'result.pages' });
const call = (tool: object, more: object = {}): LogRecord =>
  record(native({ id: 'c', kind: 'tool', name: 'ocr', tool: { name: 'ocr', ...tool }, ...more }));

/** What becomes of one call under these settings. */
function priced(event: LogRecord, settings: readonly LogRecord[], topology = newTestTopology()) {
  const effects = newTestTask(topology).run({ now: T, records: [...settings, event] });
  const [stored] = outputsOf<EventRecord>(effects, TOPICS.events.name);
  return { stored, cost: stored?.cost_nano_usd, version: stored?.price_version, counts: effects.counts };
}

describe('a call of a tool', () => {
  it('costs nothing that is known, and counts as nothing unpriced, where its tenant set no price', () => {
    const { cost, version, counts } = priced(call({}), [priceOf('other', { per_call_nano_usd: 1 }), priceOf('ocr', { per_call_nano_usd: 1 }, 'beta')]); // prettier-ignore
    expect([cost, version]).toEqual([null, '']);
    expect(Object.keys(counts ?? {}).filter((name) => name.startsWith('calls_'))).toEqual([]);
  });

  it.each([
    ['of its call', { per_call_nano_usd: 5_000 }, {}, 5_000],
    ['of a free call', { per_call_nano_usd: 0 }, {}, 0],
    ['of its call and its units', { per_call_nano_usd: 100, per_unit_nano_usd: 10, unit_path: 'result.pages' }, { result: { pages: 3 } }, 130],
    ['of units in its arguments', { per_unit_nano_usd: 10, unit_path: 'arguments.count' }, { arguments: { count: 4 } }, 40],
    ['of parts of units, rounded once', { per_call_nano_usd: 1, per_unit_nano_usd: 1, unit_path: 'result.seconds' }, { result: { seconds: 2.6 } }, 4],
    ['of no units', { per_unit_nano_usd: 10, unit_path: 'result.pages' }, { result: { pages: 0 } }, 0],
  ])('costs the price %s', (_what, price, tool, cost) => {
    expect(priced(call(tool), [priceOf('ocr', price)])).toMatchObject({ cost, version: 'tool_price/ocr' });
  }); // prettier-ignore

  it.each([
    ['is missing', { result: { sheets: 3 } }],
    ['is negative', { result: { pages: -1 } }],
    ['is no number', { result: { pages: 'three' } }],
    ['is a list', { result: { pages: [3] } }],
    ['makes a cost beyond what can be counted', { result: { pages: 1e15 } }],
    ['was never sent', {}],
  ])('whose number of units %s has no known cost and is counted', (_what, tool) => {
    const { cost, version, counts } = priced(call(tool), [BY_PAGE]);
    expect([cost, version]).toEqual([null, 'tool_price/ocr']);
    expect(counts).toMatchObject({ calls_without_units: 1 });
  });

  it.each(['drop_content', 'metadata_only'] as const)('has its units read before %s drops what they stand in', (privacy) => {
    const { cost, stored } = priced(call({ result: { pages: 2 } }), [BY_PAGE], newTestTopology({ privacy }));
    expect([cost, stored?.tool_result]).toEqual([3_100, '']);
  });

  it('keeps what its producer says that it cost beside what it costs here, as a call of a model does', () => {
    const { cost, stored } = priced(call({ result: { pages: 1 } }, { attributes: { 'telltale.reported_cost_usd': 9 } }), [BY_PAGE]); // prettier-ignore
    expect([cost, stored?.attributes['telltale.reported_cost_usd']]).toEqual([1_600, '9']);
  });

  it('of another kind than a tool has no price of a tool', () => {
    expect(priced(call({}, { kind: 'agent' }), [priceOf('ocr', { per_call_nano_usd: 1 })])).toMatchObject({
      cost: null,
      version: '',
    });
  });

  it('is priced the same when the task is lost and restored after any batch', () => {
    const batches = [[BY_PAGE], [1], [priceOf('ocr', { per_call_nano_usd: 7 }, 'acme', 2), 2], [3]].map((records, batch) => ({
      now: T + batch,
      records: records.map((one) => (typeof one === 'number' ? call({ result: { pages: one } }, { id: `c${one}` }) : one)),
    }));
    const whole = runWithRestores(newTestTopology(), batches, []);
    for (let cut = 1; cut < batches.length; cut++) expect(runWithRestores(newTestTopology(), batches, [cut])).toEqual(whole);
    expect(whole.join()).toContain('\\"cost_nano_usd\\":1600');
  });
});
