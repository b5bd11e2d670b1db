import * as fc from 'fast-check';
import { createEventParser, type ServerEvent } from './event-parser';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const taken = (...pieces: readonly Uint8Array[]): ServerEvent[] => {
  const take = createEventParser();
  return pieces.flatMap((piece) => take(piece));
};

describe('a stream of server-sent events', () => {
  it('is read whole: names, data of several lines, comments left out', () => {
    const stream =
      ': following\n\nevent: event\ndata: {"a":1}\n\nevent: skipped\r\ndata: {"count":\r\ndata: 2}\r\n\r\ndata:x\n\n';
    expect(taken(bytes(stream))).toEqual([
      { event: 'event', data: '{"a":1}' },
      { event: 'skipped', data: '{"count":\n2}' },
      { event: 'message', data: 'x' },
    ]);
  });

  it('is the same however it is cut', () => {
    const stream = bytes('event: event\r\ndata: {"text":"日本 🙂"}\r\n\r\n: alive\n\nevent: event\ndata: two\n\n');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 }), (cuts) => {
        const ends = [...cuts, stream.length].sort((a, b) => a - b);
        const pieces = ends.map((end, nth) => stream.slice(ends[nth - 1] ?? 0, end));
        expect(taken(...pieces)).toEqual([{ event: 'event', data: '{"text":"日本 🙂"}' }, { event: 'event', data: 'two' }]); // prettier-ignore
      }),
    );
  });

  it('hands out nothing that is not whole', () => {
    expect(taken(bytes('event: event\ndata: 1\n'))).toEqual([]);
  });

  it('ends where an event has no end', () => {
    const take = createEventParser();
    const piece = bytes('x'.repeat(1_000_000));
    expect(() => Array.from({ length: 9 }, () => take(piece))).toThrow('without an end');
  });
});
