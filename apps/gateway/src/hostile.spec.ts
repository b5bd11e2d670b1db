import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { encodeLogs, encodeTraces } from '@telltale/adapter-otlp';
import { type OtlpLogRecord, TOPICS } from '@telltale/contracts';
import { DAY_MS, isoTime, partitionOf } from '@telltale/kernel';
import { event, groups, json, message, newTestReceivers, span, spans } from './receivers.fixture';
import { KEY, newTestApp, newTestGateway, NOW } from './gateway.fixture';

const log = (over: Partial<OtlpLogRecord> = {}): OtlpLogRecord => ({
  timeMs: NOW, observedMs: 0, severityNumber: 9, severityText: '', body: 'x', attributes: {}, traceId: '', spanId: '', eventName: '', ...over,
}); // prettier-ignore
const spanJson = (startMs: number): object => ({
  traceId: span().traceId,
  spanId: span().spanId,
  name: 'n',
  startTimeUnixNano: `${startMs}000000`,
});
const spansJson = (...all: object[]): object => ({ resourceSpans: [{ scopeSpans: [{ spans: all }] }] });
const protobuf = { contentType: 'application/x-protobuf' };
const lines = { contentType: 'application/x-ndjson' };
const gzip = { contentEncoding: 'gzip' };

describe('a request with more items than the limit is refused whole', () => {
  const many = <T>(item: T): T[] => Array.from({ length: 11 }, () => item);
  it.each([
    ['an array', 'events', `[${many('{}').join()}]`, {}],
    ['an array of texts', 'events', `[${many('"a,b"').join()}]`, {}],
    ['lines', 'events', many('{}').join('\n'), lines],
    ['lines that are said to be JSON', 'events', many('{"a": 1}').join('\n'), {}],
    ['conversations', 'conversations', JSON.stringify(many({ messages: [] })), {}],
    ['acknowledgements', 'acks', JSON.stringify(many({})), {}],
    ['spans', 'traces', encodeTraces(groups(...many(span()))), protobuf],
    ['spans of two bytes each', 'traces', Buffer.from([0x0a, 24, 0x12, 22, ...many([0x12, 0]).flat()]), protobuf],
    ['spans as JSON', 'traces', JSON.stringify(spansJson(...many(spanJson(NOW)))), {}],
    ['log records', 'logs', encodeLogs(groups(...many(log()))), protobuf],
  ] as const)('%s', async (_what, receiver, body, request) => {
    const { post, raw, records } = newTestReceivers({ maxItems: 10 });
    const answer = await post(receiver, body, request);
    expect(answer.status).toBe(413);
    expect(answer.body.toString()).toMatch(/over 10 (items|spans|log records)/);
    expect([raw(), records]).toEqual([[], []]);
  });

  it('and so are resource groups without end, and values without end', async () => {
    const { post } = newTestReceivers({ maxItems: 10, maxJsonValues: 1_000 });
    const empty = Buffer.alloc(10_000, Buffer.from([0x0a, 0]));
    const answers = [
      await post('traces', empty, protobuf),
      await post('traces', spansJson({ attributes: new Array(1_000).fill(0) })),
    ];
    expect(answers.map(({ status }) => status)).toEqual([413, 413]);
  });

  it('at the limit all are taken, and all that are wrong are counted while the first hundred are named', async () => {
    const { post } = newTestReceivers({ maxItems: 301 });
    const answer = json(await post('events', [event(), ...Array.from({ length: 300 }, () => ({}))]));
    expect(answer).toMatchObject({ accepted: 1, rejected: 300 });
    expect((answer['errors'] as { index: number }[]).map(({ index }) => index)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });
});

describe('a compressed body', () => {
  it('that inflates to more than its share is refused, however little there is of it', async () => {
    const { post, gauges } = newTestReceivers();
    for (const bomb of [`[${'{},'.repeat(2_000_000)}{}]`, ' '.repeat(6_000_000)]) {
      const answer = await post('events', gzipSync(bomb), gzip);
      expect([answer.status, message(answer)]).toEqual([413, expect.stringContaining('over 100 times its size')]);
    }
    expect(gauges.get('telltale_gateway_inflight_bytes')).toBe(0);
  });

  it('is held piece by piece while it inflates, and 429 comes before the memory is used', async () => {
    const { post, gauges, deps } = newTestReceivers({ maxInflightBytes: 500_000, maxTenantInflightBytes: 400_000 });
    const other = deps.inflight.hold('acme');
    other.grow(100_000);
    const held: number[] = [];
    const { set } = deps.metrics;
    deps.metrics.set = (name, labels, value) => (held.push(value), set(name, labels, value));
    expect((await post('events', gzipSync(' '.repeat(900_000)), gzip)).status).toBe(429);
    expect(Math.max(...held)).toBeLessThanOrEqual(400_000);
    expect(gauges.get('telltale_gateway_inflight_bytes')).toBe(100_000);
  });
});

describe('one tenant', () => {
  it('that holds its share gets 429 while another is served', async () => {
    const { post, deps } = newTestReceivers({ maxInflightBytes: 10_000, maxTenantInflightBytes: 5_000 });
    deps.inflight.hold('acme').grow(5_000);
    expect((await post('events', [event()])).status).toBe(429);
    expect((await post('events', [event()], { key: 'tt_beta' })).status).toBe(200);
  });
});

describe('a body that comes slowly', () => {
  async function newTestSockets(over: Parameters<typeof newTestGateway>[0] = {}) {
    const gateway = newTestGateway(over);
    const app = await newTestApp(gateway.deps);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    const sockets: Socket[] = [];
    const slow = (key: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        sockets.push(socket);
        let answer = '';
        socket.on('data', (chunk) => (answer += chunk.toString())).on('close', () => resolve(answer));
        socket.write(
          `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 8000000\r\n\r\n[`,
        );
      });
    const heldBytes = () => gateway.gauges.get('telltale_gateway_inflight_bytes') ?? 0;
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    };
    const post = async (): Promise<number> =>
      (
        await fetch(`http://127.0.0.1:${port}/v1/events`, {
          method: 'POST',
          headers: { authorization: 'Bearer tt_beta', 'content-type': 'application/json' },
          body: JSON.stringify(event()),
        })
      ).status;
    return {
      ...gateway, slow, heldBytes, until, post,
      async close() {
        sockets.forEach((socket) => socket.destroy());
        await app.close();
      },
    }; // prettier-ignore
  }

  it('holds only what has come, so that others are served, and gets 408 once it is too slow', async () => {
    const sut = await newTestSockets();
    const answers = Array.from({ length: 16 }, () => sut.slow(KEY));
    await sut.until(() => sut.heldBytes() === 16);
    expect(await sut.post()).toBe(200);
    sut.pass(4_000);
    sut.wake();
    expect(await sut.post()).toBe(200);
    sut.pass(2_000);
    sut.wake();
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
      expect(answer).toContain('comes slower than 1024 bytes a second');
    }
    await sut.until(() => sut.heldBytes() === 0);
    await sut.close();
  });

  it('gets 408 when its time is over, whatever its rate', async () => {
    const sut = await newTestSockets({ minBytesPerSecond: 0 });
    const answer = sut.slow(KEY);
    await sut.until(() => sut.heldBytes() === 1);
    sut.pass(30_000);
    sut.wake();
    expect(await answer).toContain('was not received within 30000 ms');
    await sut.close();
  });
});

