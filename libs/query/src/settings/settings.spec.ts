import { API_KEY_SCOPES, type ApiKeyScope, SETTING_TYPES, type SettingRecord } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { createSettings } from '@telltale/settings';
import { newTestSecrets, newTestSetting, newTestSettings } from '@telltale/settings/testing';
import { type OutputRecord } from '@telltale/streaming';
import { type AskContext, type Definition } from '../define/definition';
import { getPrivacyPolicy, tryPrivacy } from './privacy-policy';
import { listSettingTypes } from './setting-types';
import { deleteSetting, getSetting, listSettings, putSetting } from './settings';
import { noReplay } from '../detection/backtest/no-replay.fixture';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const OF_A_TENANT = API_KEY_SCOPES.filter((scope) => scope !== 'operator');
const SHA = 'abcdef0123456789'.repeat(4);

/** Settings of two tenants and of all, asked with a key of `acme`. */
function newTestDesk(scopes: readonly ApiKeyScope[] = OF_A_TENANT) {
  const produced: OutputRecord[] = [];
  const clock: Clock = { now: () => NOW, monotonic: () => 0, sleep: () => Promise.resolve() };
  const broker = {
    describe: (names: readonly string[]) =>
      Promise.resolve(names.map((name) => ({ name, partitions: [0, 1].map((partition) => ({ partition, start: 0, end: 0 })) }))),
    produce: (records: readonly OutputRecord[]) => Promise.resolve(void produced.push(...records)),
    newest: () => Promise.resolve([]),
    groupOffsets: () => Promise.resolve(new Map()),
  };
  const store = newTestSettings(
    newTestSetting('tenant', 'acme', { privacy: 'mask', privacy_types: { email: 'keep' } }),
    newTestSetting('api_key', 'acme', { sha256: SHA, scopes: ['ingest'] }, 'bots'),
    newTestSetting('api_key', 'acme', { sha256: SHA.replace('a', '0') }, 'ops'),
    newTestSetting('view', 'acme', { title: 'a', page: 'series' }, 'a'),
    newTestSetting('tenant', 'beta', { privacy: 'mask' }),
    newTestSetting('price', '*', { model: 'm', usd_per_million: { input: 1, output: 1 } }, 'ours'),
  );
  const context = {
    tenant: 'acme',
    grant: { name: 'ops', scopes },
    broker,
    clock,
    settings: createSettings(store, broker, clock, newTestSecrets()),
    rows: { query: () => Promise.reject(new Error('not part of this test')) },
    priceOf: () => null,
    replay: noReplay,
    reprice: () => Promise.reject(new Error('not part of this test')),
  } satisfies AskContext;
  const ask = async (definition: Definition, given: Record<string, unknown>) =>
    (await definition.ask?.(given, context)) as Record<string, unknown>;
  const written = (): SettingRecord[] => produced.map(({ value }) => JSON.parse(String(value)) as SettingRecord);
  return { ask, written, produced, store };
}

