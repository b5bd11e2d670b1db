import { gzipSync } from 'node:zlib';
import { encodeLogs } from '@telltale/adapter-otlp';
import { PermanentError, TransientError } from '@telltale/kernel';
import fc from 'fast-check';
import { ALL_RECEIVERS, type Receiver, event, groups, message, newTestReceivers, span, spans } from './receivers.fixture';
import { KEY, keySetting } from './gateway.fixture';
import { type Incoming } from './ingest';

describe('a request that cannot be read', () => {
  it.each<[string, Receiver, Buffer | string, Partial<Incoming>, number, string]>([
    ['cut JSON', 'events', '[{"kind": "planted', {}, 400, 'breaks at position 18 of 18'],
    ['JSON nested deeper than the limit', 'events', `[${'['.repeat(100)}`, {}, 400, 'nests deeper than 64 levels'],
    ['JSON nested without end', 'events', '['.repeat(1_000_000), {}, 400, 'nests deeper'],
    ['what is not UTF-8', 'events', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), {}, 400, 'not UTF-8'],
    ['OTLP/JSON that is not UTF-8', 'traces', Buffer.from([0xc3, 0x28]), {}, 400, 'not UTF-8'],
    ['what only says it is gzip', 'events', 'planted', { contentEncoding: 'gzip' }, 400, 'is not gzip'],
    ['gzip that is cut off', 'events', gzipSync('[]'.repeat(100)).subarray(0, 20), { contentEncoding: 'gzip' }, 400, 'cut off'],
    ['another compression', 'events', 'x', { contentEncoding: 'br' }, 415, 'Content-Encoding must be gzip'],
    [
      'a form',
      'events',
      'a=planted',
      { contentType: 'application/x-www-form-urlencoded' },
      415,
      'Content-Type must be application/json',
    ],
    ['another type', 'traces', 'x', { contentType: 'text/plain' }, 415, 'application/x-protobuf or application/json'],
    ['logs at the receiver of spans', 'traces', '{"resourceLogs": []}', {}, 400, 'send it to /v1/logs'],
  ])('%s gets its reason and no content back', async (_what, receiver, body, request, status, text) => {
    const { post, raw, lines } = newTestReceivers();
    const answer = await post(receiver, body, request);
    expect(answer.status).toBe(status);
    expect(message(answer)).toContain(text);
    expect(answer.body.toString() + lines.join()).not.toContain('planted');
    expect(raw()).toHaveLength(0);
  });

  it('as protobuf gets a Status as protobuf', async () => {
    const { protobuf } = newTestReceivers();
    for (const [receiver, body] of [
      ['traces', spans(span()).subarray(0, 30)],
      ['traces', encodeLogs(groups(LOG))],
      ['logs', spans(span())],
    ] as const) {
      const answer = await protobuf(receiver, body);
      expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/x-protobuf' } });
      expect(answer.body.toString()).toMatch(/not OTLP protobuf: at byte|wrong format/);
    }
  });
});

const LOG = {
  timeMs: 1,
  observedMs: 0,
  severityNumber: 9,
  severityText: '',
  body: 'x',
  attributes: {},
  traceId: '',
  spanId: '',
  eventName: '',
};

describe('the key', () => {
  it.each<[string | null, string]>([
    [null, 'no API key; send Authorization: Bearer <key>'],
    ['', 'no API key'],
    ['tt_unknown', 'unknown API key'],
  ])('%j opens no receiver', async (key, text) => {
    const { post, raw } = newTestReceivers();
    for (const receiver of ALL_RECEIVERS) {
      const answer = await post(receiver, [event()], { key });
      expect(answer.status).toBe(401);
      expect(message(answer)).toContain(text);
    }
    expect(raw()).toHaveLength(0);
  });

  it('of another cell is sent there, by its address where that is known, and is not looked up', async () => {
    const here = newTestReceivers({ cells: { own: 'eu-1', urls: new Map([['us-1', 'https://us-1.example.com:4318']]) } });
    const keyIn = (cell: string): string => `tt_${cell}_${'0a'.repeat(24)}`;
    for (const [cell, fix] of [
      ['us-1', 'send to https://us-1.example.com:4318'],
      ['ap-1', 'send to the gateway of ap-1'],
    ] as const)
      for (const receiver of ALL_RECEIVERS) {
        const answer = await here.post(receiver, [event()], { key: keyIn(cell) });
        expect(answer.status).toBe(421);
        expect(message(answer)).toContain(`this is cell eu-1, and the API key is of cell ${cell}; ${fix}`);
      }
    here.settings.put(keySetting(keyIn('eu-1'), 'acme', 'ours'));
    expect((await here.post('events', [event()], { key: keyIn('eu-1') })).status).toBe(200);
    expect((await here.post('events', [event()], { key: KEY })).status).toBe(200);
    expect(here.raw()).toHaveLength(2);
  });

  it('of any cell is looked up by a gateway that has none', async () => {
    const { post, settings } = newTestReceivers();
    const key = `tt_us-1_${'0a'.repeat(24)}`;
    expect((await post('events', [event()], { key })).status).toBe(401);
    settings.put(keySetting(key, 'acme', 'theirs'));
    expect((await post('events', [event()], { key })).status).toBe(200);
  });

  it('says whose request it is', async () => {
    const { post, raw } = newTestReceivers();
    await post('events', [event()], { key: 'tt_beta' });
    expect(raw()[0]?.headers['tt-tenant']).toBe('beta');
  });

  it('opens only the receivers of its scopes, and the answer names the one that it lacks', async () => {
    const { post, settings, raw } = newTestReceivers();
    settings.put(keySetting('tt_sdk', 'acme', 'sdk', ['control:read']));
    settings.put(keySetting('tt_sender', 'acme', 'sender', ['ingest', 'read']));
    for (const receiver of ALL_RECEIVERS) {
      const [key, scope] = receiver === 'acks' ? ['tt_sender', 'control:read'] : ['tt_sdk', 'ingest'];
      const answer = await post(receiver, [event()], { key });
      expect(answer.status).toBe(403);
      expect(message(answer)).toContain(`lacks the scope ${scope}`);
    }
    expect(raw()).toHaveLength(0);
    expect((await post('events', [event()], { key: 'tt_sender' })).status).toBe(200);
    expect((await post('acks', [], { key: 'tt_sdk' })).status).toBe(200);
  });
});