describe('a time that cannot be', () => {
  const late = isoTime(NOW + DAY_MS + 60_000);
  it.each<[unknown, string]>([
    ['yesterday', 'is no time: send ISO 8601'],
    ['', 'is no time'],
    [0, 'lies before the year 2000'],
    ['1970-01-01T00:00:00Z', 'lies before the year 2000'],
    ['2036-02-07T06:28:16Z', 'lies more than a day ahead'],
    [late, 'lies more than a day ahead'],
    [undefined, 'is missing: every event needs kind, ts, service_name'],
  ])('%j of an event is refused by index, field and reason', async (ts, text) => {
    const { post, raw, opened } = newTestReceivers();
    expect(json(await post('events', [event(), event({ ts })]))).toEqual({
      accepted: 1,
      rejected: 1,
      errors: [{ index: 1, field: 'ts', message: expect.stringContaining(text) as string }],
    });
    expect(JSON.parse(opened(raw()[0]!).toString())).toEqual([event()]);
  });

  it('of a conversation is refused, and so is one that would end too far ahead', async () => {
    const { post, raw } = newTestReceivers();
    const turns = Array.from({ length: 120 }, () => ({ role: 'user', content: 'hi' }));
    const answer = await post('conversations', [
      { ts: 'yesterday', messages: [] },
      { ts: NOW + DAY_MS - 60_000, messages: turns },
    ]);
    expect(json(answer)).toMatchObject({ rejected: 2, errors: [{ index: 0, field: 'ts' }, { index: 1, field: 'ts' }] }); // prettier-ignore
    expect(raw()).toEqual([]);
  });

  it.each<[string, number, string]>([
    ['1971', Date.UTC(1971, 0), 'lies before the year 2000'],
    ['2036', Date.UTC(2036, 1), 'lies more than a day ahead'],
  ])('of a span or log record, %s, is a partial success that names it', async (_year, ms, text) => {
    const { post, raw } = newTestReceivers();
    const bodies = [
      await post('traces', spans(span(), span({ startMs: ms })), protobuf),
      await post('traces', spansJson(spanJson(NOW), spanJson(ms))),
      await post('logs', encodeLogs(groups(log(), log({ timeMs: ms }))), protobuf),
      await post('logs', encodeLogs(groups(log(), log({ timeMs: 0, observedMs: ms }))), protobuf),
    ].map(({ status, body }) => [status, body.toString()] as const);
    for (const [index, name] of ['span 1: start_time_unix_nano', 'span 1: startTimeUnixNano', 'log record 1: time_unix_nano', 'log record 1: observed_time_unix_nano'].entries())
      expect(bodies[index]).toEqual([200, expect.stringContaining(`${name} ${text}`)]); // prettier-ignore
    expect(raw()).toHaveLength(4);
    expect((await post('logs', encodeLogs(groups(log({ timeMs: 0 }))), protobuf)).body).toHaveLength(0);
  });
});