describe('settings over HTTP', () => {
  it('say what is kept of the content, to whoever may read it: the own policy, or that of all', async () => {
    const { ask } = newTestDesk(['read']);
    expect(await ask(getPrivacyPolicy, {})).toMatchObject({
      privacy: 'mask',
      privacy_types: { email: 'keep' },
      content: 'kept',
      details: 'kept',
      types: { email: 'kept', phone: 'masked', place: 'kept', user_id: 'pseudonym', secret: 'masked' },
    });
  });

  it('say what would be stored of a text: under each mode, and in the one in force with the kinds that are kept', async () => {
    const { ask, produced } = newTestDesk(['read']);
    const text = 'Mail mia.rossi@example.com or call +39 055 123 4567';
    const { tries } = (await ask(tryPrivacy, { text })) as {
      tries: { mode: string; in_force: boolean; stored: string | null }[];
    };
    const of = (mode: string) => tries.find((one) => one.mode === mode);
    expect(of('mask')).toMatchObject({ in_force: true, stored: expect.stringContaining('mia.rossi@example.com') as string });
    expect(of('mask')?.stored).not.toContain('055');
    expect(of('strict')).toMatchObject({ in_force: false, stored: expect.not.stringContaining('mia.rossi') as string });
    expect(of('pseudonymize')?.stored).toMatch(/\[EMAIL~[a-p]{16}\]/);
    expect(of('metadata_only')?.stored).toBeNull();
    expect(await ask(tryPrivacy, { text, mode: 'strict' })).toMatchObject({ tries: [{ mode: 'strict' }] });
    await expect(ask(tryPrivacy, { text: 'x'.repeat(5_001) })).rejects.toMatchObject({ code: 'invalid', parameter: 'text' });
    expect(produced).toEqual([]);
  });

  it('of each type have a schema, which forms are made of', async () => {
    const { types, receivers } = (await newTestDesk().ask(listSettingTypes, {})) as {
      types: { type: string; is_single: boolean; schema: { properties?: Record<string, unknown> } }[];
      receivers: { type: string; needs: string[] }[];
    };
    expect(types.map(({ type }) => type)).toEqual(SETTING_TYPES);
    expect(types.find(({ type }) => type === 'tenant')).toMatchObject({ is_single: true, schema: { properties: { privacy: { enum: expect.arrayContaining(['mask']) as string[] } } } }); // prettier-ignore
    expect(types.filter(({ schema }) => Object.keys(schema.properties ?? {}).length === 0)).toEqual([]);
    expect(receivers.find(({ type }) => type === 'webhook')).toMatchObject({ needs: ['url', 'secret'] });
  });

  it('are listed for the own tenant, page by page, digests of keys cut', async () => {
    const { ask } = newTestDesk();
    const first = await ask(listSettings, { limit: '3' });
    expect(first['settings']).toMatchObject([
      { type: 'api_key', tenant: 'acme', name: 'bots', value: { sha256: SHA.slice(0, 12), scopes: ['ingest'] } },
      { type: 'api_key', tenant: 'acme', name: 'ops' },
      { type: 'tenant', tenant: 'acme', name: 'default', value: { privacy: 'mask', privacy_types: { email: 'keep' } } },
    ]);
    const second = await ask(listSettings, { limit: '3', cursor: first['next_cursor'] });
    expect(second).toMatchObject({ settings: [{ type: 'view', name: 'a' }] });
    expect(second['next_cursor']).toBeUndefined();
    expect(await ask(listSettings, { type: 'view' })).toMatchObject({ settings: [{ type: 'view' }] });
  });

  it('go to every partition when they are set, under who set them, and are there at once', async () => {
    const { ask, written, produced } = newTestDesk();
    const value = { privacy: 'drop_content', retention_days: 7 };
    expect(await ask(putSetting, { type: 'tenant', name: 'default', value, issued_by: 'ada' })).toMatchObject({ version: 2, changed_at: '2026-11-28T12:00:00.000Z', changed_by: 'ada (key ops)', value }); // prettier-ignore
    expect(produced.map(({ partition, key }) => [partition, key])).toEqual([[0, 'tenant/acme/default'], [1, 'tenant/acme/default']]); // prettier-ignore
    expect(new Set(written().map((record) => JSON.stringify(record))).size).toBe(1);
    expect(await ask(getSetting, { type: 'tenant', name: 'default' })).toMatchObject({ value });
  });

  it.each([
    ['tool_price', 'ocr', { per_unit_nano_usd: 1_500_000, unit_path: 'result.pages' }],
    ['silence', 'move', { service_name: 'shop', kind: 'cost', until: '2026-12-28T12:00:00Z', reason: 'the move' }],
  ])('of type %s are set, listed, got and deleted, of one tenant each', async (type, name, value) => {
    const { ask } = newTestDesk(API_KEY_SCOPES);
    expect(await ask(putSetting, { type, name, value })).toMatchObject({ tenant: 'acme', version: 1, value });
    expect(await ask(listSettings, { type })).toMatchObject({ settings: [{ name, value }] });
    expect(await ask(getSetting, { type, name })).toMatchObject({ value });
    expect(await ask(deleteSetting, { type, name })).toMatchObject({ version: 2 });
    expect(await ask(listSettings, { type })).toMatchObject({ settings: [] });
    await expect(ask(putSetting, { type, name, value, of_tenant: '*' })).rejects.toMatchObject({ parameter: 'of_tenant' });
  });

  it('that are deleted are gone, and start again at the next version', async () => {
    const { ask } = newTestDesk();
    expect(await ask(deleteSetting, { type: 'view', name: 'a' })).toEqual({
      type: 'view',
      tenant: 'acme',
      name: 'a',
      version: 2,
    });
    await expect(ask(getSetting, { type: 'view', name: 'a' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(ask(deleteSetting, { type: 'view', name: 'a' })).rejects.toMatchObject({ code: 'not_found' });
    expect(
      await ask(putSetting, { type: 'view', name: 'a', value: { title: 'b', page: 'series' }, if_version: 2 }),
    ).toMatchObject({ version: 3 });
  });

  it.each([
    ['a field that is wrong', { type: 'tenant', name: 'default', value: { privacy: 'none' } }, 'value.privacy', /is not one of mask/],
    ['a field that there is not', { type: 'tenant', name: 'default', value: { retention: 7 } }, 'value', /fields that do not exist: retention/],
    ['a value that is none', { type: 'tenant', name: 'default', value: 'mask' }, 'value', /is not an object/],
    ['another name of what a tenant has one of', { type: 'tenant', name: 'other', value: {} }, 'name', /is not default/],
    ['a price of a tool that is none', { type: 'tool_price', name: 'ocr', value: {} }, 'value.per_call_nano_usd', /is missing, as is per_unit_nano_usd: give at least one/],
    ['a unit that is nowhere', { type: 'tool_price', name: 'ocr', value: { per_unit_nano_usd: 1 } }, 'value.unit_path', /is missing: say where the number of units is/],
    ['a silence without an end', { type: 'silence', name: 'move', value: { reason: 'a' } }, 'value.until', /is no time: give ISO 8601/],
    ['a silence of more than 30 days', { type: 'silence', name: 'move', value: { until: '2026-12-28T12:00:00.001Z', reason: 'a' } }, 'value.until', /lies more than 30 days ahead/],
    ['a name with a slash', { type: 'view', name: 'a/b', value: { title: 'a', page: 'b' } }, 'name', /letters, digits/],
    ['a version that it is not', { type: 'view', name: 'a', value: { title: 'b', page: 'c' }, if_version: 5 }, 'if_version', /has version 1/],
    ['a type that there is not', { type: 'tenants', name: 'a', value: {} }, 'type', /give one of tenant/],
  ])('with %s are refused, and nothing is written', async (_what, given, parameter, message) => {
    const { ask, produced } = newTestDesk();
    await expect(ask(putSetting, given)).rejects.toMatchObject({ code: 'invalid', parameter, message: expect.stringMatching(message) as string });
    expect(produced).toEqual([]);
  }); // prettier-ignore

  it.each(['beta', '*'])('of %s are closed to a key of a tenant, also to look at', async (of_tenant) => {
    const { ask, produced } = newTestDesk();
    const value = { model: 'm', usd_per_million: { input: 2, output: 2 } };
    const all = [() => ask(listSettings, { of_tenant }), () => ask(getSetting, { type: 'tenant', name: 'default', of_tenant }), () => ask(putSetting, { type: 'price', name: 'ours', of_tenant, value }), () => ask(deleteSetting, { type: 'tenant', name: 'default', of_tenant })]; // prettier-ignore
    for (const one of all) await expect(one()).rejects.toMatchObject({ code: 'forbidden', parameter: 'of_tenant' });
    expect(produced).toEqual([]);
  });

  it('of the API key that asks cannot be changed by it, so that nobody locks themselves out', async () => {
    const { ask, produced } = newTestDesk();
    const refusal = { code: 'invalid', parameter: 'name', fix: expect.stringContaining('ask with another key') as string };
    await expect(ask(putSetting, { type: 'api_key', name: 'ops', value: { sha256: SHA } })).rejects.toMatchObject(refusal);
    await expect(ask(deleteSetting, { type: 'api_key', name: 'ops' })).rejects.toMatchObject(refusal);
    expect(produced).toEqual([]);
    expect(await ask(putSetting, { type: 'view', name: 'ops', value: { title: 'a', page: 'b' } })).toMatchObject({ version: 1 });
  });

  it('of other tenants and of all are open to an operator, who alone makes operators', async () => {
    const operator = newTestDesk(API_KEY_SCOPES);
    const price = { model: 'm', usd_per_million: { input: 2, output: 2 } };
    expect(await operator.ask(putSetting, { type: 'price', name: 'ours', of_tenant: '*', value: price })).toMatchObject({
      tenant: '*',
      version: 2,
    });
    expect(await operator.ask(listSettings, { of_tenant: 'beta' })).toMatchObject({ settings: [{ tenant: 'beta' }] });
    const key = { type: 'api_key', name: 'new', value: { sha256: SHA, scopes: ['operator'] } };
    expect(await operator.ask(putSetting, key)).toMatchObject({ value: { scopes: ['operator'] } });
    const tenant = newTestDesk();
    await expect(tenant.ask(putSetting, key)).rejects.toMatchObject({ code: 'forbidden', parameter: 'value.scopes' });
    await expect(operator.ask(putSetting, { ...key, of_tenant: '*' })).rejects.toMatchObject({ parameter: 'of_tenant' });
    expect(tenant.produced).toEqual([]);
  });

  it('keep what operators let a key take: its tenant can neither lift nor drop it', async () => {
    const { ask } = newTestDesk(API_KEY_SCOPES);
    const limits = { max_requests_per_second: 50, max_bytes_per_second: 1_000_000 };
    await ask(putSetting, { type: 'api_key', name: 'bots', value: { scopes: ['ingest'], ...limits } });
    expect(await ask(putSetting, { type: 'api_key', name: 'bots', value: { scopes: ['read'] } })).toMatchObject({ value: { scopes: ['read'] } }); // prettier-ignore
    const limited = newTestDesk();
    limited.store.put(newTestSetting('api_key', 'acme', { sha256: SHA, ...limits }, 'bots', 2));
    for (const value of [{ ...limits, max_requests_per_second: 51 }, { max_bytes_per_second: 1 }])
      await expect(limited.ask(putSetting, { type: 'api_key', name: 'bots', value })).rejects.toMatchObject({ code: 'forbidden', parameter: expect.stringMatching(/^value.max_/) as string }); // prettier-ignore
    await expect(limited.ask(putSetting, { type: 'api_key', name: 'new', value: { sha256: SHA, ...limits } })).rejects.toMatchObject({ code: 'forbidden' }); // prettier-ignore
    expect(await limited.ask(putSetting, { type: 'api_key', name: 'bots', value: { scopes: ['read'] } })).toMatchObject({ value: { scopes: ['read'], ...limits } }); // prettier-ignore
    await expect(ask(putSetting, { type: 'api_key', name: 'bots', value: { max_requests_per_second: 0 } })).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('to stop a key, delete it') as string }); // prettier-ignore
  });
});
