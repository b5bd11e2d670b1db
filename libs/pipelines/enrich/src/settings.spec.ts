import { type EventRecord, TOPICS } from '@telltale/contracts';
import { applyState, type BatchEffects, expectSync, type LogRecord } from '@telltale/streaming';
import { native, newTestTopology, record, T } from './enrich.fixture';
import { newTestSettingRecord } from '@telltale/streaming/testing';
import { type EnrichDefaults, enrichDefaults } from './settings';

const eventsOf = ({ outputs }: BatchEffects): EventRecord[] =>
  outputs.filter(({ topic }) => topic === TOPICS.events.name).map(({ value }) => JSON.parse(String(value)) as EventRecord);

/** A task that keeps its state, with a call of a model for it. */
function newTestTask(defaults: Partial<EnrichDefaults> = {}, restored: ReadonlyMap<string, Buffer> = new Map()) {
  const task = newTestTopology(defaults).createTask(0, restored);
  const state = new Map(restored);
  let calls = 0;
  const run = (...records: LogRecord[]): BatchEffects => {
    const effects = expectSync(task.process(records, { source: 's', partition: 0, now: T }));
    applyState(state, effects.state);
    return effects;
  };
  const callOf = (tenant: string) =>
    record(
      native({ id: `${calls++}`, request_model: 'ours', input: 'hello', usage: { input_tokens: 1_000_000, output_tokens: 0 } }),
      {
        headers: { 'tt-tenant': tenant },
      },
    );
  /** What becomes of a call of `tenant`, in a batch with these settings. */
  const eventOf = (tenant: string, ...settings: LogRecord[]) => eventsOf(run(...settings, callOf(tenant)))[0];
  return { run, eventOf, state };
}

const price = (usd: number, more: object = {}) => ({ model: 'ours', usd_per_million: { input: usd, output: 1 }, ...more });

