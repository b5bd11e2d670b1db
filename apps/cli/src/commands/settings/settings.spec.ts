import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTestCli } from '../../test-cli.fixture';
import { assignmentOf } from './fields';

const settingOf = (type: string, name: string, value: object, version = 1) => ({ type, tenant: 'acme', name, version, changed_at: '2026-01-01T00:00:00.000Z', changed_by: 'key ops', value }); // prettier-ignore

/** A command line against settings that are there, and what it writes. */
async function newTestSettings(...there: readonly ReturnType<typeof settingOf>[]) {
  const cli = await newTestCli(({ method, url, body }) => {
    if (method === 'GET' && url.startsWith('/api/settings?')) {
      const type = new URL(url, 'http://x').searchParams.get('type');
      return { body: { settings: there.filter((one) => type === null || one.type === type) } };
    }
    const [, type = '', name = ''] = /^\/api\/settings\/(\w+)\/([^?]+)/.exec(url) ?? [];
    return { body: settingOf(type, name, (JSON.parse(body || '{}') as { value?: object }).value ?? {}, 2) };
  });
  const written = (): unknown[] =>
    cli.heard.filter(({ method }) => method === 'POST').map(({ url, body }) => [url, JSON.parse(body) as unknown]);
  return { ...cli, written };
}

