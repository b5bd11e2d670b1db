import fc from 'fast-check';
import { encodeIntent, readIntent, endOffsets, committedOffsets, tokenOf } from './offset-range';

const span = fc.record({ from: fc.nat(), length: fc.nat() }).map(({ from, length }) => ({ from, end: from + length }));
const range = fc.record({
  now: fc.nat(),
  spans: fc.dictionary(fc.constantFrom('a', 'b', 'c'), span, { minKeys: 1 }).map((d) => new Map(Object.entries(d))),
});

describe('an offset range', () => {
  it('is decoded from the metadata of its intent', () => {
    fc.assert(fc.property(range, (r) => expect(readIntent(encodeIntent(r))).toEqual(r)));
  });
  it('leaves no intent once committed', () => {
    fc.assert(fc.property(range, (r) => expect(readIntent(committedOffsets(endOffsets(r)))).toBeNull()));
  });
  it.each(['', 'x', '{}', '{"end":"1","now":2}', 'null'])('reads metadata %j as no intent', (metadata) => {
    expect(readIntent(new Map([['a', { offset: 1, metadata }]]))).toBeNull();
  });
  it('has a different token for every span, time and table', () => {
    const a = { now: 5, spans: new Map([['t', { from: 1, end: 3 }]]) };
    expect(tokenOf('g', 0, a, 'events')).toBe('g:0:t=1-3:5:events');
    expect(tokenOf('g', 0, { ...a, now: 6 }, 'events')).not.toBe(tokenOf('g', 0, a, 'events'));
  });
  it('has a different token for two empty batches of the same time at different offsets', () => {
    const [before, after] = [3, 4].map((at) =>
      tokenOf('g', 0, { now: 5, spans: new Map([['t', { from: at, end: at }]]) }, 'events'),
    );
    expect(before).not.toBe(after);
  });
});
