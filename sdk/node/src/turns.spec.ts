import { newTestClock } from './clock.fixture';
import { createSubject, NO_OPERATION } from './directives/match';
import { type SdkRecord } from './record';
import { createTurns } from './turns';

const MIB = 1024 * 1024;
const recordOf = (body: string): SdkRecord => ({
  kind: 'log', rank: 1, isLog: true, severity: 1, isExempt: false, isFailure: false, hasContent: false, bytes: 100, at: 0, spanId: '',
  parentSpanId: '', logger: 'shop', operation: NO_OPERATION, subject: createSubject('', '', ''), fields: { body }, attributes: null, content: null,
}); // prettier-ignore

function newTestTurns(lingerMs = 60_000) {
  const clock = newTestClock();
  const lost: number[] = [];
  const sent: string[] = [];
  const turns = createTurns({
    clock,
    limits: { maxBytes: 16 * MIB, maxAgeMs: 600_000 },
    slowTurnMs: null,
    lingerMs,
    letGo: (bytes) => lost.push(bytes),
    sendHeld: (held) => sent.push(...held.map(({ fields }) => String(fields.body))),
  });
  const endTurn = (traceId: string, bytes = 100): void => {
    const turn = turns.open(createSubject(traceId, '', ''));
    turn.ring.push(recordOf(`of ${traceId}`), bytes, clock.mono());
    turn.close();
  };
  const kept = (): string[] => ['a', 'b', 'c', 'd'].filter((traceId) => turns.find(traceId) !== null);
  return { clock, turns, lost, sent, endTurn, kept };
}

describe('a turn that has ended', () => {
  it('is kept for a while with what it holds, and sends that once', () => {
    const { clock, turns, endTurn, kept, lost, sent } = newTestTurns();
    endTurn('a');
    clock.advance(30_000);
    endTurn('b');
    turns.find('b')?.sendWhole('feedback 1');
    turns.find('b')?.sendWhole('feedback 2');
    clock.advance(29_999);
    expect([kept(), sent, lost]).toEqual([['a', 'b'], ['of b'], []]);
    clock.advance(1);
    expect([kept(), lost]).toEqual([['b'], [100]]);
    clock.advance(30_000);
    expect([kept(), clock.timers, lost]).toEqual([[], 0, [100]]);
  });

  it('is found before others of its trace that ended earlier, and not while one is open', () => {
    const { turns, endTurn, sent } = newTestTurns();
    endTurn('a');
    const open = turns.open(createSubject('a', '', ''));
    expect(turns.find('a')).toBe(open);
    open.ring.push(recordOf('later'), 100, 0);
    open.close();
    turns.find('a')?.sendWhole('feedback');
    expect(sent).toEqual(['later']);
  });

  it('gives way, the oldest first, where all hold too much', () => {
    const { turns, endTurn, kept, lost } = newTestTurns();
    for (const traceId of ['a', 'b', 'c']) endTurn(traceId, 12 * MIB);
    expect([kept(), lost]).toEqual([['b', 'c'], [12 * MIB]]);
    const open = turns.open(createSubject('d', '', ''));
    open.ring.push(recordOf('of d'), 12 * MIB, 0);
    expect([kept(), lost, open.ring.isEmpty]).toEqual([['c', 'd'], [12 * MIB, 12 * MIB], false]);
  });

  it('is not kept where it holds nothing, where that is switched off, and at the end of the process', () => {
    const { turns, endTurn, kept, lost, clock } = newTestTurns();
    turns.open(createSubject('a', '', '')).close();
    endTurn('b');
    expect(kept()).toEqual(['b']);
    turns.forgetEnded();
    expect([kept(), lost, clock.timers]).toEqual([[], [100], 0]);
    const without = newTestTurns(0);
    without.endTurn('a');
    expect([without.kept(), without.lost]).toEqual([[], [100]]);
  });
});
