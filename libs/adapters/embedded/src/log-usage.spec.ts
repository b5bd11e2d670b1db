import { fairLevel } from './log-usage';

describe('the size limit of a topic', () => {
  it.each<[string, number[], number, number]>([
    ['cuts nothing where all fit', [10, 20], 40, Infinity],
    ['cuts only the largest', [10, 20, 100], 80, 50],
    ['cuts several to one size', [10, 60, 100], 90, 40],
    ['cuts all equally where each is larger than its share', [50, 60], 40, 20],
    ['keeps nothing where nothing may stay', [50], 0, 0],
  ])('%s', (_, sizes, total, level) => {
    expect(fairLevel(sizes, total)).toBe(level);
    expect(sizes.reduce((sum, size) => sum + Math.min(size, level), 0)).toBeLessThanOrEqual(total);
  });
});
