import { type OtlpAttributes } from '@telltale/contracts';
import fc from 'fast-check';
import { decodeLogsJson, decodeTracesJson } from './index';
import { itemsOf, logRecord, span, T0, refusalOf, thrownBy, traces } from './bodies.fixture';

describe('OTLP/JSON', () => {
  const nanos = (ms: number): string => BigInt(ms * 1e6).toString();
  const body = (over: object = {}, key = 'resourceSpans') =>
    JSON.stringify({
      [key]: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'support-bot' } }] },
          scopeSpans: [
            {
              scope: { name: 'tests', version: '1' },
              spans: [
                {
                  traceId: '0AF7651916CD43DD8448EB211C80319C',
                  spanId: 'b7ad6b7169203331',
                  name: 'chat gpt-4o',
                  kind: 3,
                  startTimeUnixNano: nanos(T0),
                  endTimeUnixNano: Number(nanos(T0 + 250.25)),
                  attributes: [{ key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }],
                  unheardOf: { of: 1 },
                  ...over,
                },
              ],
            },
          ],
        },
      ],
    });

  it('reads what protobuf would have said', () => {
    expect(decodeTracesJson(body())).toEqual(traces(span()));
  });

  it.each<[string, unknown, OtlpAttributes]>([
    [
      'a plain map',
      { a: 1, b: 'x', c: [true], d: { stringValue: 'y' }, e: { f: null } },
      { a: 1, b: 'x', c: [true], d: 'y', e: { f: null } },
    ],
    [
      'every kind of value',
      [
        { key: 'i', value: { intValue: '12' } },
        { key: 'j', value: { intValue: 12 } },
        { key: 'big', value: { intValue: '9007199254740993' } },
        { key: 'd', value: { doubleValue: 'NaN' } },
        { key: 'l', value: { arrayValue: { values: [{ boolValue: true }, {}] } } },
        { key: 'm', value: { kvlistValue: { values: [{ key: 'k', value: { bytesValue: 'AQID' } }] } } },
      ],
      { i: 12, j: 12, big: '9007199254740993', d: 'NaN', l: [true, null], m: { k: 'AQID' } },
    ],
    ['nothing', null, {}],
  ])('takes attributes as %s', (_what, attributes, expected) => {
    expect(itemsOf(decodeTracesJson(body({ attributes })))[0]?.attributes).toEqual(expected);
  });

  it.each([
    [{ traceId: 'xyz' }, 'traceId'],
    [{ traceId: '0'.repeat(32) }, 'traceId'],
    [{ spanId: 5 }, 'spanId'],
    [{ parentSpanId: '12' }, 'parentSpanId'],
    [{ kind: 'SPAN_KIND_CLIENT' }, 'kind'],
    [{ startTimeUnixNano: 'yesterday' }, 'startTimeUnixNano'],
    [{ startTimeUnixNano: null }, 'startTimeUnixNano'],
    [{ endTimeUnixNano: -1 }, 'endTimeUnixNano'],
    [{ attributes: 7 }, 'attributes'],
    [{ attributes: [{ key: 'a', value: { intValue: 'seven' } }] }, 'intValue'],
    [{ events: [3] }, 'events'],
    [{ status: 'ok' }, 'status'],
  ])('leaves out a span with %j and names %s', (over, field) => {
    expect(decodeTracesJson(body(over))).toEqual({
      groups: [],
      problems: [{ index: 0, field, message: expect.stringMatching(/^(?:must|is|has|a )/) as string }],
    });
  });

  it.each([
    ['[1]', 'invalid', 'body must be an object with resourceSpans'],
    ['{"resourceSpans": 5}', 'invalid', 'resourceSpans must be an array'],
    ['{"resourceSpans": [5]}', 'invalid', 'resourceSpans must hold objects'],
    ['{"resource_spans": []}', 'invalid', 'lowerCamelCase'],
    ['{"resourceLogs": []}', 'invalid', 'send it to /v1/logs'],
    ['{"resourceMetrics": []}', 'invalid', 'takes traces and logs'],
    ['{"resourceSpans": [', 'undecodable', 'position 19'],
    [`{"resourceSpans": ${'['.repeat(100_000)}`, 'undecodable', 'nests deeper'],
    ['{"resourceSpans": [{"resource": {"attributes": 3}}]}', 'invalid', 'attributes must be'],
  ])('refuses %.40s', (text, code, message) => {
    expect(thrownBy(() => decodeTracesJson(text))).toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  it('reads log records, whose ids and times may be missing', () => {
    const text = JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }, { severityNumber: 'INFO' }] }] }],
    });
    const decoded = decodeLogsJson(text);
    expect(itemsOf(decoded)).toEqual([
      logRecord({ body: 'hello', timeMs: 0, observedMs: 0, severityNumber: 0, severityText: '' }),
    ]);
    expect(decoded.problems).toEqual([
      { index: 1, field: 'severityNumber', message: expect.stringMatching(/^(?:must|is|has|a )/) as string },
    ]);
  });

  it('throws nothing but PermanentError, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, 2, 3), (value, level) => {
        const wraps = [
          value,
          { resourceSpans: value },
          { resourceSpans: [{ scopeSpans: value, resource: value }] },
          { resourceSpans: [{ scopeSpans: [{ spans: [value] }] }] },
        ];
        expect(() => refusalOf(() => decodeTracesJson(JSON.stringify(wraps[level])))).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
