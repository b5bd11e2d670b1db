import { layoutOf, moved, nameOf, shownIds } from './layout';

const ALL = ['a', 'b', 'c'];

describe('the panels of the address', () => {
  it.each([
    ['', ['a', 'b', 'c']],
    ['c,a', ['c', 'a']],
    ['b,x,b', ['b']],
    ['x,y', ['a', 'b', 'c']],
  ])('%j are %j', (named, shown) => {
    expect(shownIds(ALL, named)).toEqual(shown);
  });

  it('go one place earlier or later, and stay at the ends', () => {
    expect(moved(ALL, 'b', -1)).toEqual(['b', 'a', 'c']);
    expect(moved(ALL, 'b', 1)).toEqual(['a', 'c', 'b']);
    expect([moved(ALL, 'a', -1), moved(ALL, 'c', 1), moved(ALL, 'x', 1)]).toEqual([ALL, ALL, ALL]);
  });

  it('are named only where they differ from all in their order', () => {
    expect([layoutOf(ALL, ALL), layoutOf(ALL, ['a', 'c'])]).toEqual(['', 'a,c']);
    expect(shownIds(ALL, layoutOf(ALL, ['c', 'b']))).toEqual(['c', 'b']);
  });
});

it.each([
  ['Everything', 'everything'],
  ['Service shop: “new”', 'service-shop-new'],
  ['日本', 'dashboard'],
  [`${'x'.repeat(200)}!`, 'x'.repeat(60)],
])('the name for %j is %j', (title, name) => {
  expect(nameOf(title)).toBe(name);
});
