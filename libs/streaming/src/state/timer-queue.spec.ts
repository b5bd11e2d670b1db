import fc from 'fast-check';
import { createTimerQueue, type Timer } from './timer-queue';

const dues = fc.array(fc.record({ at: fc.nat(20), key: fc.string({ maxLength: 2 }) }));

describe('a timer queue', () => {
  it('returns due timers in order of time, then key, whatever the insertion order', () => {
    fc.assert(
      fc.property(dues, fc.nat(20), (items, until) => {
        const queue = createTimerQueue();
        items.forEach((due) => queue.add(due));
        const taken: Timer[] = [];
        for (let due = queue.takeUntil(until); due; due = queue.takeUntil(until)) taken.push(due);
        const sorted = [...items].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
        const expected = sorted.filter((d) => d.at <= until);
        expect(taken).toEqual(expected);
        expect(queue.size()).toBe(items.length - expected.length);
        expect(queue.peek()).toEqual(sorted[expected.length]);
      }),
    );
  });
});
