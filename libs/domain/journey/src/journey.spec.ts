import { turnRecord, type TurnRecord } from '@telltale/contracts';
import fc from 'fast-check';
import { journeyOf } from './journey';
import { FRICTION_SIGNS, FRICTION_WEIGHTS, signsOf } from './signs';
import { type JourneyStep, journeyStepOf } from './step';

const A = '0123456789abcdef';
/** As A but for six bits. */
const NEAR_A = '0123456789abcdd0';
const OTHER = 'fedcba9876543210';
const step = (of: Partial<JourneyStep> = {}): JourneyStep => ({
  intent: '', outcome: 'answered', cues: [], request: '', numbers: '', answer: '', waitMs: 900, calls: 2, toolErrors: 0, ...of,
}); // prettier-ignore

describe('a step', () => {
  const turn = (of: Partial<TurnRecord>): TurnRecord =>
    turnRecord.parse({ tenant: 'a', turn_id: 't', revision: 1, ts: '2026-01-01T00:00:00Z', first_minute: '2026-01-01T00:00:00Z', received_at: '2026-01-01T00:00:00Z', expires_on: '2026-02-01', ...of }); // prettier-ignore
  it('compares no requests of few words, and counts failed calls of tools', () => {
    expect(journeyStepOf(turn({ input_preview: 'yes please do', request_simhash: A, output_preview: 'Done.' }), A)).toMatchObject({ request: '', answer: '' });
    expect(journeyStepOf(turn({ input_preview: 'cancel my last order', request_simhash: A, errors: { tool: 2, llm: 1, mcp: 1 } }), '')).toMatchObject({ request: A, toolErrors: 3 });
    expect(journeyStepOf(turn({ input_preview: '请帮我取消我的订单', request_simhash: A }), '')).toMatchObject({ request: A });
  }); // prettier-ignore
  it('has waited only where something says how long it took', () => {
    expect(journeyStepOf(turn({ duration_ms: 9_000, self_time_ms: { 'llm chat': 2_000 } }), '').waitMs).toBe(0);
    expect(journeyStepOf(turn({ duration_ms: 9_000, self_time_ms: { 'llm chat': 2_001 } }), '').waitMs).toBe(9_000);
    expect(journeyStepOf(turn({ duration_ms: 9_012.5 }), '').waitMs).toBe(9_012.5);
  });
  it('knows requests about other numbers apart', () => {
    const of = (text: string): string => journeyStepOf(turn({ input_preview: text }), '').numbers;
    expect([of('where is order 17'), of('is order 17 there'), of('where is it')]).toEqual([of('order 17'), of('17'), '']);
    expect(of('order 17')).not.toBe(of('order 18'));
  });
});

describe('signs of friction', () => {
  it.each<[string, Partial<JourneyStep>, Partial<JourneyStep>[], string[]]>([
    ['nothing', {}, [], []],
    ['the same request', { request: A }, [{ request: A }], ['repeat']],
    ['the same request four turns later', { request: A }, [{ request: A }, {}, {}, {}], ['repeat']],
    ['the same request long after', { request: A }, [{ request: A }, {}, {}, {}, {}, {}], ['extra_turn']],
    ['the same about another number', { request: A, numbers: '1' }, [{ request: A, numbers: '2' }], []],
    ['other words for it', { request: NEAR_A }, [{ request: A }], ['rephrasing']],
    ['another request', { request: OTHER }, [{ request: A }], []],
    ['the same wish after a refusal', { request: OTHER, intent: 'cancel order' }, [{ request: A, intent: 'cancel order', outcome: 'refused' }], ['rephrasing']],
    ['the same wish after help', { request: OTHER, intent: 'cancel order' }, [{ request: A, intent: 'cancel order' }], []],
    ['no words to compare', { request: '' }, [{ request: '' }], []],
    ['the same answer', { answer: A }, [{ answer: A }], ['same_answer']],
    ['a tool that failed and nobody saw', { toolErrors: 1 }, [], []],
    ['a tool that failed, as the answer says', { toolErrors: 1, cues: ['says_it_failed'] }, [], ['tool_error']],
    ['a tool that failed, and the turn with it', { toolErrors: 1, outcome: 'error' }, [], ['error', 'tool_error']],
    ['an apology without an error', { cues: ['apology'] }, [], []],
    ['words', { cues: ['correction', 'complaint', 'asks_for_person', 'thanks'] }, [], ['complaint', 'correction', 'asked_for_person']],
    ['a search of many calls', { calls: 6 }, [], ['many_calls']],
    ['the seventh turn', {}, Array(6).fill({}) as object[], ['extra_turn']],
    ['waiting', { waitMs: 10_000 }, [], ['slow']],
    ['waiting long', { waitMs: 60_000 }, [], ['long_wait']],
    ['no answer', { outcome: 'abandoned' }, [], ['no_answer']],
    ['a goodbye without an answer', { outcome: 'abandoned', cues: ['farewell'] }, [], []],
    ['a person', { outcome: 'transferred' }, [], ['transfer']],
  ])('%s', (_, one, before, signs) => expect(signsOf(step(one), before.map(step))).toEqual(signs)); // prettier-ignore
});

