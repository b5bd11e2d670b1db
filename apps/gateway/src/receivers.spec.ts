import { gzipSync } from 'node:zlib';
import { decodeTraces } from '@telltale/adapter-otlp';
import { TOPICS } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { ALL_RECEIVERS, type Receiver, event, json, message, newTestReceivers, span, spans } from './receivers.fixture';
import { NOW } from './gateway.fixture';

describe('a good request', () => {
  it('is answered after the log has it, encrypted, with headers that describe it', async () => {
    const { post, raw, opened } = newTestReceivers();
    const body = [event({ session_id: 's1' }), event({ body: 'a planted secret' })];
    const answer = await post('events', body);
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual({ accepted: 2, rejected: 0, errors: [] });
    const [record] = raw();
    expect(raw()).toHaveLength(1);
    expect(record).toMatchObject({
      key: null,
      headers: {
        'tt-format': 'native',
        'tt-encoding': 'json',
        'tt-tenant': 'acme',
        'tt-received-at': '2026-11-23T03:00:00.000Z',
        'tt-encryption-key-id': '2026-11-23',
      },
    });
    expect(record?.value?.includes('planted')).toBe(false);
    expect(opened(record!).toString()).toBe(JSON.stringify(body));
  });

  it.each<[string, string, string, number]>([
    ['one object', JSON.stringify(event()), 'application/json', 1],
    ['one object over several lines', JSON.stringify(event(), null, 2), 'application/json; charset=utf-8', 1],
    ['lines', `${JSON.stringify(event())}\n\n${JSON.stringify(event())}\r\n`, 'application/x-ndjson', 2],
    ['lines that say they are JSON', `${JSON.stringify(event())}\n${JSON.stringify(event())}`, 'application/json', 2],
    ['an array with a byte order mark', `\ufeff${JSON.stringify([event()])}`, 'application/json', 1],
    ['no content type', JSON.stringify([event()]), '', 1],
  ])('may be %s', async (_what, body, contentType, count) => {
    const { post, raw, opened } = newTestReceivers();
    expect(json(await post('events', body, { contentType }))).toMatchObject({ accepted: count, rejected: 0 });
    expect(JSON.parse(opened(raw()[0]!).toString())).toEqual(Array.from({ length: count }, () => event()));
  });

  it.each<[Receiver, unknown, string | null]>([
    ['events', event({ session_id: 's1', trace_id: 't1' }), 't1'],
    ['events', event({ session_id: 's1' }), 's1'],
    ['events', event({ id: 'e1' }), 'e1'],
    ['events', event(), hashId(32, JSON.stringify(event()))],
    ['conversations', { id: 'c1', messages: [{ role: 'user', content: 'hi' }] }, 'c1'],
  ])('of one item at %s has the key of what it belongs to', async (receiver, item, key) => {
    const { post, raw } = newTestReceivers();
    await post(receiver, [item]);
    expect(raw()[0]?.key).toBe(key);
  });

  it('of spans is handed on byte for byte, keyed by its trace when there is one span', async () => {
    const { protobuf, raw, opened } = newTestReceivers();
    const body = spans(span());
    const answer = await protobuf('traces', body, { contentType: 'application/x-protobuf; charset=utf-8' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-protobuf' } });
    expect(answer.body).toHaveLength(0);
    expect(raw()[0]).toMatchObject({ key: span().traceId, headers: { 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf' } });
    expect(opened(raw()[0]!).equals(body)).toBe(true);
  });

  it('of log records may be JSON', async () => {
    const { post, raw, opened } = newTestReceivers();
    const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] };
    expect(json(await post('logs', body))).toEqual({});
    expect(raw()[0]?.headers).toMatchObject({ 'tt-format': 'otlp-logs', 'tt-encoding': 'json' });
    expect(JSON.parse(opened(raw()[0]!).toString())).toEqual(body);
  });

  it.each(ALL_RECEIVERS)('at %s may be gzipped', async (receiver) => {
    const { post, counts } = newTestReceivers();
    const body = {
      events: [event()],
      conversations: [{ traj: [] }],
      traces: { resourceSpans: [] },
      logs: { resourceLogs: [] },
      acks: [],
    }[receiver];
    const plain = JSON.stringify(body);
    expect((await post(receiver, gzipSync(plain), { contentEncoding: 'gzip' })).status).toBe(200);
    expect(counts.get(`telltale_gateway_requests_total ${receiver} 200`)).toBe(1);
  });

  it.each(ALL_RECEIVERS)('at %s may be empty', async (receiver) => {
    const { post, raw } = newTestReceivers();
    const isOtlp = receiver === 'traces' || receiver === 'logs';
    expect((await post(receiver, '')).status).toBe(200);
    const again = isOtlp ? await post(receiver, '', { contentType: 'application/x-protobuf' }) : await post(receiver, '[]');
    expect(again.status).toBe(200);
    expect(raw()).toHaveLength(0);
  });

  it('of acknowledgements lands on their topic under the tenant of the key, whatever the body says', async () => {
    const { post, records } = newTestReceivers();
    const ack = {
      instance: 'i1',
      sdk: { name: 'telltale-python', version: '1.0' },
      set_hash: 'h',
      status: 'applied',
      directives: [{ id: 'd1', hits: 2 }],
    };
    expect(
      json(
        await post('acks', [
          { ...ack, tenant: 'beta', received_at: '2020-01-01T00:00:00Z' },
          { ...ack, status: 'eaten' },
        ]),
      ),
    ).toMatchObject({ accepted: 1, rejected: 1, errors: [{ index: 1, field: 'status' }] });
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ topic: TOPICS.acks.name, key: 'acme' });
    expect(JSON.parse(records[0]?.value?.toString() ?? '')).toEqual({
      ...ack, tenant: 'acme', received_at: new Date(NOW).toISOString(), service_name: '', error: '', suppressed: { records: 0, bytes: 0 }, directives: [{ id: 'd1', hits: 2, drops: 0, bytes: 0 }],
    }); // prettier-ignore
  });
});

describe('size', () => {
  it('is cut below the record limit, losing nothing', async () => {
    const { post, protobuf, raw, opened } = newTestReceivers({ maxRecordBytes: 5_000 });
    const events = Array.from({ length: 100 }, (_, i) => event({ id: `e${i}`, body: 'x'.repeat(200) }));
    expect(json(await post('events', events))).toMatchObject({ accepted: 100, rejected: 0 });
    const parts = raw().map(opened);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(5_000);
    expect(parts.flatMap((part) => JSON.parse(part.toString()) as unknown[])).toEqual(events);

    const before = raw().length;
    const many = Array.from({ length: 100 }, (_, i) =>
      span({ spanId: (i + 1).toString(16).padStart(16, '0'), name: 'x'.repeat(200) }),
    );
    await protobuf('traces', spans(...many));
    const bodies = raw().slice(before).map(opened);
    for (const body of bodies) expect(body.length).toBeLessThanOrEqual(5_000);
    expect(bodies.flatMap((body) => decodeTraces(body).groups.flatMap(({ items }) => items.map(({ item }) => item)))).toEqual(
      many,
    );
  });

  it('of one item over the limit refuses that item alone', async () => {
    const { post, protobuf, raw } = newTestReceivers({ maxRecordBytes: 2_000 });
    const answer = await post('events', [event(), event({ body: 'x'.repeat(3_000) })]);
    expect(json(answer)).toMatchObject({
      accepted: 1,
      rejected: 1,
      errors: [{ index: 1, message: expect.stringContaining('2000 bytes') as string }],
    });
    const otlp = await protobuf('traces', spans(span({ name: 'x'.repeat(3_000) }), span()));
    expect(otlp.status).toBe(200);
    expect(otlp.body.toString()).toContain('span 0: is over 2000 bytes');
    expect(raw()).toHaveLength(2);
  });

  it.each(ALL_RECEIVERS)('over the limit at %s is refused with 413, before and after decompression', async (receiver) => {
    const { post, raw } = newTestReceivers({ maxBodyBytes: 1_000 });
    const body = ' '.repeat(1_001);
    for (const answer of [await post(receiver, body), await post(receiver, gzipSync(body), { contentEncoding: 'gzip' })]) {
      expect(answer.status).toBe(413);
      expect(message(answer)).toContain('over 1000 bytes');
    }
    expect(raw()).toHaveLength(0);
  });
});

describe('bad items', () => {
  it('are named by index, field and fix, and the others are taken', async () => {
    const { post, raw, opened } = newTestReceivers();
    const answer = await post('events', [
      event(),
      event({ kind: 'chat' }),
      { kind: 'llm', ts: 1 },
      7,
      event({ usage: { input_tokens: -1 } }),
    ]);
    expect(answer.status).toBe(200);
    expect(json(answer)).toEqual({
      accepted: 1,
      rejected: 4,
      errors: [
        { index: 1, field: 'kind', message: expect.stringContaining('"llm"') as string },
        { index: 2, field: 'service_name', message: 'is missing: every event needs kind, ts, service_name' },
        { index: 3, field: '', message: 'must be a JSON object' },
        { index: 4, field: 'usage.input_tokens', message: 'Too small: expected number to be >=0' },
      ],
    });
    expect(JSON.parse(opened(raw()[0]!).toString())).toEqual([event()]);
  });

  it('of lines are single lines', async () => {
    const { post } = newTestReceivers();
    const answer = await post('events', `${JSON.stringify(event())}\n{"kind":\n${JSON.stringify(event())}`, {
      contentType: 'application/x-ndjson',
    });
    expect(json(answer)).toEqual({
      accepted: 2,
      rejected: 1,
      errors: [{ index: 1, field: '', message: 'not JSON: it breaks at position 8 of 8' }],
    });
  });

  it('alone are a bad request', async () => {
    const { post, raw } = newTestReceivers();
    const answer = await post('events', [event({ kind: 'chat' })]);
    expect(answer.status).toBe(400);
    expect(json(answer)).toMatchObject({
      error: { code: 'invalid', message: expect.stringContaining('item 0: kind') as string },
      accepted: 0,
      rejected: 1,
    });
    expect(await post('conversations', [{ id: 'c' }])).toMatchObject({ status: 400 });
    expect(raw()).toHaveLength(0);
  });

  it('of OTLP are a partial success', async () => {
    const { protobuf, post, raw, opened } = newTestReceivers();
    const answer = await protobuf('traces', spans(span(), span({ traceId: '00' })));
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('span 1: trace_id must be 16 bytes');
    expect(decodeTraces(opened(raw()[0]!)).groups[0]?.items).toHaveLength(1);
    const asJson = await post('traces', {
      resourceSpans: [
        { scopeSpans: [{ spans: [{ traceId: span().traceId, spanId: 'x', startTimeUnixNano: '1764000000000000000' }] }] },
      ],
    });
    expect(json(asJson)).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('span 0: spanId must be') as string },
    });
    const logs = await post('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: 'INFO' }] }] }] });
    expect(json(logs)).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
  });
});
