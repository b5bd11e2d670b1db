import { entryIn, isOwnPage } from './entry';

describe('a link in the address', () => {
  it.each([
    ['#link=tt1.abc-_.x', { link: 'tt1.abc-_.x' }],
    ['#share=tt1.abc.x', { share: 'tt1.abc.x' }],
    ['#share=', null],
    ['#share=tt1.a<b', null],
    ['#other=tt1.abc.x', null],
    ['', null],
  ])('%s is %j', (hash, entry) => expect(entryIn(hash)).toEqual(entry));

  it.each([
    ['/turns/t1?tab=tree', true],
    ['//evil.test/', false],
    ['/\\evil.test/', false],
    ['https://evil.test/', false],
    ['javascript:alert(1)', false],
    ['turns', false],
  ])('leads to %s: %s', (path, isOwn) => expect(isOwnPage(path, 'http://telltale.test')).toBe(isOwn));
});
