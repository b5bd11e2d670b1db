import { type OtlpAttributes, type OtlpValue } from '@telltale/contracts';
import fc from 'fast-check';
import { bareDecodeTraces, decodeLogs, decodeTraces, encodeLogs, encodeTraces } from './index';
import { anyLogRecord, anySpan, itemsOf, logRecord, logs, span, T0, refusalOf, thrownBy, traces } from './bodies.fixture';
import { toBytes } from './definition';

describe('decodeTraces', () => {
  it('gives back what was encoded, by resource and scope', () => {
    const body = traces(span(), span({ spanId: 'b7ad6b7169203332', parentSpanId: 'b7ad6b7169203331', startMs: T0 + 0.25 }));
    expect(decodeTraces(encodeTraces(body))).toEqual(body);
  });

  it('gives back any span, whatever its attributes nest', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { minLength: 1, maxLength: 4 }), (spans) => {
        const decoded = itemsOf(decodeTraces(encodeTraces(traces(...spans))));
        expect(
          JSON.stringify(
            decoded.map(({ attributes, events, links, status, name }) => ({
              attributes,
              events: events.map((e) => e.attributes),
              links,
              status,
              name,
            })),
          ),
        ).toBe(
          JSON.stringify(
            spans.map(({ attributes, events, links, status, name }) => ({
              attributes,
              events: events.map((e) => e.attributes),
              links,
              status,
              name,
            })),
          ),
        );
        decoded.forEach(({ startMs }, i) => expect(startMs).toBeCloseTo(spans[i]?.startMs ?? NaN, 3));
      }),
    );
  });

  it.each<[string, object, OtlpValue]>([
    ['an integer beyond 2^53 as its digits', { intValue: '9007199254740993' }, '9007199254740993'],
    ['a negative integer', { intValue: '-5' }, -5],
    ['the smallest integer', { intValue: '-9223372036854775808' }, '-9223372036854775808'],
    ['what is not a number in words', { doubleValue: NaN }, 'NaN'],
    ['bytes as base64', { bytesValue: Buffer.from([1, 2, 3]) }, 'AQID'],
    ['nothing as null', {}, null],
  ])('reads %s', (_what, value, expected) => {
    const bytes = toBytes('TracesData', {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: Buffer.alloc(16, 1),
                  spanId: Buffer.alloc(8, 1),
                  startTimeUnixNano: '5',
                  attributes: [{ key: 'a', value }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(itemsOf(decodeTraces(bytes))[0]?.attributes).toEqual({ a: expected });
  });

  it('lets no attribute name reach the prototype', () => {
    const attributes = JSON.parse('{"__proto__": {"polluted": "yes"}}') as OtlpAttributes;
    const [decoded] = itemsOf(decodeTraces(encodeTraces(traces(span({ attributes })))));
    expect(Object.keys(decoded?.attributes ?? {})).toEqual(['__proto__']);
    expect((decoded?.attributes as { polluted?: string }).polluted).toBeUndefined();
  });

  it.each([
    ['a trace id of 15 bytes', { traceId: '00'.repeat(15) }, 'trace_id'],
    ['a trace id of zeros', { traceId: '00'.repeat(16) }, 'trace_id'],
    ['no span id', { spanId: '' }, 'span_id'],
    ['a parent id of 3 bytes', { parentSpanId: '010203' }, 'parent_span_id'],
    ['no start', { startMs: 0 }, 'start_time_unix_nano'],
  ])('leaves out a span with %s and says so', (_what, over, field) => {
    const decoded = decodeTraces(encodeTraces(traces(span(), span(over), span())));
    expect(itemsOf(decoded)).toHaveLength(2);
    expect(decoded.problems).toEqual([{ index: 1, field, message: expect.stringMatching(/^(?:must|is|has|a )/) as string }]);
    expect(decoded.groups[0]?.items.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('takes an empty body', () => {
    expect(decodeTraces(Buffer.alloc(0))).toEqual({ groups: [], problems: [] });
  });

  it.each([
    ['log records', encodeLogs(logs(logRecord(), logRecord()))],
    [
      'a log record with a body alone',
      encodeLogs(logs(logRecord({ timeMs: 0, observedMs: 0, severityNumber: 0, severityText: '' }))),
    ],
    ['spans without ids', encodeTraces(traces(span({ traceId: '', spanId: '' })))],
  ])('tells %s from spans', (_what, bytes) => {
    const error = thrownBy(() => decodeTraces(bytes));
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('/v1/logs') as string });
  });

  it('refuses values nested without end', () => {
    const inner = (levels: number): Buffer => {
      let value = Buffer.alloc(0);
      for (let i = 0; i < levels; i++)
        for (const tag of [0x0a, 0x2a])
          value = Buffer.concat([Buffer.from([tag, (value.length & 127) | 128, value.length >> 7]), value]);
      return value;
    };
    const bodyOf = (value: Buffer): Buffer => {
      let bytes = value;
      for (const tag of [0x12, 0x4a, 0x12, 0x12, 0x0a])
        bytes = Buffer.concat([Buffer.from([tag, (bytes.length & 127) | 128, bytes.length >> 7]), bytes]);
      return bytes;
    };
    expect(thrownBy(() => decodeTraces(bodyOf(inner(60)))).message).toContain('nests deeper');
    expect(thrownBy(() => decodeTraces(bodyOf(inner(1_000)))).message).toContain('nests deeper');
    expect(thrownBy(() => decodeTraces(bodyOf(inner(20)))).message).toContain('has a trace_id');
  });

  it('leaves out a span whose text is not UTF-8, and refuses a resource whose text is not', () => {
    const body = encodeTraces(traces(span({ name: 'PLANT' }), span()));
    const change = (word: string): Buffer => {
      const changed = Buffer.from(body);
      changed[changed.indexOf(word)] = 0xff;
      return changed;
    };
    expect(decodeTraces(change('PLANT'))).toMatchObject({
      groups: [{ items: [{ index: 1 }] }],
      problems: [{ index: 0, field: 'Span.name' }],
    });
    expect(thrownBy(() => decodeTraces(change('support-bot'))).message).toContain('AnyValue.string_value is not UTF-8');
  });

  it('cut off anywhere, gives a part of the spans or an error with a place, and never content', () => {
    const bytes = encodeTraces(traces(span({ name: 'planted-secret' }), span({ spanId: 'b7ad6b7169203332' })));
    for (let length = 1; length < bytes.length; length++) {
      const error = thrownBy(() => decodeTraces(bytes.subarray(0, length)));
      expect(error).toMatchObject({ code: 'undecodable', message: expect.stringMatching(/at byte \d+/) as string });
      expect(error.message).not.toContain('planted');
    }
  });

  it('throws nothing but PermanentError on bytes changed anywhere, and passes nothing protobufjs refuses', () => {
    const bytes = encodeTraces(
      traces(
        span({ attributes: { a: [1, { b: 'c' }], d: 2 ** 60 } }),
        span({ events: [{ name: 'e', timeMs: T0, attributes: {} }] }),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = Buffer.from(bytes);
        for (const [at, value] of changes) changed[at] = value;
        const isTaken = refusalOf(() => decodeTraces(changed)) === null && decodeTraces(changed).problems.length === 0;
        expect(() => isTaken && bareDecodeTraces(changed)).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });

  it('throws nothing but PermanentError on noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const decode of [decodeTraces, decodeLogs]) expect(() => refusalOf(() => decode(noise))).not.toThrow();
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('decodeLogs', () => {
  it('gives back any record', () => {
    fc.assert(
      fc.property(fc.array(anyLogRecord, { minLength: 1, maxLength: 4 }), (records) => {
        const plain = (list: readonly (typeof records)[number][]) =>
          JSON.stringify(list.map((record) => ({ ...record, timeMs: 0, observedMs: 0 })));
        expect(plain(itemsOf(decodeLogs(encodeLogs(logs(...records)))))).toBe(plain(records));
      }),
    );
  });

  it('tells spans from log records', () => {
    expect(thrownBy(() => decodeLogs(encodeTraces(traces(span()))))).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('/v1/traces') as string,
    });
  });
});
