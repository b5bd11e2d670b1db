import { changeBefore, didWhat, fieldChanges, wordsOf } from './changes';

it('a value on a line leaves out what is not set', () =>
  expect(wordsOf({ type: 'slack', url: '(hidden)', matchers: [], send_resolved: true }, ['type'])).toBe(
    'url: (hidden) · send_resolved: true',
  ));

describe('a change of a setting', () => {
  it('says which fields are another, new and gone', () => {
    expect(fieldChanges('{"a":1,"b":"x","c":[1]}', '{"a":2,"b":"x","d":true}')).toEqual([
      { field: 'a', before: '1', after: '2' },
      { field: 'c', before: '[\n  1\n]', after: null },
      { field: 'd', before: null, after: 'true' },
    ]);
  });

  it.each([
    ['that was made', undefined, '{"a":1}', [{ field: 'a', before: null, after: '1' }]],
    ['that was deleted', '{"a":1}', '', [{ field: 'a', before: '1', after: null }]],
    ['that changed nothing', '{"a":1}', '{"a":1}', []],
    ['that cannot be read', '{', 'x', []],
  ])('%s', (_what, before, after, changes) => expect(fieldChanges(before, after)).toEqual(changes));

  it('comes after the one of the version before, of the same setting', () => {
    const of = (name: string, version: number, value = '{}') => ({ type: 'view', name, version, value });
    const changes = [of('a', 2), of('b', 1), of('a', 1)];
    expect(changeBefore(changes, of('a', 2))).toBe(changes[2]);
    expect(changeBefore(changes, of('b', 1))).toBeUndefined();
    expect([of('a', 1), of('a', 2), of('a', 3, '')].map(didWhat)).toEqual(['made', 'changed', 'deleted']);
  });
});
