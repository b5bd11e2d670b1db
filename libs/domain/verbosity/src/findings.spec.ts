import { decide, type VerbosityEvent } from '.';
import { ack, anomaly, incident, NOW, play, RULES, set, TICK } from './decide.fixture';
import { MAX_FINDINGS } from './state';

const BOOST = (() => {
  const [effect] = play([0, anomaly()]).last.effects;
  return effect?.type === 'changed' ? effect.active.directive.id : '';
})();
const detail = (hits = 3): VerbosityEvent => ack(BOOST, 'pod', 'applied', { hits, drops: 0, bytes: 100 });
const behavior = (anomaly_ids: string[], state: 'open' | 'closed' = 'open') =>
  incident({ id: 'inc', kind: 'behavior', state, anomaly_ids });
const ended = anomaly('search', { state: 'closed', ended_at: '2026-03-02T12:00:05.000Z' });
const other = (id: string, name: string): VerbosityEvent => anomaly(name, { id });

/** What the boost that the first anomaly raised is evidence for when it expires. */
function evidenceAtExpiry(...events: readonly VerbosityEvent[]): readonly string[] | undefined {
  const { state } = play([0, anomaly()], ...events.map((event, i) => [i + 1, event] as const));
  const { effects } = decide(state, TICK, NOW + 90_000, RULES);
  const over = effects.flatMap((effect) => (effect.type === 'changed' && effect.active.directive.id === BOOST ? [effect] : []));
  expect(over.map(({ change }) => change)).toEqual(['expired']);
  return over[0]?.active.evidenceFor;
}

describe('what a boost is evidence for', () => {
  it.each([
    ['the anomaly that raised it, of which detail came', [detail()], ['a-search']],
    ['nothing, where no detail came', [], undefined],
    ['nothing, where it is in force and changed no record', [detail(0)], undefined],
    ['nothing, where detail came only after the end of the anomaly', [ended, detail()], []],
    ['what was open when detail came, though it is over', [detail(), ended], ['a-search']],
    ['a further anomaly about the same', [other('a-more', 'search'), detail()], ['a-search', 'a-more']],
    ['no anomaly about something else', [other('a-else', 'book'), detail()], ['a-search']],
    ['the incident of its anomalies', [behavior(['a-search', 'a-else']), detail()], ['a-search', 'inc']],
    ['no incident of other anomalies', [behavior(['a-else']), detail()], ['a-search']],
    ['no incident that was over before', [behavior(['a-search']), behavior(['a-search'], 'closed'), detail()], ['a-search']],
    ['no anomaly of planned work', [anomaly('search', { id: 'a-planned', in_maintenance: true }), detail()], ['a-search']],
    ['no anomaly of history', [anomaly('search', { id: 'a-old', backfill: true }), detail()], ['a-search']],
    ['no cost of the whole service', [incident(), detail()], ['a-search']],
  ] as const)('is %s', (_, events, expected) => {
    expect(evidenceAtExpiry(...events)).toEqual(expected);
  }); // prettier-ignore

  it('is the cost incident that raised it', () => {
    const { state } = play([0, incident()]);
    expect(state.inForce.map(({ openFindings }) => openFindings)).toEqual([['i']]);
  });

  it('is everything of its part, for a boost of a whole service set by hand', () => {
    const boost = set('mine', 60_000);
    if (boost.type !== 'command' || boost.command.type !== 'set_directive') throw new Error('no directive');
    const byHand: VerbosityEvent = { type: 'command', command: { ...boost.command, class: 'boost', target: { service_name: 'shop' }, set: { min_severity: 'debug' } } }; // prettier-ignore
    const { state } = play([0, byHand], [1, anomaly()], [2, incident()], [3, ack('mine', 'pod', 'applied', { hits: 1, drops: 0, bytes: 1 })]); // prettier-ignore
    expect(state.inForce.find(({ directive }) => directive.id === 'mine')?.evidenceFor).toEqual(['a-search', 'i']);
  });

  it('is noted of no restrict, and within bounds', () => {
    const anomalies = Array.from({ length: MAX_FINDINGS + 5 }, (_, i) => [i, other(`a-${i}`, 'search')] as const);
    const { state } = play([0, set('r', 3_600_000)], ...anomalies);
    expect(state.inForce.map(({ openFindings }) => openFindings?.length)).toEqual([undefined, MAX_FINDINGS]);
  });
});
