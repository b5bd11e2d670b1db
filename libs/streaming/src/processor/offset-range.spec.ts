import fc from 'fast-check';
import { type LogRecord } from '../ports/broker';
import { byTopicThenOffset, encodeIntent, readIntent, endOffsets, committedOffsets, spansOver, tokenOf } from './offset-range';

const recordAt = (topic: string, offset: number): LogRecord => ({ topic, offset }) as LogRecord;

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
  it('covers its records from the position of each topic on, whatever their order', () => {
    const records = [recordAt('a', 9), recordAt('a', 7), recordAt('unassigned', 3)];
    const spans = spansOver(
      records,
      new Map([
        ['a', 5],
        ['b', 2],
      ]),
    );
    expect(Object.fromEntries(spans)).toEqual({ a: { from: 5, end: 10 }, b: { from: 2, end: 2 } });
  });
  it('names in its token only the topics with records', () => {
    const spans = new Map([
      ['a', { from: 1, end: 1 }],
      ['b', { from: 4, end: 6 }],
      ['c', { from: 0, end: 1 }],
    ]);
    expect(tokenOf('g', 3, { now: 5, spans }, 'events')).toBe('g:3:b=4-6,c=0-1:5:events');
  });
  it.each(['{"end":1}', '{"end":1,"now":"2"}', '{"end":1.5,"now":2}', '{"end":1,"now":2.5}'])(
    'is not read from metadata %j',
    (metadata) => {
      expect(readIntent(new Map([['a', { offset: 1, metadata }]]))).toBeNull();
    },
  );
  it('is read from the topics that carry an intent', () => {
    const topics = new Map([
      ['a', { offset: 1, metadata: '{"end":3,"now":7}' }],
      ['b', { offset: 8, metadata: '' }],
    ]);
    expect(readIntent(topics)).toEqual({ now: 7, spans: new Map([['a', { from: 1, end: 3 }]]) });
  });
  it('is processed topic by topic as declared, by offset, without changing the list of what was read', () => {
    const records = [recordAt('b', 21), recordAt('a', 10), recordAt('b', 20), recordAt('a', 9)];
    const order = byTopicThenOffset(['b', 'a'], records).map(({ topic, offset }) => `${topic}${offset}`);
    expect(order).toEqual(['b20', 'b21', 'a9', 'a10']);
    expect(records[0]).toEqual(recordAt('b', 21));
  });
});