describe('settings of the enricher', () => {
  it('of a tenant go before the defaults, from their own batch on', () => {
    const { eventOf } = newTestTask({ privacy: 'drop_content', retentionDays: 30 });
    expect(eventOf('acme')).toMatchObject({ input: '', expires_on: '2026-03-02' });
    const own = newTestSettingRecord('tenant', 'acme', { privacy: 'mask', retention_days: 7 });
    expect(eventOf('acme', own)).toMatchObject({ input: 'hello', expires_on: '2026-02-07' });
    expect(eventOf('other')).toMatchObject({ input: '', expires_on: '2026-03-02' });
  });

  it('that are deleted leave the defaults, and an older record that comes late changes nothing', () => {
    const { eventOf } = newTestTask();
    const [first, second] = [newTestSettingRecord('tenant', 'acme', { privacy: 'drop_content' }, { version: 1 }), newTestSettingRecord('tenant', 'acme', null, { version: 2 })]; // prettier-ignore
    expect(eventOf('acme', first)).toMatchObject({ input: '' });
    expect(eventOf('acme', second)).toMatchObject({ input: 'hello' });
    expect(eventOf('acme', first)).toMatchObject({ input: 'hello' });
  });

  it('are in the state of the task, and in no other place', () => {
    const { run, state } = newTestTask();
    run(
      newTestSettingRecord('tenant', 'acme', { privacy: 'drop_content' }),
      newTestSettingRecord('api_key', 'acme', { sha256: '0'.repeat(64) }, { name: 'bots' }),
    );
    expect([...state.keys()].filter((key) => key.startsWith('setting/'))).toEqual(['setting/tenant/acme/default']);
    expect(newTestTask({}, state).eventOf('acme')).toMatchObject({ input: '' });
  });

  it('that cannot be read are counted, and the ones they would replace stay', () => {
    const { run, eventOf } = newTestTask();
    run(newTestSettingRecord('tenant', 'acme', { privacy: 'drop_content' }));
    const broken = { ...newTestSettingRecord('tenant', 'acme', null), value: Buffer.from('{"type":"tenant"}') };
    expect(run(broken).counts).toMatchObject({ settings_ignored: 1 });
    expect(eventOf('acme')).toMatchObject({ input: '' });
  });

  it('have prices of the tenant before those of all, and these before the table', () => {
    const { eventOf } = newTestTask();
    expect(eventOf('acme')).toMatchObject({ cost_nano_usd: null });
    expect(eventOf('acme', newTestSettingRecord('price', '*', price(2), { name: 'ours' }))).toMatchObject({
      cost_nano_usd: 2e9,
      price_version: 'override/ours',
    });
    expect(eventOf('acme', newTestSettingRecord('price', 'acme', price(3), { name: 'own' }))).toMatchObject({
      cost_nano_usd: 3e9,
      price_version: 'override/own',
    });
    expect(eventOf('other')).toMatchObject({ cost_nano_usd: 2e9 });
  });

  it('have price files, which count from the record on that puts all of their parts in force', () => {
    const { eventOf } = newTestTask();
    const revision = '0123456789ab';
    const part = (nth: number, input: number, slot = 'a', of = revision) =>
      newTestSettingRecord('price_file_part', '*', { file: 'list', revision: of, slot, part: nth, models: [{ provider: 'openai', model: nth === 0 ? 'ours' : `other-${nth}`, rates: { input, output: 1 } }] }, { name: `list.${slot}.${nth}` });
    const head = (version: number, slot = 'a', of = revision) =>
      newTestSettingRecord('price_file', '*', { source: 'litellm', revision: of, slot, parts: 2, models: 2 }, { name: 'list', version });
    const versionOf = (...settings: LogRecord[]) => eventOf('acme', ...settings)?.price_version;
    expect(versionOf(part(0, 2), part(1, 2))).toBe('');
    expect(versionOf(head(1))).toBe(`price_file/list@${revision}`);
    expect(eventOf('acme')).toMatchObject({ cost_nano_usd: 2e9 });
    const next = 'ffffffffffff';
    expect(versionOf(part(0, 3, 'b', next))).toBe(`price_file/list@${revision}`);
    expect(versionOf(head(2, 'b', next))).toBe('');
    expect(versionOf(part(1, 3, 'b', next))).toBe(`price_file/list@${next}`);
    expect(versionOf(newTestSettingRecord('discount', 'acme', { share: 0.1 }, { name: 'commit' }))).toBe(`price_file/list@${next}-discount/commit`);
    expect(eventOf('acme')).toMatchObject({ cost_nano_usd: 2.7e9 });
    expect(eventOf('other')).toMatchObject({ cost_nano_usd: 3e9 });
  }); // prettier-ignore

  it('have prices of tools, which hold from their batch on until they change or go', () => {
    const { run } = newTestTask();
    const searchIn = (...settings: LogRecord[]) =>
      run(...settings, record(native({ id: `${searches++}`, kind: 'tool', tool: { name: 'search', result: { pages: 3 } } })));
    let searches = 0;
    const toolPrice = (value: object | null, version: number) =>
      newTestSettingRecord('tool_price', 'acme', value, { name: 'search', version });
    const costIn = (effects: BatchEffects) => {
      const [event] = eventsOf(effects);
      return [event?.cost_nano_usd, event?.price_version];
    };
    expect(costIn(searchIn())).toEqual([null, '']);
    expect(costIn(searchIn(toolPrice({ per_call_nano_usd: 5 }, 1)))).toEqual([5, 'tool_price/search']);
    expect(costIn(searchIn(toolPrice({ per_unit_nano_usd: 7, unit_path: 'result.pages' }, 2)))).toEqual([
      21,
      'tool_price/search',
    ]);
    expect(costIn(searchIn(toolPrice(null, 3)))).toEqual([null, '']);
  });

  it.each([
    [1, '2026-02-01'],
    [2, '2026-02-07'],
    [8, '2026-03-02'],
    [31, '2026-05-01'],
    [91, '2027-03-07'],
    [400, '2027-03-07'],
  ])('keep rows for a retention of %i days, rounded up to one of five steps, until %s', (retentionDays, expires) => {
    expect(newTestTask({ retentionDays }).eventOf('acme')).toMatchObject({ expires_on: expires });
  });
});

describe('defaults of the enricher', () => {
  it('accept no retention beyond the last step', () => {
    expect(() => enrichDefaults.parse({ retentionDays: 401 })).toThrow(/retentionDays/);
  });
  it('are one text when they are the same, and read with defaults for what an older version did not know', () => {
    const topology = newTestTopology({ retentionDays: 9 });
    expect(topology.settings).toBe(newTestTopology({ retentionDays: 9 }).settings);
    expect(() => topology.createTask(0, new Map(), '{"retentionDays":8}')).not.toThrow();
  });
});
