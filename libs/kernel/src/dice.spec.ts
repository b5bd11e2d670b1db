import { createDice } from './dice';

const MANY = 20_000;
const drawn = (draw: () => number): number[] => Array.from({ length: MANY }, draw);
function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe('dice', () => {
  it('fall as mulberry32 says, the same for a seed', () => {
    const { uniform } = createDice(1);
    expect([uniform(), uniform(), uniform()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
    expect(createDice(-1).uniform()).toBe(createDice(0xffffffff).uniform());
    expect(createDice(2).uniform()).not.toBe(createDice(1).uniform());
  });

  it('of a seed draw the same normal and Poisson numbers in every release, so that a simulation can be repeated', () => {
    const { normal } = createDice(1);
    expect(normal()).toBeCloseTo(1.4043387784, 9);
    expect(normal()).toBeCloseTo(1.2157546193, 9);
    const drawnOf = (mean: number) => [1, 2, 3].map((seed) => createDice(seed).poisson(mean));
    expect([4, 50, 200].map(drawnOf)).toEqual([
      [1, 6, 2],
      [46, 38, 42],
      [220, 190, 222],
    ]);
  });

  it('are uniform from 0 to below 1', () => {
    const values = drawn(createDice(7).uniform);
    expect(momentsOf(values).mean).toBeCloseTo(0.5, 1);
    expect(momentsOf(values).variance).toBeCloseTo(1 / 12, 2);
    expect([Math.min(...values) >= 0, Math.max(...values) < 1]).toEqual([true, true]);
  });

  it('are normal with mean 0 and variance 1', () => {
    const values = drawn(createDice(7).normal);
    expect(Math.abs(momentsOf(values).mean)).toBeLessThan(0.05);
    expect(Math.abs(momentsOf(values).variance - 1)).toBeLessThan(0.05);
    expect(values.filter((value) => value < 0).length / MANY).toBeCloseTo(0.5, 1);
  });

  it.each([0.5, 4, 50, 51, 200])('of a Poisson distribution have its mean and variance: %d', (mean) => {
    const { poisson } = createDice(7);
    const values = drawn(() => poisson(mean));
    expect(Math.abs(momentsOf(values).mean / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(momentsOf(values).variance / mean - 1)).toBeLessThan(0.08);
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });
});
