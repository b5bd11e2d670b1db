import { newTestEvent, T } from '../turns.fixture';
import { addToTurn, bytesOf, isUnwritten, openTurnOf, restTurn, wakeTurn } from './open-turn';

const EVENTS = [
  newTestEvent({ input: 'cancel my order', output: 'Done.', session_id: 's1' }),
  newTestEvent({ offset: 5, kind: 'tool', name: 'half a pair \ud83d', cost_nano_usd: 7, feature_flags: { new: 'on' } }),
];

function newTestTurn(written: number) {
  const [first = newTestEvent()] = EVENTS;
  const turn = openTurnOf(first);
  for (const event of EVENTS) addToTurn(turn, event, [], T);
  return Object.assign(turn, { written, unsaved: [] });
}

describe('a turn at rest', () => {
  it('has its events as bytes, counts as much memory, and wakes as it was', () => {
    const turn = newTestTurn(2);
    const before = structuredClone(turn);
    restTurn(turn);
    expect([turn.events.detailed.size, bytesOf(turn), isUnwritten(turn)]).toEqual([0, bytesOf(before), false]);
    wakeTurn(turn);
    expect(turn).toEqual(before);
  });

  it('wakes for another event, and knows those it has', () => {
    const turn = newTestTurn(2);
    restTurn(turn);
    expect(EVENTS.map((event) => addToTurn(turn, event, [], T).kind)).toEqual(['repeated', 'repeated']);
    restTurn(turn);
    expect(addToTurn(turn, newTestEvent({ offset: 9 }), [], T).kind).toBe('added');
    expect([turn.events.detailed.size, isUnwritten(turn)]).toEqual([3, true]);
  });

  it.each([
    ['has events that no row tells of', newTestTurn(1)],
    ['has events that the state does not have', { ...newTestTurn(2), unsaved: [...newTestTurn(2).events.detailed.values()] }],
    ['is sealed', { ...newTestTurn(2), isSealed: true }],
  ])('is none that %s', (_, turn) => {
    restTurn(turn);
    expect(turn.atRest).toBeNull();
  });
});
