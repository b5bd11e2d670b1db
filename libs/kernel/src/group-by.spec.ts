import { groupBy } from './group-by';

describe('groupBy', () => {
  it('keeps items in their order, and keys in the order in which they first occur', () => {
    const groups = groupBy(['pear', 'apple', 'plum', 'avocado'], (word) => word[0]);
    expect([...groups]).toEqual([
      ['p', ['pear', 'plum']],
      ['a', ['apple', 'avocado']],
    ]);
  });

  it('takes keys that are no texts by identity, and reads an iterable once', () => {
    const [even, odd] = [{}, {}];
    const numbers = new Set([1, 2, 3]).values();
    const groups = groupBy(numbers, (number) => (number % 2 ? odd : even));
    expect(groups.get(odd)).toEqual([1, 3]);
    expect(groups.get(even)).toEqual([2]);
  });
});