describe('telltale settings', () => {
  it('set changes the fields that are named, and keeps the others', async () => {
    const cli = await newTestSettings(
      settingOf('tenant', 'default', { privacy: 'mask', retention_days: 30, dimensions: ['plan'] }, 4),
    );
    const { code } = await cli.run('settings', 'set', 'tenant', 'retention_days=7', 'dimensions=plan,region', 'privacy=');
    expect(code).toBe(0);
    const value = { retention_days: 7, dimensions: ['plan', 'region'] };
    expect(cli.written()).toEqual([['/api/settings/tenant/default', { value, issued_by: 'cli', if_version: 4 }]]);
    await cli.close();
  });

  it('set makes a price of a tool, and changes how long a silence lasts', async () => {
    const silence = { service_name: 'shop', until: '2026-12-01', reason: 'the move' };
    const cli = await newTestSettings(settingOf('silence', 'move', silence));
    await cli.run('settings', 'set', 'tool_price', 'ocr', 'per_unit_nano_usd=1500000', 'unit_path=result.pages');
    await cli.run('settings', 'set', 'silence', 'move', 'until=2026-12-02T06:00:00Z');
    expect(cli.written()).toEqual([
      ['/api/settings/tool_price/ocr', { value: { per_unit_nano_usd: 1_500_000, unit_path: 'result.pages' }, issued_by: 'cli' }],
      ['/api/settings/silence/move', { value: { ...silence, until: '2026-12-02T06:00:00Z' }, issued_by: 'cli', if_version: 1 }],
    ]);
    await cli.close();
  });

  it('set makes an API key, sends its digest alone and shows it once', async () => {
    const cli = await newTestSettings();
    const { out, err } = await cli.run('settings', 'set', 'api_key', 'bots', 'scopes=ingest,control:read', '--json');
    const answer = JSON.parse(out) as { key: string };
    expect(answer.key).toMatch(/^tt_[\w-]{32}$/);
    expect(cli.written()).toEqual([['/api/settings/api_key/bots', { value: { scopes: ['ingest', 'control:read'], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }, issued_by: 'cli' }]]); // prettier-ignore
    expect(JSON.stringify(cli.heard.map(({ body }) => body))).not.toContain(answer.key);
    expect(err).toBe('');
    await cli.close();
  });

  it('set leaves a key as it is where its scopes alone change, and --new-key gives another', async () => {
    const cli = await newTestSettings(settingOf('api_key', 'bots', { sha256: 'abcdef012345', scopes: ['ingest'] }));
    await cli.run('settings', 'set', 'api_key', 'bots', 'scopes=read');
    const { out } = await cli.run('settings', 'set', 'api_key', 'bots', '--new-key');
    expect(cli.written()).toMatchObject([
      ['/api/settings/api_key/bots', { value: { scopes: ['read'] } }],
      [
        '/api/settings/api_key/bots',
        { value: { scopes: ['ingest'], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
      ],
    ]);
    expect(JSON.stringify(cli.written()[0])).not.toContain('sha256');
    expect(out).toContain('key: tt_');
    await cli.close();
  });

  describe('apply', () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-apply-'));
    const file = join(folder, 'settings.yaml');
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const there = [settingOf('tenant', 'default', { retention_days: 30, privacy: 'mask' }), settingOf('view', 'kept', { title: 'a', page: 'b', params: {} })]; // prettier-ignore
    const text = `
tenants: [{name: acme, privacy: mask, retention_days: 7}]
views: [{name: kept, tenant: acme, page: b, title: a}, {name: new, tenant: acme, page: b, title: c}]
tool_prices: [{name: ocr, tenant: acme, per_call_nano_usd: 5}]
silences: [{name: move, tenant: acme, until: 2026-03-01, reason: the move}]
`;

    it('shows what would change with --dry-run, and writes nothing', async () => {
      writeFileSync(file, text);
      const cli = await newTestSettings(...there);
      const { out, err } = await cli.run('settings', 'apply', file, '--dry-run');
      expect(out).toMatch(/change +tenant\/acme\/default +retention_days: 30 → 7/);
      expect(out).toMatch(/create +view\/acme\/new +title: \(none\) → "c"/);
      expect(out).toMatch(/create +tool_price\/acme\/ocr +per_call_nano_usd: \(none\) → 5/);
      expect(out).toMatch(/create +silence\/acme\/move +until: \(none\) → "2026-03-01", reason: \(none\) → "the move"/);
      expect(out).not.toContain('kept');
      expect([err, cli.written()]).toEqual([expect.stringContaining('4 would change, 1 as they are'), []]);
      await cli.close();
    });

    it('writes what differs, and only that', async () => {
      writeFileSync(file, text);
      const cli = await newTestSettings(...there);
      const { out } = await cli.run('settings', 'apply', file, '--json');
      expect(cli.written().map((one) => (one as [string])[0])).toEqual([
        '/api/settings/tenant/default',
        '/api/settings/tool_price/ocr',
        '/api/settings/silence/move',
        '/api/settings/view/new',
      ]);
      const lines = out.trim().split('\n').map((line) => JSON.parse(line) as object); // prettier-ignore
      expect(lines).toMatchObject([
        { change: 'change', applied: true },
        { change: 'create', applied: true },
        { change: 'create', applied: true },
        { change: 'none', applied: false },
        { change: 'create', applied: true },
      ]);
      await cli.close();
    });

    it('says of a wrong file which field is wrong, before anything is asked', async () => {
      writeFileSync(file, 'tenants: [{name: acme, privacy: none}]');
      const cli = await newTestSettings();
      const { code, err } = await cli.run('settings', 'apply', file);
      expect([code, err, cli.heard]).toEqual([1, expect.stringContaining('tenants.0.privacy: is not one of mask'), []]);
      await cli.close();
    });
  });

  it.each([
    [['settings', 'set', 'api_key', 'scopes=read'], 'api_key needs a name'],
    [['settings', 'set', 'tenant', '--new-key'], '--new-key is for an api_key'],
    [['settings', 'set', 'tenants'], 'Allowed choices are tenant'],
    [['settings', 'set', 'tenant', '--value', 'mask'], '--value is not a JSON object'],
    [['settings', 'set', 'view', 'a', 'b', 'title=x'], 'b is neither a name nor field=value'],
  ])('%j is refused: %s', async (words, said) => {
    const cli = await newTestSettings();
    const { code, err } = await cli.run(...words);
    expect([code, err, cli.written()]).toEqual([2, expect.stringContaining(said), []]);
    await cli.close();
  });
});

describe('fields of a command line', () => {
  it('are JSON where they are, lists with commas where they hold lists, else texts', () => {
    expect(assignmentOf(['a', 'max_boosts=3', 'scopes=read,ingest', 'dimensions=["a","b"]', 'title=two words', 'page='])).toEqual(
      {
        name: 'a',
        fields: { max_boosts: 3, scopes: ['read', 'ingest'], dimensions: ['a', 'b'], title: 'two words', page: undefined },
      },
    );
  });
});
