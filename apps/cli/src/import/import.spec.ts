import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newTestCli, type Reply } from '../test-cli.fixture';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'telltale-import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Insights when everything has settled. */
const insights = (url: string): Reply | null => {
  if (url.startsWith('/api/topics')) return { body: { topics: [] } };
  if (url.startsWith('/api/dlq')) return { body: { total: 0, dead_letters: [] } };
  return url.startsWith('/api/events/count') ? { body: { events: 1, items: 0 } } : null;
};
const taken = (body: string): Reply => ({ body: { accepted: body.split('\n').length, rejected: 0, errors: [] } });

async function importOf(path: string, format: string, ...more: string[]) {
  const cli = await newTestCli(({ url, body }) => insights(url) ?? taken(body));
  const { code, out, err } = await cli.run('import', path, '--format', format, ...more);
  await cli.close();
  const sent = cli.heard.filter(({ url }) => url.startsWith('/v1/')).map(({ body }) => body);
  return { code, out, err, sent };
}

// Some of these files are large, and the machine may be busy.
jest.setTimeout(60_000);

describe('import of a hostile file', () => {
  it.each([
    ['ndjson', '{"a":1}\n', '{"long":"', '"}\n', '{"b":2}\n', 'line 2'],
    ['openai-chat', '[{"a":1},\n', '{"long":"', '"},\n', '{"b":2}]', 'conversation 2 (line 2)'],
  ])(
    '%s: an item of 40 MB is refused by its place with the fix, the others are sent',
    async (format, first, open, close, last, name) => {
      const path = fileOf('long', first + open + 'x'.repeat(40 * 1024 * 1024) + close + last);
      const { code, out, err, sent } = await importOf(path, format, '--json');
      expect({ code, sent, err }).toEqual({ code: 1, sent: ['{"a":1}\n{"b":2}'], err: '' });
      expect(JSON.parse(out)).toMatchObject({
        accepted: 2,
        rejected: 1,
        rejections: [expect.stringMatching(new RegExp(`^${name.replace(/[()]/g, '.')} is longer than 8388608 bytes.*shorten`))],
      });
    },
  );

  it.each([
    ['UTF-16 with a mark', Buffer.from('\ufeff{"a":1}\n', 'utf16le'), 'iconv -f UTF-16'],
    ['UTF-16 without a mark', Buffer.from('{"a":1}\n', 'utf16le'), 'iconv -f UTF-16'],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]), 'is not UTF-8 text'],
    ['gzip without its name', gzipSync('{"a":1}\n'), 'a name that ends in .gz'],
  ])('%s: says what it is and what to do, sends nothing', async (_, bytes, said) => {
    const { code, err, sent } = await importOf(fileOf('bytes', bytes), 'ndjson');
    expect({ code, sent }).toEqual({ code: 1, sent: [] });
    expect(err).toContain(said);
  });

  it.each([
    ['not gzip', Buffer.from('{"a":1}\n')],
    ['cut off', gzipSync('{"a":1}\n').subarray(0, 20)],
  ])('a .gz file that is %s is reported as such', async (_, bytes) =>
    expect(await importOf(fileOf('bad.gz', bytes), 'ndjson')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not gzip, or is cut off') as string,
      sent: [],
    }),
  );

  it.each([
    ['CRLF', '{"a":1}\r\n{"b":2}\r\n'],
    ['a byte order mark', '\ufeff{"a":1}\n{"b":2}\n'],
    ['no line break at its end', '{"a":1}\n{"b":2}'],
  ])('%s does not matter', async (_, text) => {
    for (const format of ['ndjson', 'openai-chat'])
      expect(await importOf(fileOf('text', text), format)).toMatchObject({ code: 0, sent: ['{"a":1}\n{"b":2}'] });
  });

  it('nesting of 200,000 levels reaches the gateway, which refuses it; numbers stay as they are written', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const { code, sent } = await importOf(fileOf('deep', `[{"a":\n${deep}},{"n":12345678901234567890,\n"b":1}]`), 'openai-chat');
    expect({ code, sent }).toEqual({ code: 0, sent: [`{"a": ${deep}}\n{"n":12345678901234567890, "b":1}`] });
  });

  it('an array of 200,000 small items goes in requests of bounded size', async () => {
    const { code, sent } = await importOf(fileOf('many', `[${'{},'.repeat(199_999)}{}]`), 'openai-chat');
    expect([code, sent.length, new Set(sent.map((body) => body.split('\n').length))]).toEqual([0, 200, new Set([1_000])]);
  });

  it('what breaks in the middle says how much was sent before', async () => {
    const good = '{"a":1}\n'.repeat(200_000);
    const { code, err } = await importOf(fileOf('half', Buffer.concat([Buffer.from(good), Buffer.from([0xff])])), 'ndjson');
    expect(code).toBe(1);
    expect(err).toMatch(/sent before that: \d+ requests, \d+ items\ntelltale: .* is not UTF-8 text/);
  });
});

