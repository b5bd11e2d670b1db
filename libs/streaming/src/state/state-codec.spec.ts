import { createStateCodec, createStateSection } from './state-codec';

describe('a codec of state', () => {
  const first = createStateCodec<{ readonly n: number }>(1);
  const second = createStateCodec<{ readonly count: number }>(2, undefined, {
    1: (bytes) => ({ count: (JSON.parse(bytes.toString()) as { n: number }).n }),
  });

  it('writes its version before the value, and reads it back', () => {
    expect(first.encode({ n: 7 })).toEqual(Buffer.concat([Buffer.of(1), Buffer.from('{"n":7}')]));
    expect(first.decode(first.encode({ n: 7 }))).toEqual({ n: 7 });
  });
  it('writes text and bytes in several pieces as one value, and values do not touch each other', () => {
    const pieces = createStateCodec<readonly (string | Uint8Array)[]>(3, {
      encode: (value) => value,
      decode: (bytes) => [bytes],
    });
    const values = Array.from({ length: 300 }, (_, i) => [`é${i}`, Uint8Array.of(i & 255), 'x'.repeat(i === 7 ? 100_000 : i)]);
    const written = values.map((value) => pieces.encode(value));
    expect(written.map(String)).toEqual(
      values.map((value) => String(Buffer.concat([Buffer.of(3), ...value.map((piece) => Buffer.from(piece))]))),
    );
  });
  it('reads what an earlier version wrote', () => expect(second.decode(first.encode({ n: 7 }))).toEqual({ count: 7 }));
  it.each([
    ['text', 'é'],
    ['bytes', Buffer.from('é')],
    ['pieces of bytes', [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]],
  ])('writes a value that its form gives as %s', (_, encoded) => {
    const codec = createStateCodec<string>(3, { encode: () => encoded, decode: (bytes) => bytes.toString('utf8') });
    expect(codec.encode('é')).toEqual(Buffer.of(3, 0xc3, 0xa9));
    expect(codec.decode(codec.encode('é'))).toBe('é');
  });
  it('rejects what a later version wrote, with the fix', () => {
    expect(() => first.decode(second.encode({ count: 7 }))).toThrow(/version 2 cannot be read.*start a newer release/);
    expect(() => first.decode(Buffer.alloc(0))).toThrow(/version 0/);
  });
});

describe('a section of state', () => {
  const section = createStateSection('n/', createStateCodec<number>(1));
  it('writes and deletes values under its prefix, and restores its own in order of key', () => {
    const state = new Map<string, Buffer>([['other/x', Buffer.of(9)]]);
    const changes = { state: (key: string, value: Buffer | string | null) => void (value === null ? state.delete(key) : state.set(key, Buffer.from(value))) }; // prettier-ignore
    section.put(changes, 'b/2', 2);
    section.put(changes, 'a', 1);
    section.put(changes, 'gone', 3);
    section.put(changes, 'gone', null);
    expect(section.restore(state)).toEqual([['a', 1], ['b/2', 2]]); // prettier-ignore
  });
});
