import fc from 'fast-check';
import { insertLoad, lingerFor } from './insert-load';

describe('the wait between batches that are not full', () => {
  it.each([
    ['one task', 1, 200, 200],
    ['one task that is asked not to wait', 1, 0, 40],
    ['6 tasks', 6, 200, 240],
    ['24 tasks', 24, 200, 960],
    ['24 tasks that are asked to wait longer', 24, 5_000, 5_000],
  ])('of %s', (_, tasks, lingerMs, expected) => expect(lingerFor(tasks, lingerMs)).toBe(expected));

  it('keeps a table at 25 inserts a second, however many tasks there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 512 }), fc.integer({ min: 0, max: 1_000 }), (tasks, lingerMs) => {
        expect((tasks * 1000) / lingerFor(tasks, lingerMs)).toBeLessThanOrEqual(25);
      }),
    );
  });
});

describe('the maximum inserts per hour into a table', () => {
  it.each([
    ['one task that waits 200 ms between ranges', { tasks: 1 }, { insertsPerHour: 18_000, partitionsPerInsert: 1 }],
    ['64 tasks', { tasks: 64 }, { insertsPerHour: 1_152_000, partitionsPerInsert: 1 }],
    [
      'small batches, which fill up before the linger time',
      { tasks: 1, maxRecords: 500 },
      { insertsPerHour: 144_000, partitionsPerInsert: 1 },
    ],
    ['no pause at all', { tasks: 1, lingerMs: 0, maxRecords: 1 }, { insertsPerHour: 180_000, partitionsPerInsert: 1 }],
    ['three retentions', { tasks: 1, retentions: [30, 30, 7, 90] }, { insertsPerHour: 18_000, partitionsPerInsert: 3 }],
    [
      'more retention periods than retention steps',
      { tasks: 1, retentions: [1, 2, 3, 4, 5, 6, 7] },
      { insertsPerHour: 18_000, partitionsPerInsert: 5 },
    ],
  ])('counts %s', (_, over, load) => {
    expect(insertLoad({ lingerMs: 200, maxRecords: 5_000, retentions: [30], ...over })).toEqual(load);
  });
});
