import { type Broker, type LogRecord, type OutputRecord } from '@telltale/streaming';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPrices, readSettings, readTenants, seedSettings } from './seed-settings';

describe('settings from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-settings-'));
  const file = join(folder, 'settings.yaml');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (text: string): string => (writeFileSync(file, text), file);

  it('turns keys into digests and never keeps them', () => {
    const settings = readSettings(
      write('tenants:\n  - name: acme\napi_keys:\n  - name: bots\n    tenant: acme\n    key: a-key-of-sixteen-or-more\n'),
    );
    expect(settings.map(({ type, name }) => `${type}/${name}`)).toEqual(['tenant/acme', 'api_key/bots']);
    expect(JSON.stringify(settings)).not.toContain('a-key-of-sixteen');
  });

  it.each([
    [
      'api_keys: [{name: bots, tenant: acme, key: short}]',
      'api_keys.0.key: is shorter than 16 characters; make one with: openssl rand -hex 24',
    ],
    ['api_keys: [{name: bots, key: a-key-of-sixteen-or-more}]', 'api_keys.0.tenant: is missing'],
    ['api_keys: [{name: bots, tenant: acme, sha256: abc}]', 'api_keys.0.sha256: is not 64 hex digits'],
    ['api_key: []', '(file): has fields that do not exist: api_key'],
  ])('%s is refused in plain words, without the value', (text, said) => {
    expect(() => readSettings(write(text))).toThrow(said);
    expect(() => readSettings(write(text))).not.toThrow(/Invalid input|a-key-of/);
  });

  it('reads the scopes of a key, and rejects an unknown scope', () => {
    const keyWith = (scopes: string) => readSettings(write(`api_keys: [{name: a, tenant: b, key: a-key-of-sixteen-or-more, scopes: ${scopes}}]`)); // prettier-ignore
    expect(keyWith('[ingest, "control:read"]')).toMatchObject([{ type: 'api_key', scopes: ['ingest', 'control:read'] }]);
    for (const wrong of ['[write]', '[]']) expect(() => keyWith(wrong)).toThrow(/api_keys\.0\.scopes/);
  });

  it('reads prices, and none without a file', () => {
    const price = 'name: ours, model: "gpt-4o*", from: "2026-01-01T00:00:00Z", usd_per_million: {input: 1, output: 2}';
    expect(readPrices(write(`prices: [{${price}}]`))).toEqual([
      { name: 'ours', provider: '*', model: 'gpt-4o*', from: '2026-01-01T00:00:00Z', usd_per_million: { input: 1, output: 2 } },
    ]);
    expect(readPrices(undefined)).toEqual([]);
    expect(() => readPrices(write('prices: [{name: x, model: y, usd_per_million: {input: -1, output: 2}}]'))).toThrow(/input/);
  });

  it('reads the privacy mode and retention of tenants', () => {
    const tenants = readTenants(write('tenants: [{name: acme, privacy: pseudonymize, retention_days: 7}, {name: beta}]'));
    expect(tenants).toEqual({ acme: { privacy: 'pseudonymize', retentionDays: 7 }, beta: {} });
    expect(readSettings(write('tenants: [{name: acme, privacy: drop_content}]'))).toEqual([{ type: 'tenant', name: 'acme', privacy: 'drop_content' }]); // prettier-ignore
    expect(() => readTenants(write('tenants: [{name: acme, privacy: none}]'))).toThrow(
      /tenants\.0\.privacy: is not one of .*mask/,
    );
    expect(() => readTenants(write('tenants: [{name: acme, retention_days: 0}]'))).toThrow(/tenants\.0\.retention_days/);
    expect(() => readTenants(write('tenants: [{name: acme, retention_days: 401}]'))).toThrow(/tenants\.0\.retention_days.*400/);
    expect(readTenants(undefined)).toEqual({});
  });

  it.each([
    ['from: soon', /prices\.0\.from: is no time: give ISO 8601 in UTC, such as/],
    ['to: 2026-02-30T00:00:00Z', /prices\.0\.to: is no time: give ISO 8601 in UTC, such as/],
    ['from: 2026-01-01T00:00:00+02:00', /prices\.0\.from: is no time/],
    ['from: 2026-02-01, to: 2026-01-31T23:00:00Z', /prices\.0\.to: lies not after from: give a later to or an earlier from/],
  ])('reports the wrong date of a price with %s, and the fix', (dates, message) => {
    const read = () => readPrices(write(`prices: [{name: x, model: y, ${dates}, usd_per_million: {input: 1, output: 2}}]`));
    expect(read).toThrow(message);
  });

  it.each([
    ['a field nobody knows', 'tenents: []', /tenents/],
    [
      'a key and a digest',
      `api_keys: [{name: a, tenant: b, key: aaaaaaaaaaaaaaaaaaaa, sha256: '${'0'.repeat(64)}'}]`,
      /api_keys\.0.*either/s,
    ],
    ['what is no YAML', 'a: [b', /not YAML/],
  ])('rejects %s and reports where', (_, text, message) => {
    expect(() => readSettings(write(text))).toThrow(message);
  });

  it('writes each setting once', async () => {
    const records: OutputRecord[] = [];
    const log = {
      newest: () => Promise.resolve(records.map((r) => ({ key: r.key, value: Buffer.from(String(r.value)) }) as LogRecord)),
      produce: (more: OutputRecord[]) => Promise.resolve(void records.push(...more)),
    } as unknown as Broker;
    write('tenants: [{name: acme}, {name: beta}]');
    expect(await seedSettings(log, file)).toBe(2);
    expect(await seedSettings(log, file)).toBe(0);
  });
});
