import { nameOf } from './view-name';

describe('the name of a view', () => {
  it('is one that a setting can have, whatever its title', () => {
    for (const title of ['Slow refunds', '  ', 'Über 2 s!', '遅い返金', '../../x', 'a'.repeat(200)]) expect(nameOf(title)).toMatch(/^[a-z0-9-]{1,100}$/);
  }); // prettier-ignore
  it('is the same for the same title, and another for another', () => {
    expect(nameOf('Slow refunds')).toBe(nameOf('Slow refunds'));
    expect(new Set(['a b', 'a-b', 'A b', '遅い', '返金'].map(nameOf)).size).toBe(5);
  });
});
