import { type TurnRecord } from '@telltale/contracts';
import fc from 'fast-check';
import { joinSessionParts, NO_JOURNEY, type SessionPart, sessionOf, sessionPartOf } from './session';
import { newTestTurn as turn } from './turn.fixture';

const ABOUT = { tenant: 'acme', session_id: 's', revision: 1, derived: false, trace_ids: [], first_minute: '2026-01-31T12:00:00.000Z', expires_on: '2026-03-02' }; // prettier-ignore
const join = (turns: readonly TurnRecord[]): SessionPart => turns.map(sessionPartOf).reduce(joinSessionParts);

describe('a session', () => {
  it('sums its turns, and has the frame of the first', () => {
    const turns = [
      turn(60, { status: 'error', outcome: 'error', errors: { tool: 2 }, calls: { llm: 1, tool: 2 }, intent: 'pay invoice', usage_output: 5, user_id: 'u1', service_version: '2', feature_flags: { a: 'on' } }),
      turn(0, { outcome: 'answered', calls: { llm: 1 }, cost_nano_usd: 7, usage_cache_read: 3, input_preview: 'hi', service_name: 'front', user_id: '', service_version: '1', prompt_versions: ['p@1'], feature_flags: { a: 'off' } }),
    ]; // prettier-ignore
    expect(sessionOf(join(turns), ABOUT, NO_JOURNEY)).toMatchObject({
      session_id: 's', service_name: 'front', user_id: 'u1', started_at: '2026-01-31T12:00:00.000Z', ended_at: '2026-01-31T12:01:00.500Z', turns: 2, events: 6, calls: { llm: 2, tool: 2 },
      errors: 2, failed_turns: 1, outcomes: { answered: 1, error: 1 }, intents: ['pay invoice'], last_outcome: 'error', input_tokens: 3, output_tokens: 5, cost_nano_usd: 7, input_preview: 'hi',
      versions: ['1', '2'], prompt_versions: ['p@1'], feature_flags: ['a=off', 'a=on'], friction: null,
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
