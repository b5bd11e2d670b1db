import { CHECKPOINT_KEY, checkpointOf, rangeOf, readCheckpoint } from './checkpoint';

const ends = new Map([
  ['a', 5],
  ['b', 2],
]);
const next = {
  now: 9,
  spans: new Map([
    ['a', { from: 5, end: 8 }],
    ['b', { from: 2, end: 2 }],
  ]),
};
const stored = (checkpoint: unknown) => new Map([[CHECKPOINT_KEY, Buffer.from(JSON.stringify(checkpoint))]]);

describe('a checkpoint', () => {
  it.each([
    ['with the intent of the next batch', next],
    ['without one', null],
  ])('is read back from state, %s', (_, intent) => {
    const read = readCheckpoint(stored(checkpointOf(7, ends, intent)));
    expect(read).toMatchObject({ now: 7, ends: { a: 5, b: 2 } });
    expect(rangeOf(read?.next ?? null, ends)).toEqual(intent);
  });

  it('is none in a state that has none', () => expect(readCheckpoint(new Map())).toBeNull());

  it('has an intent that covers no topic which was added later, and starts at its end where no position is known', () => {
    const range = rangeOf({ now: 9, ends: { a: 8 } }, new Map([['new', 3]]));
    expect(range).toEqual({ now: 9, spans: new Map([['a', { from: 8, end: 8 }]]) });
  });

  it('has an intent that never ends before it starts', () => {
    expect(rangeOf({ now: 9, ends: { a: 8 } }, new Map([['a', 11]]))?.spans.get('a')).toEqual({ from: 8, end: 8 });
  });
});
