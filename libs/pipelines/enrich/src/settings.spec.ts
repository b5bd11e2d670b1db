import { type EventRecord, TOPICS } from '@telltale/contracts';
import { expectSync } from '@telltale/streaming';
import { native, newTestTopology, record, T } from './enrich.fixture';
import { type EnrichSettings, enrichSettings } from './settings';

/** What becomes of one call of a model of `tenant`, in a task of an enricher with `own` settings that is opened under those of `intentSettings`. */
function eventOf(own: Partial<EnrichSettings>, intentSettings?: Partial<EnrichSettings>, tenant = 'acme'): EventRecord {
  const task = newTestTopology(own).createTask(0, new Map(), intentSettings && newTestTopology(intentSettings).settings);
  const call = native({ request_model: 'ours', input: 'hello', usage: { input_tokens: 1_000_000, output_tokens: 0 } });
  const effects = expectSync(
    task.process([record(call, { headers: { 'tt-tenant': tenant } })], { source: 's', partition: 0, now: T }),
  );
  const found = effects.outputs.find(({ topic }) => topic === TOPICS.events.name);
  return JSON.parse(String(found?.value)) as EventRecord;
}

const priced = (usd: number): Pick<EnrichSettings, 'prices'> => ({
  prices: [{ name: 'ours', provider: '*', model: 'ours', usd_per_million: { input: usd, output: 1 } }],
});

describe('settings of the enricher', () => {
  it('are the process’s own, or those the task is opened under', () => {
    const [own, intentSettings] = [
      { privacy: 'mask' as const, ...priced(2) },
      { privacy: 'drop_content' as const, ...priced(3) },
    ];
    expect(eventOf(own)).toMatchObject({ input: 'hello', cost_nano_usd: 2e9 });
    expect(eventOf(own, intentSettings)).toMatchObject({ input: '', cost_nano_usd: 3e9 });
  });
  it('of a tenant go before those of all', () => {
    const settings = { privacy: 'drop_content' as const, retentionDays: 30, tenants: { acme: { privacy: 'mask' as const, retentionDays: 7 } } }; // prettier-ignore
    expect(eventOf(settings)).toMatchObject({ input: 'hello', expires_on: '2026-02-07' });
    expect(eventOf(settings, undefined, 'other')).toMatchObject({ input: '', expires_on: '2026-03-02' });
  });
  it.each([
    [1, '2026-02-01'],
    [2, '2026-02-07'],
    [8, '2026-03-02'],
    [31, '2026-05-01'],
    [91, '2027-03-07'],
    [400, '2027-03-07'],
  ])('keep rows for a retention of %i days, rounded up to one of five steps, until %s', (retentionDays, expires) => {
    expect(eventOf({ retentionDays, tenants: {} })).toMatchObject({ expires_on: expires });
  });
  it('accept no retention beyond the last step', () => {
    expect(() => enrichSettings.parse({ retentionDays: 401 })).toThrow(/retentionDays/);
  });
  it('are one text when they are the same, and read with defaults for what an older version did not know', () => {
    const topology = newTestTopology({ retentionDays: 9 });
    expect(topology.settings).toBe(newTestTopology({ retentionDays: 9 }).settings);
    expect(() => topology.createTask(0, new Map(), '{"retentionDays":8}')).not.toThrow();
  });
});
