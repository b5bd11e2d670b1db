import { type DedupWindow } from '@telltale/streaming';
import { coveredSeconds } from './watch-dedup-windows';

const window = (inserted: number, over: Partial<DedupWindow> = {}): DedupWindow => ({
  table: 'events', blocks: 18_000, seconds: null, inserted, insertedSince: 0, ...over,
}); // prettier-ignore

describe('the time for which a table recognizes a repeated insert', () => {
  it.each([
    ['5 inserts a second', [window(1_000)], [window(1_300)], 3_600],
    ['300 inserts a second', [window(0)], [window(18_000)], 60],
    ['nothing inserted', [window(1_000)], [window(1_000)], 604_800],
    ['parts that expired since', [window(1_000)], [window(900)], 604_800],
    ['a table that was not there', [], [window(900)], 604_800],
    ['a limit in time', [window(1_000)], [window(1_001, { seconds: 7_200 })], 7_200],
  ])('with %s', (_, before, now, seconds) => {
    expect(coveredSeconds(before, now, 60_000).get('events')).toBe(seconds);
  });
});
