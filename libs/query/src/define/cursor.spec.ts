import { after, decodeCursor, encodeCursor, orderBy, type OrderKey, valuesOf } from './cursor';

const KEYS: readonly OrderKey[] = [
  { column: 'peak_score', type: 'number', descending: true, ofNull: -1 },
  { column: 'id', type: 'text' },
];
const period = { since: 1, until: 2 };

describe('a cursor', () => {
  it('goes on after the row it was made of, in the range of the first page', () => {
    const cursor = encodeCursor('listSeries', { period, values: valuesOf(KEYS, { peak_score: null, id: "a'b" }) });
    const position = decodeCursor('listSeries', cursor, KEYS);
    expect(position).toEqual({ period, values: [-1, "a'b"] });
    expect(orderBy(KEYS)).toBe('ifNull(peak_score, -1) DESC, id');
    expect(after(KEYS, position.values)).toEqual({
      condition: '(ifNull(peak_score, -1) < {k0:Float64}) OR (ifNull(peak_score, -1) = {k0:Float64} AND id > {k1:String})',
      params: { k0: -1, k1: "a'b" },
    });
  });

  const forged = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  it.each([
    ['no base64 of JSON', 'nonsense'],
    ['another list', encodeCursor('listTurns', { period, values: [1, 'a'] })],
    ['too few values', forged(['listSeries', period, [1]])],
    ['a value of another type', forged(['listSeries', period, ['x', 'a']])],
    ['a range that is none', forged(['listSeries', { since: 'x' }, [1, 'a']])],
    ['no list at all', forged({})],
  ])('of %s is refused', (_, cursor) => {
    expect(() => decodeCursor('listSeries', cursor, KEYS)).toThrow(expect.objectContaining({ parameter: 'cursor' }));
  });
});
