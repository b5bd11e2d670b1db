import { groupLag } from './group-lag';

describe('the lag of a group', () => {
  const partition = (id: number, start: number, end: number) => ({ partition: id, start, end });

  it.each([
    ['what it has not processed, of all partitions', [partition(0, 0, 10), partition(1, 0, 7)], [[0, 4], [1, 7]], 6],
    ['everything, where it has no offsets', [partition(0, 0, 10), partition(1, 3, 5)], [[0, 10]], 2],
    ['what is still there, where its offset is gone', [partition(0, 8, 10)], [[0, 4]], 2],
    ['nothing, where it is further than the topic was a moment ago', [partition(0, 0, 10), partition(1, 0, 1)], [[0, 12], [1, 1]], 0],
  ])('is %s', async (_, partitions, offsets, expected) => {
    const broker = {
      describe: () => Promise.resolve([{ name: 'a', partitions }, { name: 'b', partitions: [partition(0, 2, 5)] }]),
      groupOffsets: () => Promise.resolve(new Map([['a', offsets.map(([id = 0, offset = 0]) => ({ partition: id, offset }))]])),
    };
    expect(await groupLag(broker, 'g', ['a', 'b'])).toEqual(new Map([['a', expected], ['b', 3]]));
  }); // prettier-ignore
});