describe('what belongs together', () => {
  const PARTITIONS = 6;
  const partitionOfKey = (key: string | null): number => partitionOf(key ?? '', PARTITIONS);

  it('goes to one partition: all events of a trace, else of a session, in whatever request they come', async () => {
    const { post, raw, opened } = newTestReceivers({ partitions: PARTITIONS });
    const of = (i: number, name: string) => ({ id: `${name}-${i}`, trace_id: `trace-${i % 40}`, session_id: `session-${i % 7}` });
    for (const name of ['turn', 'tool'])
      await post('events', Array.from({ length: 100 }, (_, i) => event(of(i, name)))); // prettier-ignore
    await post('events', Array.from({ length: 30 }, (_, i) => event({ session_id: `only-${i % 10}` }))); // prettier-ignore
    await post('conversations', Array.from({ length: 20 }, (_, i) => ({ id: `only-${i % 10}`, messages: [] }))); // prettier-ignore

    const partitions = new Map<string, Set<number>>();
    let items = 0;
    for (const record of raw()) {
      expect(record.key).not.toBeNull();
      for (const item of JSON.parse(opened(record).toString()) as Record<string, string>[]) {
        items++;
        const together = item['trace_id'] ?? item['session_id'] ?? item['id'] ?? '';
        partitions.set(together, (partitions.get(together) ?? new Set()).add(partitionOfKey(record.key)));
      }
    }
    expect(items).toBe(250);
    expect([...partitions.values()].map(({ size }) => size)).toEqual(new Array(50).fill(1));
    expect(new Set([...partitions.values()].flatMap((set) => [...set])).size).toBe(PARTITIONS);
    expect(raw().every(({ topic }) => topic === TOPICS.raw.name)).toBe(true);
  });

  it('of events that name neither, a repeat goes where the first went', async () => {
    const { post, raw } = newTestReceivers({ partitions: PARTITIONS });
    for (let tries = 0; tries < 2; tries++) await post('events', [event({ body: 'one' }), event({ id: 'two' })]);
    const keys = raw().map(({ key }) => key);
    expect(keys.slice(0, keys.length / 2)).toEqual(keys.slice(keys.length / 2));
  });
});
