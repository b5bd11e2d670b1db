import { type OtlpSpan } from '@telltale/contracts';
import { hashId, partitionOf } from '@telltale/kernel';
import fc from 'fast-check';
import { decodeTraces, decodeTracesJson, encodeLogs, encodeTraces, scanLogs, scanTraces, scanTracesJson } from './index';
import { anySpan, logRecord, logs, span, traces } from './bodies.fixture';

const splitTraces = (bytes: Buffer, maxBytes: number) => scanTraces(bytes).split(maxBytes);
const spansOf = (bytes: Buffer): OtlpSpan[] => decodeTraces(bytes).groups.flatMap(({ items }) => items.map(({ item }) => item));
const many = (count: number, bytes: number): OtlpSpan[] =>
  Array.from({ length: count }, (_, i) =>
    span({ spanId: (i + 1).toString(16).padStart(16, '0'), attributes: { input: 'x'.repeat(bytes) } }),
  );

describe('split', () => {
  it('hands on the very bytes of a body that is small enough', () => {
    const bytes = encodeTraces(traces(...many(3, 10)));
    const [part] = splitTraces(bytes, 10_000).parts;
    expect(part?.bytes.buffer).toBe(bytes.buffer);
    expect(part).toMatchObject({ count: 3 });
  });

  it('gives the trace of a body as its key where all its spans are of one', () => {
    expect(splitTraces(encodeTraces(traces(span())), 10_000).parts[0]?.key).toBe(span().traceId);
    expect(splitTraces(encodeTraces(traces(...many(3, 10))), 10_000).parts[0]?.key).toBe(span().traceId);
    const mixed = encodeTraces(traces(...many(3, 10), span({ traceId: 'e'.repeat(32) })));
    expect(splitTraces(mixed, 10_000).parts[0]?.key).toBeNull();
    const json = (...ids: string[]): string =>
      JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: ids.map((traceId, i) => ({
                  traceId,
                  spanId: `${i + 1}`.padStart(16, '0'),
                  name: 'n',
                  startTimeUnixNano: '1',
                })),
              },
            ],
          },
        ],
      });
    expect(scanTracesJson(json('e'.repeat(32), 'e'.repeat(32))).split(10_000).parts[0]?.key).toBe('e'.repeat(32));
    expect(scanTracesJson(json('e'.repeat(32), 'f'.repeat(32))).split(10_000).parts[0]?.key).toBeNull();
    expect(scanLogs(encodeLogs(logs(logRecord()))).split(10_000).parts[0]?.key).toBeNull();
  });

  it('deals the spans of several traces out by partition, each part with a key that goes there, and loses none', () => {
    const ids = Array.from({ length: 40 }, (_, i) => hashId(32, 'trace', i));
    const spans = ids.flatMap((traceId, i) => [1, 2].map((n) => span({ traceId, spanId: `${n}${i}`.padStart(16, '0') })));
    const bytes = encodeTraces(traces(...spans));
    const json = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: spans.map(({ traceId, spanId }) => ({ traceId, spanId, name: 'n', startTimeUnixNano: '1' })) }] }] });
    for (const partitions of [1, 2, 6])
      for (const [parts, read] of [[scanTraces(bytes).split(100_000, partitions).parts, spansOf], [scanTracesJson(json).split(100_000, partitions).parts, (body: Buffer) => decodeTracesJson(body.toString()).groups.flatMap(({ items }) => items.map(({ item }) => item))]] as const) {
        expect(parts).toHaveLength(partitions);
        expect(parts.flatMap((part) => read(part.bytes)).map(({ spanId }) => spanId).sort()).toEqual(spans.map(({ spanId }) => spanId).sort());
        // With one partition there is nothing to part, and no key.
        for (const { bytes: body, key } of parts) for (const { traceId } of read(body)) expect(partitionOf(traceId, partitions)).toBe(partitionOf(key ?? traceId, partitions));
        expect(parts.filter(({ key }) => key === null)).toHaveLength(partitions === 1 ? 1 : 0);
      }
  }); // prettier-ignore

  it('cuts between spans, below the limit, each part with its resource and scope', () => {
    const spans = many(100, 1_000);
    const { parts, tooLarge } = splitTraces(encodeTraces(traces(...spans)), 10_000);
    expect(tooLarge).toEqual([]);
    expect(parts.length).toBeGreaterThan(10);
    for (const { bytes } of parts) {
      expect(bytes.length).toBeLessThanOrEqual(10_000);
      expect(decodeTraces(bytes).groups).toMatchObject([
        { resource: { 'service.name': 'support-bot' }, scope: { name: 'tests' } },
      ]);
    }
    expect(parts.flatMap(({ bytes }) => spansOf(bytes))).toEqual(spans);
  });

  it('returns a span that is over the limit alone, and keeps the rest', () => {
    const spans = [...many(2, 10), ...many(1, 5_000), ...many(1, 10)];
    const { parts, tooLarge } = splitTraces(encodeTraces(traces(...spans)), 1_000);
    expect(tooLarge).toEqual([{ index: 2, field: '', message: expect.stringContaining('1000 bytes') as string }]);
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it('leaves bad spans out, and picks any by index', () => {
    const bytes = encodeTraces(traces(span(), span({ spanId: '' }), span({ name: 'third' })));
    const scan = scanTraces(bytes);
    expect(spansOf(scan.split(10_000).parts[0]?.bytes ?? Buffer.alloc(0)).map(({ name }) => name)).toEqual([
      'chat gpt-4o',
      'third',
    ]);
    expect(spansOf(scan.pick([2])).map(({ name }) => name)).toEqual(['third']);
    expect(scan.pick([9])).toHaveLength(0);
  });

  it('loses and doubles nothing, at any limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anySpan, { maxLength: 5 }), { maxLength: 4 }),
        fc.integer({ min: 100, max: 2_000 }),
        (groups, limit) => {
          const bytes = encodeTraces({ groups: groups.map((spans, i) => ({ ...traces(...spans).groups[0]!, resource: { i } })) });
          const { parts, tooLarge } = splitTraces(bytes, limit);
          const all = spansOf(bytes);
          const over = new Set(tooLarge.map(({ index }) => index));
          expect(JSON.stringify(parts.flatMap((part) => spansOf(part.bytes)))).toBe(
            JSON.stringify(all.filter((_, i) => !over.has(i))),
          );
          for (const part of parts) expect(part.bytes.length).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it('does the same to JSON', () => {
    const item = (i: number, size: number) => ({
      traceId: span().traceId,
      spanId: (i + 1).toString(16).padStart(16, '0'),
      startTimeUnixNano: '1764000000123000000',
      name: 'x'.repeat(size),
    });
    const items = [
      item(0, 10),
      { ...item(1, 10), spanId: '' },
      item(2, 5_000),
      ...Array.from({ length: 40 }, (_, i) => item(i + 3, 100)),
    ];
    const text = JSON.stringify({
      resourceSpans: [{ resource: { attributes: [] }, schemaUrl: 'u', scopeSpans: [{ scope: { name: 's' }, spans: items }] }],
    });
    const scan = scanTracesJson(text);
    const { parts, tooLarge } = scan.split(1_000);
    expect(scan.problems).toMatchObject([{ index: 1, field: 'spanId' }]);
    expect(tooLarge).toMatchObject([{ index: 2 }]);
    const bodies = parts.map(({ bytes }) => bytes.toString());
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(1_000);
    expect(
      bodies.flatMap((body) => decodeTracesJson(body).groups.flatMap(({ items: got }) => got.map(({ item: s }) => s.spanId))),
    ).toEqual(items.filter((_, i) => i !== 1 && i !== 2).map(({ spanId }) => spanId));
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      resourceSpans: [{ schemaUrl: 'u', scopeSpans: [{ scope: { name: 's' } }] }],
    });
    const whole = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [items[0]] }] }] });
    expect(scanTracesJson(whole).split(10_000).parts).toMatchObject([{ count: 1, key: span().traceId }]);
    expect(scanTracesJson(whole).split(10_000).parts[0]?.bytes.toString()).toBe(whole);
  });
});
