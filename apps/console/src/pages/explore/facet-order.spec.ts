import { inOrder } from './facet-order';

const order = (items: string, active: string, before = ''): string => inOrder([...items], (item) => item, (item) => active.includes(item), [...before]).join(''); // prettier-ignore

describe('the order of facets', () => {
  it('has what is in force first, and the rest as it came', () => expect(order('abcd', 'cd')).toBe('cdab'));
  it('stays while they are used, whatever is in force; what is new comes last', () => {
    expect(order('abcd', 'd', 'abcd')).toBe('abcd');
    expect(order('xabd', 'd', 'abcd')).toBe('abdx');
  });
});
