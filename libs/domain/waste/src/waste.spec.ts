import { sampleBlocks, type TurnWaste } from '@telltale/contracts';
import fc from 'fast-check';
import { type Call, type Turn } from './call';
import { NO_STATS } from './outcome-stats';
import { wasteOfTurn } from './turn-waste';
import { type SeenTurn, type Surroundings, wasteAcrossTurns } from './waste-across-turns';

const call = (of: Partial<Call> = {}): Call => ({
  kind: 'llm', scope: 'plan gpt-4o', model: 'gpt-4o', span: 's', at: 0, end: 10, failed: false, isRetry: false, hash: '', resultHash: '', resultChars: 0, isCut: false, isAnswer: false, blocks: '',
  uncached: 100, read: 0, write: 0, write1h: 0, output: 10, reasoning: 0, isPaid: of.kind !== 'tool', nano: of.kind === 'tool' ? null : 1_000, ...of,
}); // prettier-ignore
const turn = (calls: readonly Partial<Call>[], of: Partial<Turn> = {}): Turn => ({
  calls: calls.map((one, nth) => call({ span: `s${nth}`, at: nth * 100, end: nth * 100 + 50, ...one })),
  hasFailed: false,
  answerHash: '',
  ...of,
});
const found = (calls: readonly Partial<Call>[], of: Partial<Turn> = {}) =>
  (wasteOfTurn(turn(calls, of)).claims ?? []).map(({ rule, calls: claimed, lost }) => [rule, claimed, lost]);
const tool = (hash: string, resultHash: string, of: Partial<Call> = {}): Partial<Call> => ({
  kind: 'tool',
  scope: 'get_order',
  model: '',
  hash,
  resultHash,
  ...of,
});
const blocks = (count: number, from = 0): string =>
  sampleBlocks(Array.from({ length: count }, (_, i) => (i < from ? `same${i}0` : `x${i}000000`)));

describe('the waste of a turn', () => {
  it('claims what was made again, with the calls that asked for nothing else', () => {
    expect(found([{}, tool('a', '1'), {}, tool('a', '1'), { nano: 400 }])).toEqual([
      ['repeated_tool_call', 1, 0],
      ['repeated_tool_call', 1, 1_000],
    ]);
  });

  it.each<readonly [what: string, calls: readonly Partial<Call>[]]>([
    ['another result', [{}, tool('a', '1'), {}, tool('a', '2')]],
    ['a change between', [{}, tool('a', '1'), tool('c', 'ok', { scope: 'cancel_order' }), tool('a', '1')]],
    ['results that are not known', [{}, tool('a', ''), {}, tool('a', '')]],
    ['a first try that failed', [{}, tool('a', '', { failed: true }), {}, tool('a', '1')]],
    ['a poll that is soon over', [{}, tool('a', '1', { scope: 'job_status' }), {}, tool('a', '1', { scope: 'job_status' })]],
    [
      'prompts of the same words but other beginnings',
      [
        { hash: 'p', blocks: blocks(3) },
        { hash: 'p', blocks: blocks(3, 1) },
      ],
    ],
    ['prompts of which only the end is known to be the same', [{ hash: 'p' }, { hash: 'p', uncached: 900 }]],
    [
      'answers at the same time that differ',
      [
        { hash: 'p', resultHash: '1', end: 900 },
        { hash: 'p', resultHash: '2', end: 900 },
      ],
    ],
    ['a cut answer that is used', [{ isCut: true, output: 900 }, {}]],
  ])('finds none in %s', (_, calls) => {
    expect(found(calls)).toEqual([]);
  });

  it('claims a call by the first of the rules that fit, and the rest of a failed turn by its failure', () => {
    const failing = tool('a', '', { failed: true });
    expect(found([{}, failing, {}, failing, {}, failing, { nano: null }], { hasFailed: true })).toEqual([
      ['retry_storm', 2, 0],
      ['retry_storm', 2, 2_000],
      ['failed_turn', 2, 1_000],
    ]);
    expect(wasteOfTurn(turn([{ nano: null }], { hasFailed: true })).claims).toMatchObject([
      { rule: 'failed_turn', lost: 0, unpriced: 1 },
    ]);
  });

  it('says at which block prompts break off, when they do so more than once', () => {
    const long = (count: number, at: number): Partial<Call> => ({ blocks: blocks(count, at), uncached: count * 256 });
    const broken = (nth: number): Partial<Call> => ({
      ...long(20, 3),
      blocks: `${20}:${blocks(3, 3).split(':')[1]}${String(nth).repeat(60)}`,
    });
    expect(wasteOfTurn(turn([broken(1), broken(2), broken(3)])).claims).toMatchObject([
      { rule: 'cache_prefix_broken', calls: 2, detail: 'block 4 of 20' },
    ]);
    expect(wasteOfTurn(turn([broken(1), broken(2)])).claims).toBeUndefined();
    expect(wasteOfTurn(turn([broken(1), { ...broken(2), read: null }, { ...broken(3), read: null }])).claims).toBeUndefined();
  });

  it('is nothing of a turn that nobody pays for', () => {
    expect(wasteOfTurn(turn([tool('a', '1'), tool('a', '1')]))).toEqual({});
  });
});