describe('under trouble', () => {
  it.each(ALL_RECEIVERS)('%s answers 503 with Retry-After while the log is down, and takes nothing', async (receiver) => {
    const { post, fail, raw } = newTestReceivers();
    fail(new TransientError('unavailable', 'broker planted-host:9092'));
    const ack = { instance: 'i', sdk: { name: 's', version: '1' }, set_hash: 'h', status: 'applied' };
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'x' } }] }] }] };
    const body = { events: [event()], conversations: [{ messages: [] }], acks: [ack], logs, traces: spans(span()) }[receiver];
    const answer = await post(receiver, body, receiver === 'traces' ? { contentType: 'application/x-protobuf' } : {});
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(answer.body.toString()).toContain('send it again');
    fail(null);
    expect(raw()).toHaveLength(0);
  });

  it('answers 429 with Retry-After when decompressed bytes are over the bound', async () => {
    const { post, deps } = newTestReceivers({ maxInflightBytes: 10_000 });
    const other = deps.inflight.hold('beta');
    other.grow(9_000);
    const body = gzipSync(JSON.stringify(Array.from({ length: 100 }, () => event())));
    expect(await post('events', body, { contentEncoding: 'gzip' })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
    });
    other.release();
    other.release();
    expect(await post('events', body, { contentEncoding: 'gzip' })).toMatchObject({ status: 200 });
  });

  it('answers 413 when the log finds a record too large, 500 without a word of the cause when the gateway is wrong', async () => {
    const { post, fail, lines } = newTestReceivers();
    fail(new PermanentError('too_large', 'a record is over 1 MB'));
    expect(await post('events', [event()])).toMatchObject({ status: 413 });
    fail(new TypeError('planted'));
    const answer = await post('events', [event()]);
    expect(answer.status).toBe(500);
    expect(answer.body.toString() + lines.join()).not.toContain('planted');
    expect(lines.join()).toContain('gateway_request_failed');
  });
});

describe('any bytes at any receiver', () => {
  const body = spans(span({ attributes: { a: [1, 'b', { c: true }] } }), span());
  const text = JSON.stringify([event({ usage: { input_tokens: 5 } })]);
  it('never fail, and never hang', async () => {
    const { post, gauges } = newTestReceivers();
    const anyBody = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.nat(body.length).map((length) => body.subarray(0, length)),
      fc.tuple(fc.nat(body.length - 1), fc.nat(255)).map(([at, value]) => Buffer.from(body).fill(value, at, at + 1)),
      fc.nat(text.length).map((length) => Buffer.from(text.slice(0, length))),
      fc.json({ maxDepth: 3 }).map((value) => Buffer.from(value)),
      fc
        .jsonValue({ maxDepth: 2 })
        .map((value) => Buffer.from(JSON.stringify([event(), { ...event(), attributes: value, usage: value }]))),
      fc
        .jsonValue({ maxDepth: 2 })
        .map((value) =>
          Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: value, traceId: value }] }] }] })),
        ),
    );
    const anyType = fc.constantFrom('application/json', 'application/x-protobuf', 'application/x-ndjson', 'text/plain', '');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ALL_RECEIVERS),
        anyBody,
        anyType,
        fc.constantFrom('', 'gzip', 'identity', 'zstd'),
        fc.boolean(),
        async (receiver, bytes, contentType, contentEncoding, zip) => {
          const answer = await post(receiver, zip ? gzipSync(bytes) : bytes, { contentType, contentEncoding });
          expect([200, 400, 413, 415]).toContain(answer.status);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(gauges.get('telltale_gateway_inflight_bytes') ?? 0).toBe(0);
  }, 60_000);
});
