import { turnRecord, type TurnRecord } from '@telltale/contracts';
import fc from 'fast-check';
import { conversationsOf, joinSessionParts, SESSION_GAP_MS, type SessionPart, sessionOf, sessionPartOf } from './session';
import { AT } from './turn.fixture';

const turn = (i: number, of: Partial<TurnRecord> = {}): TurnRecord => {
  const ts = new Date(AT + i * 1_000).toISOString();
  return turnRecord.parse({ tenant: 'acme', turn_id: `t${i}`, revision: 3, ts, first_minute: ts, received_at: ts, expires_on: '2026-03-02', duration_ms: 500, service_name: 'bot', ...of });
}; // prettier-ignore
const ABOUT = { tenant: 'acme', session_id: 's', revision: 1, derived: false, first_minute: '2026-01-31T12:00:00.000Z', expires_on: '2026-03-02' }; // prettier-ignore
const join = (turns: readonly TurnRecord[]): SessionPart => turns.map(sessionPartOf).reduce(joinSessionParts);

describe('a session', () => {
  it('sums its turns, and has the frame of the first', () => {
    const turns = [
      turn(60, { status: 'error', outcome: 'error', errors: { tool: 2 }, calls: { llm: 1, tool: 2 }, intent: 'pay invoice', usage_output: 5, user_id: 'u1' }),
      turn(0, { outcome: 'answered', calls: { llm: 1 }, cost_nano_usd: 7, usage_cache_read: 3, input_preview: 'hi', service_name: 'front', user_id: '' }),
    ]; // prettier-ignore
    expect(sessionOf(join(turns), ABOUT)).toMatchObject({
      session_id: 's', service_name: 'front', user_id: 'u1', started_at: '2026-01-31T12:00:00.000Z', ended_at: '2026-01-31T12:01:00.500Z', turns: 2, events: 6, calls: { llm: 2, tool: 2 },
      errors: 2, failed_turns: 1, outcomes: { answered: 1, error: 1 }, intents: ['pay invoice'], last_outcome: 'error', input_tokens: 3, output_tokens: 5, cost_nano_usd: 7, input_preview: 'hi',
    }); // prettier-ignore
  });
  it('is the same whatever its turns are joined in', () => {
    const turns = fc.uniqueArray(fc.record({ i: fc.nat(50), cost: fc.constantFrom(null, 1, 2), user: fc.constantFrom('', 'a', 'b'), outcome: fc.constantFrom<TurnRecord['outcome']>('answered', 'error') }), { selector: ({ i }) => i, minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(turns, fc.nat(), (list, cut) => {
        const parts = list.map(({ i, cost, user, outcome }) => sessionPartOf(turn(i, { cost_nano_usd: cost, user_id: user, outcome })));
        const at = 1 + (cut % (parts.length - 1));
        const apart = joinSessionParts(parts.slice(at).reduce(joinSessionParts), parts.slice(0, at).reverse().reduce(joinSessionParts));
        expect(apart).toEqual(parts.reduce(joinSessionParts));
      }),
    );
  }); // prettier-ignore
});

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
