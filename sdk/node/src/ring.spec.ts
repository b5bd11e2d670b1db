import { createRing, type RingBudget } from './ring';

const newTestBudget = (maxBytes: number): RingBudget => ({ used: 0, maxBytes, giveWay: () => undefined });
function newTestRing(maxBytes = 100, maxAgeMs = 1_000, budget = newTestBudget(10_000)) {
  const lost: number[] = [];
  return { ring: createRing<string>({ maxBytes, maxAgeMs }, budget, (bytes) => lost.push(bytes)), lost, budget };
}

describe('a ring', () => {
  it('gives what it holds once, oldest first', () => {
    const { ring } = newTestRing();
    for (const item of ['a', 'b', 'c']) ring.push(item, 10, 0);
    expect([ring.take(0), ring.take(0)]).toEqual([
      { items: ['a', 'b', 'c'], dropped: 0 },
      { items: [], dropped: 0 },
    ]);
  });

  it('lets the oldest go for what is new, and says how many', () => {
    const { ring, lost } = newTestRing(25);
    for (const item of ['a', 'b', 'c', 'd']) ring.push(item, 10, 0);
    expect(ring.take(0)).toEqual({ items: ['c', 'd'], dropped: 2 });
    expect(lost).toEqual([10, 10]);
  });

  it('lets go what is too old, when it is asked and when something comes', () => {
    const { ring } = newTestRing(100, 50);
    ring.push('a', 10, 0);
    ring.push('b', 10, 40);
    expect(ring.take(60)).toEqual({ items: ['b'], dropped: 1 });
  });

  it('does not take what is larger than itself, and goes on', () => {
    const { ring } = newTestRing(25);
    ring.push('a', 10, 0);
    ring.push('large', 26, 0);
    expect(ring.take(0)).toEqual({ items: ['a'], dropped: 1 });
  });

  it('takes what is exactly as large as itself', () => {
    const { ring } = newTestRing(25);
    ring.push('exact', 25, 0);
    expect(ring.take(0).items).toEqual(['exact']);
  });

  it('shares the memory of all rings', () => {
    const budget = newTestBudget(30);
    const [one, other] = [newTestRing(100, 1_000, budget), newTestRing(100, 1_000, budget)];
    one.ring.push('a', 20, 0);
    other.ring.push('b', 20, 0);
    expect([other.ring.take(0), budget.used]).toEqual([{ items: [], dropped: 1 }, 20]);
    one.ring.close();
    expect(budget.used).toBe(0);
  });

  it('holds nothing any more once it is closed', () => {
    const { ring, lost } = newTestRing();
    ring.push('a', 10, 0);
    ring.close();
    ring.push('b', 11, 0);
    expect([ring.take(0), lost]).toEqual([{ items: [], dropped: 0 }, [10, 11]]);
  });

  it('stays in its bounds over many records', () => {
    const { ring, budget } = newTestRing(1_000);
    for (let n = 0; n < 10_000; n++) ring.push(String(n), 10, n / 1_000);
    expect(budget.used).toBe(1_000);
    const { items, dropped } = ring.take(10);
    expect([items[0], items.at(-1), items.length, dropped]).toEqual(['9900', '9999', 100, 9_900]);
  });
});
