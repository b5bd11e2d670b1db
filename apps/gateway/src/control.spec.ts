import { request as httpRequest } from 'node:http';
import { eventually } from '@telltale/testkit';
import { createRecordSigner } from '@telltale/adapter-crypto';
import { TOPICS, type DirectiveRecord, type SettingRecord } from '@telltale/contracts';
import { KEY, keySetting, NOW, newTestHttps } from './gateway.fixture';

const auth = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const directive = (id: string, over: Partial<DirectiveRecord> = {}): DirectiveRecord => ({
  tenant: 'acme',
  id,
  version: 1,
  class: 'boost',
  priority: 0,
  target: { service_name: 'bot' },
  set: { min_severity: 'debug' },
  limits: {},
  evidence: {},
  reason: 'a test',
  issued_by: 'test',
  issued_at: new Date(NOW).toISOString(),
  expires_at: new Date(NOW + 60_000).toISOString(),
  ...over,
});

describe('GET /v1/control', () => {
  const { newTestHttp, close } = newTestHttps();
  afterEach(close);

  it("tells the directives in force of the key's tenant", async () => {
    const { inject, write, pass } = await newTestHttp();
    const put = (id: string, over: Partial<DirectiveRecord> = {}) => write(`acme/${id}`, JSON.stringify(directive(id, over)));
    await put('b');
    await put('a', { expires_at: new Date(NOW + 1_000).toISOString() });
    await put('c', { tenant: 'beta' });
    await write('acme/x', '{"broken":');
    const ask = async () =>
      (
        (await inject({ method: 'GET', url: '/v1/control', headers: auth })).json() as { directives: DirectiveRecord[] }
      ).directives.map(({ id }) => id);
    expect(await ask()).toEqual(['a', 'b']);
    pass(1_000);
    expect(await ask()).toEqual(['b']);
    await write('acme/b', null);
    expect(await ask()).toEqual([]);
    expect((await inject({ method: 'GET', url: '/v1/control' })).statusCode).toBe(401);
  });

  it('tells no SDK what verbosity did not write, nor lets it take away what verbosity wrote', async () => {
    const { inject, broker, write } = await newTestHttp();
    const forged = directive('all', {
      class: 'restrict',
      target: {},
      set: { content: 'none' },
      expires_at: '2099-01-01T00:00:00.000Z',
    });
    const ask = async () => (await inject({ method: 'GET', url: '/v1/control', headers: auth })).body;
    await write('acme/a', JSON.stringify(directive('a')));
    const before = await ask();
    const { headers } = createRecordSigner(Buffer.alloc(32, 2)).sign({
      topic: TOPICS.control.name,
      partition: 0,
      key: 'acme/all',
      value: JSON.stringify(forged),
    });
    for (const [key, value] of [
      ['acme/all', JSON.stringify(forged)],
      ['acme/a', JSON.stringify({ ...forged, id: 'a' })],
      ['acme/a', null],
    ] as const)
      // prettier-ignore
      for (const proof of [{}, headers ?? {}, { 'tt-mac': '' }])
        await broker.produce([{ topic: TOPICS.control.name, key, value, headers: proof }]);
    expect(await ask()).toBe(before);
    expect(before).toContain('"id":"a"');
  });

  it.each([
    ['stream=yes', 400],
    ['stream=1&stream=0', 400],
    ['stream=false', 200],
    ['stream=', 200],
    ['wait=1s&stream=', 200],
    ['newer=parameter', 200],
  ])('asked with %s answers %i', async (search, status) => {
    const { inject, write } = await newTestHttp();
    await write('acme/a', JSON.stringify(directive('a')));
    const answered = await inject({ method: 'GET', url: `/v1/control?${search}`, headers: auth });
    expect([answered.statusCode, answered.json()]).toMatchObject([
      status,
      status === 200 ? { directives: [{ id: 'a' }] } : { error: { code: 'invalid', message: expect.stringMatching(/^stream: .*; give 1 or true/) } }, // prettier-ignore
    ]);
  });

  it.each(['61s', '0s', '1m', '-1', '1s&wait=2s'])('refuses to wait %s', async (wait) => {
    const { inject, write } = await newTestHttp();
    await write('acme/a', JSON.stringify(directive('a')));
    const { statusCode, body } = await inject({ method: 'GET', url: `/v1/control?wait=${wait}`, headers: auth });
    expect([statusCode, body]).toEqual([400, expect.stringMatching(/wait: .*1s to 60s/)]);
  });

  it('answers 304 to who has the set, and the set to who waited for its change', async () => {
    const { inject, write, wake } = await newTestHttp();
    await write('acme/a', JSON.stringify(directive('a')));
    const first = await inject({ method: 'GET', url: '/v1/control', headers: auth });
    const { etag } = first.headers;
    const { set_hash: hash, now, directives } = first.json() as { set_hash: string; now: string; directives: object[] };
    expect([etag, now]).toEqual([`"${hash}"`, new Date(NOW).toISOString()]);
    expect(directives.map((one) => 'tenant' in one)).toEqual([false]);
    const has = { ...auth, 'if-none-match': String(etag) };
    const same = await inject({ method: 'GET', url: '/v1/control', headers: has });
    expect([same.statusCode, same.body, same.headers.etag]).toEqual([304, '', etag]);
    const weak = { ...has, 'if-none-match': `W/${String(etag)}` };
    expect((await inject({ method: 'GET', url: '/v1/control', headers: weak })).statusCode).toBe(304);

    const waiting = inject({ method: 'GET', url: '/v1/control?wait=25s', headers: has });
    await write('acme/b', JSON.stringify(directive('b')));
    const changed = await waiting;
    expect([changed.statusCode, (changed.json() as { directives: { id: string }[] }).directives.map(({ id }) => id)]).toEqual([200, ['a', 'b']]); // prettier-ignore
    let isAnswered = false;
    const still = inject({ method: 'GET', url: '/v1/control?wait=25s', headers: { ...auth, 'if-none-match': String(changed.headers.etag) } }).finally(() => (isAnswered = true)); // prettier-ignore
    await eventually('the time to wait is over', () => {
      wake();
      return Promise.resolve({ done: isAnswered, seen: isAnswered });
    }, 5_000, 5); // prettier-ignore
    expect((await still).statusCode).toBe(304);
  });

  it('streams the full set at every change and expiry, until the key is taken away', async () => {
    const { app, write, pass, wake, settings } = await newTestHttp();
    await app.listen(0, '127.0.0.1');
    const chunks: string[] = [];
    let ended = false;
    let contentType: string | undefined;
    const seen = async (count: number): Promise<string[][]> => {
      const sets = () =>
        chunks
          .join('')
          .split('\n')
          .flatMap((line) =>
            line.startsWith('data: ')
              ? [(JSON.parse(line.slice(6)) as { directives: DirectiveRecord[] }).directives.map(({ id }) => id)]
              : [],
          );
      return eventually(`${count} sets`, () => Promise.resolve({ done: sets().length >= count, seen: sets() }), 5_000, 5);
    };
    httpRequest(
      `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}/v1/control?stream=1`,
      { headers: auth },
      (response) => {
        contentType = response.headers['content-type'];
        response.on('data', (chunk: Buffer) => chunks.push(chunk.toString())).on('end', () => (ended = true));
      },
    ).end();
    expect(await seen(1)).toEqual([[]]);
    expect(contentType).toBe('text/event-stream');
    await write('acme/a', JSON.stringify(directive('a')));
    expect(await seen(2)).toEqual([[], ['a']]);
    await write('beta/z', JSON.stringify(directive('z', { tenant: 'beta' })));
    wake();
    pass(60_000);
    wake();
    expect(await seen(3)).toEqual([[], ['a'], []]);
    settings.put({ ...keySetting(KEY, 'acme'), version: 2, value: null } as SettingRecord);
    wake();
    await eventually('the stream has ended', () => Promise.resolve({ done: ended, seen: ended }), 5_000, 5);
    expect(ended).toBe(true);
  });

  it('answers 429 to a stream or a wait for which it has no room, and the set to who asks without', async () => {
    const { app, inject } = await newTestHttp({ maxControlStreams: 1 });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const stream = await fetch(`http://127.0.0.1:${port}/v1/control?stream=1`, { headers: auth });
    const statuses = await Promise.all(
      ['?stream=1', '?wait=25s', ''].map(async (search) => {
        const { statusCode, body } = await inject({ method: 'GET', url: `/v1/control${search}`, headers: auth });
        return [statusCode, body.includes('"overloaded"')];
      }),
    );
    expect([stream.status, ...statuses]).toEqual([200, [429, true], [429, true], [200, false]]);
    await stream.body?.cancel();
  });

  it('ends streams when the process stops', async () => {
    const { app, stop } = await newTestHttp();
    await app.listen(0, '127.0.0.1');
    const ended = new Promise<void>((resolve) => {
      httpRequest(
        `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}/v1/control?stream=1`,
        { headers: auth },
        (response) => {
          response.once('data', stop).resume().on('end', resolve);
        },
      ).end();
    });
    await expect(ended).resolves.toBeUndefined();
  });
});