describe('the report of an import', () => {
  it('counts dead letters since its start, on all pages, and none before', async () => {
    const letters = (from: number, n: number, at: string) => Array.from({ length: n }, (_, i) => ({ id: `0-${from - i}`, at, reason: 'too_large' })); // prettier-ignore
    const later = '2099-01-01T00:00:00.000Z';
    const pages: Readonly<Record<string, object>> = {
      '': { dead_letters: letters(3_000, 1_000, later), next_cursor: 'second' },
      second: { dead_letters: [...letters(2_000, 5, later), ...letters(1_995, 995, '2000-01-01T00:00:00.000Z')], next_cursor: 'third' },
      third: { dead_letters: letters(1_000, 1_000, '2000-01-01T00:00:00.000Z'), next_cursor: 'fourth' },
    }; // prettier-ignore
    const cursorOf = (url: string): string => new URL(url, 'http://localhost').searchParams.get('cursor') ?? '';
    const cli = await newTestCli(({ url, body }) =>
      url.startsWith('/api/dlq') ? { body: { total: 3_000, by_reason: {}, ...pages[cursorOf(url)] } } : (insights(url) ?? taken(body)),
    ); // prettier-ignore
    const { out } = await cli.run('import', fileOf('one', '{"a":1}\n'), '--format', 'ndjson', '--json');
    await cli.close();
    expect(JSON.parse(out)).toMatchObject({ dlq: 1_005, dlq_reasons: { too_large: 1_005 } });
    expect(cli.heard.filter(({ url }) => url.startsWith('/api/dlq')).map(({ url }) => cursorOf(url))).toEqual([
      '',
      'second',
      'third',
    ]);
  });
});

describe('import in a cluster, where gateway and insights are two processes', () => {
  const notFound: Reply = { status: 404, body: { statusCode: 404, message: 'Cannot POST', error: 'Not Found' } };
  const ndjson = () => fileOf('in', '{"a":1}\n');
  /** Two servers, each with the paths of its service only. */
  async function newCluster(env: (gatewayUrl: string) => Record<string, string | undefined>) {
    const gateway = await newTestCli(({ url, body }) => (url.startsWith('/v1/') ? taken(body) : notFound));
    const cli = await newTestCli(({ url }) => insights(url) ?? notFound, env(gateway.url));
    const answer = await cli.run('import', ndjson(), '--format', 'ndjson');
    await cli.close();
    await gateway.close();
    return { ...answer, gateway: gateway.heard.map(({ url }) => url), insights: cli.heard.map(({ url }) => url) };
  }

  it('sends to TELLTALE_GATEWAY_URL and asks TELLTALE_URL', async () => {
    const { code, gateway, insights: asked } = await newCluster((url) => ({ TELLTALE_GATEWAY_URL: `${url}/` }));
    expect({ code, gateway }).toEqual({ code: 0, gateway: ['/v1/events'] });
    expect(asked.every((url) => url.startsWith('/api/'))).toBe(true);
  });

  it.each([
    ['no TELLTALE_GATEWAY_URL', () => ({}), 1, 'set TELLTALE_GATEWAY_URL to the address of the gateway'],
    ['no TELLTALE_URL', (url: string) => ({ TELLTALE_URL: undefined, TELLTALE_GATEWAY_URL: url }), 2, 'set TELLTALE_URL to the address of insights'], // prettier-ignore
    ['the gateway as TELLTALE_URL', (url: string) => ({ TELLTALE_URL: url }), 1, 'set TELLTALE_URL to the address of insights'],
    ['an address without http', () => ({ TELLTALE_GATEWAY_URL: 'gateway:4318' }), 2, 'TELLTALE_GATEWAY_URL is not an address'],
    ['nobody at TELLTALE_GATEWAY_URL', () => ({ TELLTALE_GATEWAY_URL: 'http://127.0.0.1:1' }), 1, 'or correct TELLTALE_GATEWAY_URL'], // prettier-ignore
  ])('%s: says which variable to set', async (_, env, exitCode, said) => {
    const { code, err } = await newCluster(env);
    expect([code, err]).toEqual([exitCode, expect.stringContaining(said)]);
  });
});
