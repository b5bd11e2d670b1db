import fc from 'fast-check';
import { type Continuing, continuedConversations, conversationsOf, SESSION_GAP_MS } from './conversations';
import { sessionPartOf } from './session';
import { newTestTurn as turn } from './turn.fixture';

const gap = SESSION_GAP_MS / 1_000;

describe('conversations of a user', () => {
  const at = (...seconds: readonly number[]) => seconds.map((second) => ({ part: sessionPartOf(turn(second)), second }));
  const gap = SESSION_GAP_MS / 1_000;
  it.each([
    ['within half an hour of each other are one', [0, gap], [[0, gap]]],
    ['further apart are two', [0, gap + 1], [[0], [gap + 1]]],
    ['are joined by what lies between them', [0, 2 * gap - 1, gap], [[0, gap, 2 * gap - 1]]],
  ])('%s', (_, seconds, expected) => {
    expect(conversationsOf(at(...seconds)).map((turns) => turns.map(({ second }) => second))).toEqual(expected);
    expect(conversationsOf(at(...[...seconds].reverse())).map((turns) => turns.map(({ second }) => second))).toEqual(expected);
  });
});

describe('conversations by their messages', () => {
  type Said = readonly [second: number, before: string, after: string];
  const turnOf = ([second, before, after]: Said): Continuing & { readonly second: number } => ({
    part: sessionPartOf(turn(second)), turnId: `t${second}`, second, ...(after ? { before, after } : {}),
  }); // prettier-ignore
  const found = (said: readonly Said[]): number[][] =>
    continuedConversations(said.map(turnOf)).map((turns) => turns.map(({ second }) => second));

  it.each<[string, readonly Said[], number[][]]>([
    ['a turn follows the one after which was said what it was given', [[0, '', 'a'], [9, 'a', 'ab'], [20, 'ab', 'abc']], [[0, 9, 20]]],
    ['two that run side by side stay apart', [[0, '', 'a'], [1, '', 'x'], [9, 'x', 'xy'], [10, 'a', 'ab']], [[0, 10], [1, 9]]],
    ['not after half an hour', [[0, '', 'a'], [gap + 1, 'a', 'ab']], [[0], [gap + 1]]],
    ['but after less', [[0, '', 'a'], [gap, 'a', 'ab']], [[0, gap]]],
    ['nothing follows a turn that comes later', [[0, 'a', 'ab'], [9, '', 'a']], [[0], [9]]],
    ['of two that ended alike nobody knows which goes on', [[0, '', 'a'], [1, '', 'a'], [9, 'a', 'ab'], [10, 'ab', 'abc']], [[0], [1], [9, 10]]],
    ['but where the other one is long over', [[0, '', 'a'], [gap + 5, '', 'a'], [gap + 9, 'a', 'ab']], [[0], [gap + 5, gap + 9]]],
    ['an edited request begins another one', [[0, '', 'a'], [9, 'a', 'ab'], [20, 'a', 'ac'], [30, 'ac', 'acd'], [31, 'ab', 'abd']], [[0, 9, 31], [20, 30]]],
    ['a turn without an answer is of it, and another one may follow', [[0, '', 'a'], [9, 'a', 'a'], [20, 'a', 'ab'], [30, 'ab', 'abc']], [[0, 9, 20, 30]]],
    ['a first request without an answer stands alone', [[0, '', ''], [9, '', 'a']], [[0], [9]]],
    ['turns that show nothing stand alone', [[0, '', ''], [9, '', '']], [[0], [9]]],
  ])('%s', (_, said, expected) => {
    expect(found(said)).toEqual(expected);
    expect(found([...said].reverse())).toEqual(expected);
  }); // prettier-ignore

  const texts = fc.constantFrom('', 'a', 'b', 'ab', 'ac', 'abc');
  const turns = fc.uniqueArray(fc.tuple(fc.nat(2 * gap), texts, texts), { selector: ([second]) => second, maxLength: 12 });
  it('hold every turn once, each after the one that it continues, whatever order they came in', () => {
    fc.assert(
      fc.property(turns, fc.infiniteStream(fc.nat()), (said, dice) => {
        const shuffled = said.map((one) => ({ one, at: dice.next().value as number })).sort((a, b) => a.at - b.at).map(({ one }) => one);
        expect(found(shuffled)).toEqual(found(said));
        expect(found(said).flat().sort((a, b) => a - b)).toEqual(said.map(([second]) => second).sort((a, b) => a - b));
        const continuing = continuedConversations(said.map(turnOf)).flatMap((turns) => turns.slice(1).map((one, i) => ({ one, earlier: turns.slice(0, i + 1) })));
        for (const { one, earlier } of continuing) expect(earlier.map(({ after }) => after)).toContain(one.before);
      }),
      { numRuns: 500 },
    ); // prettier-ignore
  });
  it('of two people who said the same and were answered the same are never one', () => {
    const people = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(people, people, fc.nat(300), (first, second, offset) => {
        // Their turns say the same as far as the shorter one goes.
        const of = (pauses: readonly number[], from: number): Said[] =>
          pauses.map((_, i) => [from + pauses.slice(0, i + 1).reduce((sum, pause) => sum + 2 + 2 * pause, 0), 'x'.repeat(i), 'x'.repeat(i + 1)]);
        const [a, b] = [of(first, 0), of(second, 2 * offset + 1)];
        const persons = found([...a, ...b]).map((turns) => new Set(turns.map((at) => at % 2)).size);
        expect(persons.every((size) => size === 1)).toBe(true);
      }),
      { numRuns: 500 },
    ); // prettier-ignore
  });
});
