import { keysOf, keysText, playedOf, playedText, sightOf, zoomText } from './in-address';
import { WHOLE } from './zoom';

describe('what of a turn is looked at, in its address', () => {
  it.each([
    [{ from: 0.25, to: 0.5 }, '0.25-0.5'],
    [{ from: 0, to: 1 / 3 }, '0-0.33333'],
    [WHOLE, ''],
  ])('is a part of the axis: %j', (sight, text) => {
    expect(zoomText(sight)).toBe(text);
    expect(sightOf(text).from).toBeCloseTo(sight.from, 5);
    expect(sightOf(text).to).toBeCloseTo(sight.to, 5);
  });

  it('are lines that were opened and closed, whatever they are called', () => {
    const keys = new Set(['run a b', 'id"],', '../?&#', '日本']);
    expect(keysOf(keysText(keys))).toEqual(keys);
    expect(keysText(new Set())).toBe('');
    expect(keysText(new Set(Array.from({ length: 500 }, (_, i) => `operation-${i}`)))).toBe('');
  });

  it('is where playback is', () => {
    expect([playedText(null), playedText(1_234.6), playedOf(''), playedOf('1235')]).toEqual(['', '1235', null, 1_235]);
  });

  it.each(['x', '0.5', '0.5-0.5-0.5', '-1-2', '1e9-2', 'NaN-1', '["a"', '{"a":1}', '[1,null]', '-5', '1e400'])(
    'is all of it where an address says what cannot be: %s',
    (text) => {
      expect([sightOf(text), [...keysOf(text)], playedOf(text)]).toEqual([WHOLE, [], null]);
    },
  );

  it('never leaves the axis', () => {
    for (const text of ['0.9-0.1', '1-1', '0-0', '1.9-0.2']) {
      const { from, to } = sightOf(text);
      expect([from >= 0, to <= 1, from < to]).toEqual([true, true, true]);
    }
  });
});