describe('a journey', () => {
  it('is smooth where nothing went wrong', () => {
    expect(journeyOf([step({ intent: 'find order' }), step({ cues: ['thanks'] })])).toEqual({
      friction: 0, reasons: {}, signs: {}, waitingMs: 1_800, longestWaitMs: 900, abandonedBecause: '', path: [{ intent: 'find order', outcome: 'answered', friction: 0 }, { intent: '', outcome: 'answered', friction: 0 }],
    });
  }); // prettier-ignore
  it('says what made it hard, and after which turn', () => {
    const { friction, reasons, path } = journeyOf([step({ request: A }), step({ request: A }), step({ outcome: 'error' })]);
    expect(friction).toBeCloseTo(1 - (1 - FRICTION_WEIGHTS.repeat) * (1 - FRICTION_WEIGHTS.error), 3);
    expect(Object.keys(reasons)).toEqual(['error', 'repeat']);
    expect(path.map((one) => one.friction)).toEqual([0, 20, 52]);
  });
  it.each<[string, Partial<JourneyStep>[], string]>([
    ['helped', [{}], ''],
    ['handed over', [{ outcome: 'transferred', cues: ['asks_for_person'] }], ''],
    ['an error', [{}, { outcome: 'error' }], 'error'],
    ['an error of a tool', [{ outcome: 'error', toolErrors: 1 }], 'tool_error'],
    ['no answer', [{}, { outcome: 'abandoned' }], 'no_answer'],
    ['no answer after a long wait', [{ waitMs: 70_000 }, { outcome: 'abandoned' }], 'long_wait'],
    ['a complaint that was answered', [{ cues: ['complaint'] }], 'complaint'],
    ['a correction that helped', [{ cues: ['correction', 'thanks'] }], ''],
    ['a slow answer', [{ waitMs: 20_000 }], ''],
    ['a goodbye without an answer', [{}, { outcome: 'abandoned', cues: ['farewell'] }], ''],
    ['a goodbye after an error', [{ outcome: 'error' }, { outcome: 'abandoned', cues: ['farewell'] }], 'error'],
    ['thanks after a correction', [{ cues: ['correction'] }, { outcome: 'abandoned', cues: ['thanks'] }], ''],
  ])('that ends with %s is left because of: %s', (_, steps, because) =>
    expect(journeyOf(steps.map(step)).abandonedBecause).toBe(because));

  const any = fc.record({
    intent: fc.constantFrom('', 'cancel order'), outcome: fc.constantFrom<JourneyStep['outcome']>('answered', 'error', 'abandoned', 'transferred', 'refused', 'unknown'),
    cues: fc.subarray(['correction', 'complaint', 'thanks', 'says_it_failed']), request: fc.constantFrom('', A, NEAR_A, OTHER), numbers: fc.constantFrom('', '1'), answer: fc.constantFrom('', A),
    calls: fc.nat(9), waitMs: fc.nat(100_000), toolErrors: fc.nat(2),
  }); // prettier-ignore
  it('has a friction of 0 to 1 that its reasons sum to, that never falls, and that each sign raises', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 120 }), (steps) => {
        const { friction, reasons, signs, path } = journeyOf(steps);
        expect(friction).toBeGreaterThanOrEqual(0);
        expect(friction).toBeLessThanOrEqual(1);
        expect(Math.abs(Object.values(reasons).reduce((sum, one) => sum + one, 0) - friction)).toBeLessThan(0.002);
        expect(Object.keys(reasons)).toEqual(Object.keys(signs));
        expect(path.length).toBe(Math.min(100, steps.length));
        expect(path.every((one, i) => i === 0 || one.friction >= (path[i - 1]?.friction ?? 0))).toBe(true);
      }),
    );
  });
  it('knows every sign by its weight', () => expect(FRICTION_SIGNS.every((sign) => FRICTION_WEIGHTS[sign] > 0 && FRICTION_WEIGHTS[sign] < 1)).toBe(true));
}); // prettier-ignore
