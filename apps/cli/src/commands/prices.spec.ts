import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Heard, newTestCli, type Reply } from '../test-cli.fixture';

const entry = (input: number) => ({
  litellm_provider: 'openai',
  input_cost_per_token: input * 1e-6,
  output_cost_per_token: 1e-5,
});
const LIST = { 'gpt-8': entry(2), 'gpt-9': entry(3), image: { litellm_provider: 'openai', output_cost_per_image: 1 } };

describe('telltale costs prices', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-cli-prices-'));
    file = join(folder, 'list.json');
    writeFileSync(file, JSON.stringify(LIST));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const pathOf = ({ url }: Heard): string => url.split('?')[0] ?? '';
  const changesIn = (heard: readonly Heard[]) =>
    heard
      .filter(({ method, url }) => method !== 'GET' && url.startsWith('/api/settings'))
      .map((one) => [one.method, pathOf(one)]);
  /** Settings of price files that a test says are there. */
  const withFiles =
    (...settings: object[]) =>
    (one: Heard): Reply =>
      pathOf(one) === '/api/settings' ? { body: { settings } } : { body: { type: 'price_file', value: {} } };
  const present = { type: 'price_file', tenant: 'acme', name: 'litellm', version: 4, value: { slot: 'a', parts: 2, revision: '0123456789ab' } }; // prettier-ignore

  it('import writes the parts, then what puts them in force', async () => {
    const cli = await newTestCli(withFiles());
    const { code, out, err } = await cli.run('costs', 'prices', 'import', file, '--json');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      name: 'litellm', source: 'litellm', revision: expect.stringMatching(/^[0-9a-f]{12}$/) as string, models: 2, left_out: { no_token_price: 1 }, applied: true,
    }); // prettier-ignore
    expect(changesIn(cli.heard)).toEqual([
      ['POST', '/api/settings/price_file_part/litellm.a.0'],
      ['POST', '/api/settings/price_file/litellm'],
    ]);
    const [part, head] = cli.heard.filter(({ method }) => method === 'POST').map(({ body }) => (JSON.parse(body) as { value: object }).value); // prettier-ignore
    const { revision } = JSON.parse(out) as { revision: string };
    expect(part).toEqual({
      file: 'litellm', revision, slot: 'a', part: 0,
      models: [{ provider: 'openai', model: 'gpt-8', rates: { input: 2, output: 10 } }, { provider: 'openai', model: 'gpt-9', rates: { input: 3, output: 10 } }],
    }); // prettier-ignore
    expect(head).toEqual({ source: 'litellm', revision, slot: 'a', parts: 1, models: 2 });
    await cli.close();
  });

  it('import writes beside the file in force, switches, then removes what was', async () => {
    const cli = await newTestCli(withFiles(present));
    expect((await cli.run('costs', 'prices', 'import', file)).code).toBe(0);
    expect(changesIn(cli.heard)).toEqual([
      ['POST', '/api/settings/price_file_part/litellm.b.0'],
      ['POST', '/api/settings/price_file/litellm'],
      ['DELETE', '/api/settings/price_file_part/litellm.a.0'],
      ['DELETE', '/api/settings/price_file_part/litellm.a.1'],
    ]);
    expect(JSON.parse(cli.heard.filter(({ method }) => method === 'POST')[1]!.body)).toMatchObject({ if_version: 4, value: { slot: 'b' } }); // prettier-ignore
    await cli.close();
  });

  it('import with dates is a file of its own name, for another tenant where asked', async () => {
    const cli = await newTestCli(withFiles());
    const { out } = await cli.run('costs', 'prices', 'import', file, '--from', '2026-11-01', '--to', '2027-01-01', '--tenant', '*', '--json'); // prettier-ignore
    expect(JSON.parse(out)).toMatchObject({ name: 'litellm-2026-11-01', from: '2026-11-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' }); // prettier-ignore
    expect(cli.heard.filter(({ method }) => method === 'POST').map(({ body }) => (JSON.parse(body) as { of_tenant: string }).of_tenant)).toEqual(['*', '*']); // prettier-ignore
    await cli.close();
  });

  it('import cuts a large list into parts of bounded size, all of its models in order', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, nth) => [`m${nth}`, entry(1)]));
    writeFileSync(file, JSON.stringify(many));
    const cli = await newTestCli(withFiles());
    expect((await cli.run('costs', 'prices', 'import', file)).code).toBe(0);
    const sent = cli.heard.filter((one) => pathOf(one).includes('price_file_part')).map(({ body }) => (JSON.parse(body) as { value: { models: { model: string }[] } }).value.models); // prettier-ignore
    expect(sent.map(({ length }) => length)).toEqual([400, 400, 200]);
    expect(sent.flat().map(({ model }) => model)).toEqual(Object.keys(many));
    await cli.close();
  });

  it('import applies nothing of a file with a bad entry, and names it', async () => {
    writeFileSync(file, JSON.stringify({ ...LIST, 'gpt-7': entry(-1) }));
    const cli = await newTestCli(withFiles());
    for (const command of ['import', 'diff']) {
      const { code, err } = await cli.run('costs', 'prices', command, file);
      expect(code).not.toBe(0);
      expect(err).toContain('gpt-7: input_cost_per_token is -0.000001: give a number of dollars, at least 0');
    }
    expect(cli.heard).toEqual([]);
    expect((await cli.run('costs', 'prices', 'import', join(folder, 'none.json'))).err).toContain('cannot be read');
    expect((await cli.run('costs', 'prices', 'import', file, '--from', 'soon')).code).not.toBe(0);
    await cli.close();
  });

  it('import --dry-run reads the file and asks nobody', async () => {
    const cli = await newTestCli(withFiles());
    const { code, out } = await cli.run('costs', 'prices', 'import', file, '--dry-run');
    expect([code, cli.heard]).toEqual([0, []]);
    expect(out).toContain('2 models of litellm would be in force as price_file litellm');
    expect((await cli.run('costs', 'prices', 'import', file, '--from', '2026-02-01', '--to', '2026-01-01', '--dry-run')).err).toContain('--from lies not before --to'); // prettier-ignore
    await cli.close();
  });

  const rates = (input: number) => ({ input, output: 10, cache_read: 1, cache_write: 2, cache_write_1h: 4 });
  const prices = (input: number, version = 'v') => ({ version, usd_per_million: rates(input), usd_per_million_at_300k: rates(input * 2) }); // prettier-ignore

  it('show says what counts, and what each source has', async () => {
    const answer = { in_force: prices(3, 'price_file/a@b'), sources: [{ source: 'tenant_file', ...prices(3) }, { source: 'built_in', ...prices(2) }] }; // prettier-ignore
    const cli = await newTestCli(() => ({ body: answer }));
    const { out } = await cli.run('costs', 'prices', 'show', 'gpt-9', '--provider', 'openai', '--at', '2026-11-01');
    expect(cli.heard[0]?.url).toBe('/api/costs/prices?model=gpt-9&provider=openai&at=2026-11-01T00%3A00%3A00.000Z');
    for (const word of ['in force', 'price_file/a@b', 'tenant_file', 'built_in', 'input 6']) expect(out).toContain(word);
    expect(JSON.parse((await cli.run('costs', 'prices', 'show', 'gpt-9', '--json')).out)).toEqual(answer);
    await cli.close();
    const nobody = await newTestCli(() => ({ body: { in_force: null, sources: [] } }));
    expect((await nobody.run('costs', 'prices', 'show', 'x')).err).toContain('no price is known of x');
    await nobody.close();
  });

  it('gaps lists what calls without a price hide, and which have one by now', async () => {
    const gap = (model: string, more: object) => ({ provider: 'openai', model, service_tier: '', calls: 3, input_tokens: 10, output_tokens: 5, priced_now: false, family: null, family_models: 0, least_nano_usd: null, most_nano_usd: null, ...more }); // prettier-ignore
    const found = [gap('gpt-9', { family: 'gpt', family_models: 9, least_nano_usd: 1e9, most_nano_usd: 2.5e9, priced_now: true }), gap('own', {})]; // prettier-ignore
    const cli = await newTestCli(() => ({ body: { gaps: found } }));
    const { out, err } = await cli.run('costs', 'prices', 'gaps', '--since', '2d');
    expect(cli.heard[0]?.url).toBe('/api/costs/gaps?since=2d');
    for (const word of ['gpt-9', '$1.00 to $2.50', 'own', 'unknown']) expect(out).toContain(word);
    expect(err).toContain('telltale costs reprice');
    await cli.close();
    const none = await newTestCli(() => ({ body: { gaps: [] } }));
    expect((await none.run('costs', 'prices', 'gaps')).err).toContain('every call with usage has a price');
    await none.close();
  });

  it('diff says what is new, what changed with both values, and what is gone', async () => {
    const changed = { provider: 'openai', model: 'gpt-8', in_force: prices(3), listed: prices(2) };
    const fresh = { provider: 'openai', model: 'gpt-9', in_force: null, listed: prices(3) };
    const cli = await newTestCli((one) =>
      one.url.startsWith('/api/costs/prices/models')
        ? { body: { models: ['openai/gpt-7', 'openai/gpt-8'] } }
        : { body: { same: 5, new: [fresh], changed: [changed] } },
    );
    const { out, err } = await cli.run('costs', 'prices', 'diff', file);
    expect(out).toContain('input 3 → 2');
    expect(out).toContain('input ? → 3');
    expect(out).toMatch(/gone\s+openai\/gpt-7/);
    expect(err).toContain('5 as in force, 1 new, 1 changed, 1 gone');
    expect(JSON.parse((await cli.run('costs', 'prices', 'diff', file, '--json')).out)).toMatchObject({
      same: 5, new: [{ model: 'openai/gpt-9' }], changed: [{ before: prices(3), after: prices(2) }], gone: ['openai/gpt-7'],
    }); // prettier-ignore
    await cli.close();
  });
});
