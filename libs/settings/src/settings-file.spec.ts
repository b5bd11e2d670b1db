import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SettingChange } from '.';
import { readSettingsFile } from './settings-file';

const KEY = 'a-key-of-sixteen-or-more';
const NOW = Date.parse('2026-11-29T12:00:00Z');

describe('a settings file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-settings-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  function read(text: string): SettingChange[] {
    const file = join(folder, 'settings.yaml');
    writeFileSync(file, text);
    return readSettingsFile(file, NOW);
  }

  it('holds settings of every type, each with whose it is', () => {
    const changes = read(`
tenants: [{name: acme, privacy: pseudonymize, retention_days: 7, dimensions: [plan]}, {name: beta}]
api_keys: [{name: bots, tenant: acme, sha256: '${'0'.repeat(64)}', scopes: [ingest, "control:read"], max_requests_per_second: 50, max_bytes_per_second: 1000000}]
prices:
  - {name: ours, model: "gpt-4o*", from: "2026-01-01T00:00:00Z", usd_per_million: {input: 1, output: 2}}
  - {name: ours, tenant: acme, provider: openai, model: gpt-4o, usd_per_million: {input: 1, output: 1}}
tool_prices:
  - {name: web_search, tenant: acme, per_call_nano_usd: 5000000}
  - {name: ocr, tenant: acme, per_unit_nano_usd: 1500000, unit_path: result.pages}
silences: [{name: move, tenant: acme, service_name: shop, kind: cost, until: 2026-12-29T12:00:00Z, reason: the move}]
verbosity_budgets: [{tenant: "*", max_boosts: 2}]
views: [{name: slow, tenant: acme, title: Slow tools, page: series}]
`);
    expect(changes.map(({ type, tenant, name, value }) => [`${type}/${tenant}/${name}`, value])).toEqual([
      ['tenant/acme/default', { privacy: 'pseudonymize', retention_days: 7, dimensions: ['plan'] }],
      ['tenant/beta/default', {}],
      [
        'api_key/acme/bots',
        {
          sha256: '0'.repeat(64),
          scopes: ['ingest', 'control:read'],
          max_requests_per_second: 50,
          max_bytes_per_second: 1_000_000,
        },
      ],
      [
        'price/*/ours',
        { provider: '*', model: 'gpt-4o*', from: '2026-01-01T00:00:00Z', usd_per_million: { input: 1, output: 2 } },
      ],
      ['price/acme/ours', { provider: 'openai', model: 'gpt-4o', usd_per_million: { input: 1, output: 1 } }],
      ['tool_price/acme/web_search', { per_call_nano_usd: 5_000_000 }],
      ['tool_price/acme/ocr', { per_unit_nano_usd: 1_500_000, unit_path: 'result.pages' }],
      ['silence/acme/move', { service_name: 'shop', kind: 'cost', until: '2026-12-29T12:00:00Z', reason: 'the move' }],
      ['verbosity_budget/*/default', { max_boosts: 2 }],
      ['view/acme/slow', { title: 'Slow tools', page: 'series', params: {} }],
    ]);
  });

  it('may be empty', () => {
    expect(read('')).toEqual([]);
  });

  it('has keys turned into digests, which are all that is kept of them', () => {
    const changes = read(`api_keys: [{name: bots, tenant: acme, key: ${KEY}}]`);
    expect(changes).toEqual([
      { type: 'api_key', tenant: 'acme', name: 'bots', value: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    ]);
    expect(JSON.stringify(changes)).not.toContain(KEY);
  });

  it.each([
    ['api_keys: [{name: bots, tenant: acme, key: short}]', 'api_keys.0.key: is shorter than 16 characters; make one with: openssl rand -hex 24'],
    [`api_keys: [{name: bots, key: ${KEY}}]`, 'api_keys.0.tenant: is missing'],
    ['api_keys: [{name: bots, tenant: acme, sha256: abc}]', 'api_keys.0.sha256: is not 64 hex digits'],
    [`api_keys: [{name: bots, tenant: ACME, key: ${KEY}}]`, 'api_keys.0.tenant: is not 1 to 63 lower-case letters'],
    [`api_keys: [{name: "a/b", tenant: acme, key: ${KEY}}]`, 'api_keys.0.name: is not 1 to 100 letters'],
    [`api_keys: [{name: a, tenant: b, key: ${KEY}, scopes: [write]}]`, 'api_keys.0.scopes'],
    [`api_keys: [{name: a, tenant: b, key: ${KEY}, scopes: []}]`, 'api_keys.0.scopes'],
    [`api_keys: [{name: a, tenant: b, key: ${KEY}, max_bytes_per_second: 0}]`, 'api_keys.0.max_bytes_per_second: is less than 1; to stop a key, delete it'],
    [`api_keys: [{name: a, tenant: b, key: ${KEY}, sha256: '${'0'.repeat(64)}'}]`, 'give either key or sha256'],
    [`api_keys: [{name: a, tenant: b, key: ${KEY}}, {name: a, tenant: b, key: ${KEY}2}]`, 'has api_key/b/a twice: remove one of the two'],
    ['api_key: []', '(file): has fields that do not exist: api_key'],
    ['tenants: [{name: acme, privacy: none}]', 'tenants.0.privacy: is not one of mask'],
    ['tenants: [{name: acme, retention_days: 0}]', 'tenants.0.retention_days'],
    ['tenants: [{name: acme, retention_days: 401}]', 'tenants.0.retention_days: is above 400'],
    ['tenants: [{name: acme, retention: 7}]', 'tenants.0: has fields that do not exist: retention'],
    ['prices: [{name: x, model: y, usd_per_million: {input: -1, output: 2}}]', 'prices.0.usd_per_million.input: is below 0'],
    ['tool_prices: [{name: x, tenant: a}]', 'tool_prices.0.per_call_nano_usd: is missing, as is per_unit_nano_usd: give at least one of them'],
    ['tool_prices: [{name: x, tenant: a, per_unit_nano_usd: 1}]', 'tool_prices.0.unit_path: is missing: say where the number of units is'],
    ['tool_prices: [{name: x, tenant: a, per_call_nano_usd: 1, unit_path: result.n}]', 'tool_prices.0.per_unit_nano_usd: is missing: give the price of a unit'],
    ['tool_prices: [{name: x, tenant: a, per_call_nano_usd: 0.5}]', 'tool_prices.0.per_call_nano_usd: is not a whole number'],
    ['tool_prices: [{name: x, tenant: a, per_call_nano_usd: -1}]', 'tool_prices.0.per_call_nano_usd: is below 0'],
    ['tool_prices: [{name: x, tenant: a, per_unit_nano_usd: 1, unit_path: pages}]', 'tool_prices.0.unit_path: is no path: give arguments or result'],
    [`tool_prices: [{name: x, tenant: a, per_unit_nano_usd: 1, unit_path: result${'.a'.repeat(9)}}]`, 'tool_prices.0.unit_path: is no path'],
    ['tool_prices: [{name: x, per_call_nano_usd: 1}]', 'tool_prices.0.tenant: is missing'],
    ['silences: [{name: x, tenant: a, reason: b}]', 'silences.0.until: is no time: give ISO 8601 in UTC'],
    ['silences: [{name: x, tenant: a, until: 2026-12-01}]', 'silences.0.reason: is missing'],
    ['silences: [{name: x, tenant: a, until: 2026-12-01, reason: b, kind: odd}]', 'silences.0.kind: is not one of behavior, cost'],
    ['silences: [{name: x, tenant: a, until: 2026-12-29T12:00:01Z, reason: b}]', 'silence/a/x: value.until lies more than 30 days ahead: give an earlier time'],
    ['a: [b', 'is not YAML'],
  ])('with %s is refused in plain words, without the value', (text, said) => {
    expect(() => read(text)).toThrow(said);
    expect(() => read(text)).not.toThrow(/Invalid input|a-key-of/);
  }); // prettier-ignore

  it.each([
    ['from: soon', /prices\.0\.from: is no time: give ISO 8601 in UTC, such as/],
    ['to: 2026-02-30T00:00:00Z', /prices\.0\.to: is no time: give ISO 8601 in UTC, such as/],
    ['from: 2026-01-01T00:00:00+02:00', /prices\.0\.from: is no time/],
    ['from: 2026-02-01, to: 2026-01-31T23:00:00Z', /prices\.0\.to: lies not after from: give a later to or an earlier from/],
  ])('with a price of %s says which date is wrong and the fix', (dates, message) => {
    expect(() => read(`prices: [{name: x, model: y, ${dates}, usd_per_million: {input: 1, output: 2}}]`)).toThrow(message);
  });

  it('that is not there is named', () => {
    expect(() => readSettingsFile('/no/such/file.yaml', NOW)).toThrow('/no/such/file.yaml cannot be read');
  });
});