const anyCall: fc.Arbitrary<Partial<Call>> = fc.record({
  kind: fc.constantFrom('llm', 'llm', 'tool', 'embedding', 'other'),
  scope: fc.constantFrom('get_order', 'job_status', 'cancel_order'),
  model: fc.constantFrom('a', 'b'),
  failed: fc.boolean(),
  isRetry: fc.boolean(),
  hash: fc.constantFrom('', 'p', 'q'),
  resultHash: fc.constantFrom('', '1', '2'),
  resultChars: fc.constantFrom(0, 40_000),
  isCut: fc.boolean(),
  isAnswer: fc.boolean(),
  blocks: fc.constantFrom('', blocks(20, 0), blocks(20, 3), blocks(24, 9)),
  uncached: fc.nat(60_000),
  read: fc.option(fc.nat(9_000), { nil: null }),
  write: fc.nat(9_000),
  output: fc.nat(900),
  reasoning: fc.nat(900),
  nano: fc.option(fc.nat(1_000_000), { nil: null }),
  isPaid: fc.boolean(),
});
const anyTurn = fc
  .tuple(fc.array(anyCall, { maxLength: 30 }), fc.boolean(), fc.constantFrom('', '1'))
  .map(([calls, hasFailed, answerHash]) =>
    turn(
      calls.map((one) => ({ ...one, nano: one.isPaid ? (one.nano ?? null) : null })),
      { hasFailed, answerHash },
    ),
  );
const costOf = ({ calls }: Turn): number => calls.reduce((sum, { nano }) => sum + (nano ?? 0), 0);
const asSeen = (waste: TurnWaste, id: string): SeenTurn => ({ id, requestHash: 'r', waste });
const AROUND: Surroundings = {
  firstInput: () => 1_000,
  wasRead: () => false,
  isOver: () => true,
  withoutReasoning: { name: 'a', stats: NO_STATS, costs: 0, difference: { by: 0, low: 0, high: 0 } },
  cheaperModel: { name: 'b', stats: NO_STATS, costs: 0.1, difference: { by: 0, low: 0, high: 0 } },
};

describe('what is claimed', () => {
  it('is never more than a turn cost, in it and across turns, and no more is avoidable than lost', () => {
    fc.assert(
      fc.property(fc.array(anyTurn, { minLength: 1, maxLength: 6 }), fc.boolean(), (turns, hasAlternative) => {
        const seen = turns.map((one, nth) => asSeen(wasteOfTurn(one), `t${nth}`));
        const around = hasAlternative ? AROUND : { ...AROUND, withoutReasoning: null };
        turns.forEach((one, nth) => {
          const across = wasteAcrossTurns(seen[nth] as SeenTurn, seen.slice(0, nth), seen.slice(nth + 1), around);
          const claims = [...(seen[nth]?.waste.claims ?? []), ...across.claims];
          expect(claims.reduce((sum, { lost }) => sum + lost, 0)).toBeLessThanOrEqual(costOf(one));
          for (const { lost, avoidable } of claims)
            expect([lost >= 0, avoidable >= 0, avoidable <= lost]).toEqual([true, true, true]);
        });
      }),
      { numRuns: 300 },
    );
  });
});
