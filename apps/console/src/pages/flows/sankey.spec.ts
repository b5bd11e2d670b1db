import fc from 'fast-check';
import { behind, flowGraph, sentenceOf, shortName } from './sankey';

const node = (id: string, step: number, intent: string, outcome: string, sessions = 1) => ({
  id,
  step,
  intent,
  outcome,
  sessions,
});
const NODES = [
  node('1 refund answered', 1, 'refund', 'answered', 10),
  node('1 other error', 1, 'other', 'error', 4),
  node('2 refund error', 2, 'refund', 'error', 6),
  node('end helped', 3, '', 'helped', 4),
  node('end abandoned', 3, '', 'abandoned', 6),
  node('more turns', 3, '', '', 2),
];
const LINKS = [
  { source: '1 refund answered', target: '2 refund error', sessions: 6 },
  { source: '1 refund answered', target: 'end helped', sessions: 4 },
  { source: '1 other error', target: 'more turns', sessions: 2 },
  { source: '2 refund error', target: 'end abandoned', sessions: 6 },
];
const graph = flowGraph({ nodes: NODES, links: LINKS }, 2, 1);
const named = (id: string) => {
  const found = graph.nodes.find((one) => one.id === id);
  if (!found) throw new Error(`no node ${id}`);
  return found;
};
const link = (source: string, target: string) => {
  const found = graph.links.find((one) => one.source.id === source && one.target.id === target);
  if (!found) throw new Error(`no way from ${source} to ${target}`);
  return found;
};

describe('the graph of flows', () => {
  it('leaves out ways that few sessions took, and states that nothing leads to then, and counts them', () => {
    const few = flowGraph({ nodes: NODES, links: LINKS }, 2, 5);
    expect(few.links.map(({ source, target }) => [source.id, target.id])).toEqual([
      ['1 refund answered', '2 refund error'],
      ['2 refund error', 'end abandoned'],
    ]);
    expect(few.nodes.map(({ id }) => id)).not.toContain('1 other error');
    expect(few.hidden).toEqual({ links: 2, sessions: 6 });
  });

  it('never has a way back, whatever links come: a Sankey diagram breaks at a circle', () => {
    const ids = NODES.map(({ id }) => id);
    const some = fc.array(fc.record({ source: fc.constantFrom(...ids, 'unknown'), target: fc.constantFrom(...ids), sessions: fc.nat(20) })); // prettier-ignore
    fc.assert(
      fc.property(some, (links) => {
        for (const { source, target } of flowGraph({ nodes: NODES, links }, 2, 0).links) expect(source.step).toBeLessThan(target.step);
      }),
    ); // prettier-ignore
  });

  it('names ends and states, in the colour of what they mean', () => {
    expect(graph.nodes.map(({ name, tone }) => [name, tone])).toEqual([
      ['refund, answered', 'quiet'],
      ['other wishes, error', 'bad'],
      ['refund, error', 'bad'],
      ['Left helped', 'good'],
      ['Left unhelped', 'bad'],
      ['Went on', 'quiet'],
    ]);
    expect(sentenceOf(link('2 refund error', 'end abandoned'))).toBe('6 from refund, error (turn 2) to Left unhelped');
  });

  it('shortens names, and says how a turn ended only where it was not answered', () => {
    expect([shortName(named('1 refund answered')), shortName(named('2 refund error')), shortName(named('2 refund error'), 8)]).toEqual(['refund', 'refund, error', 'refund,…']); // prettier-ignore
  });

  it('asks for the sessions behind a state and behind a way', () => {
    expect(behind(named('1 refund answered'))).toEqual({ params: { state: 'refund/answered', turn: '1' } });
    expect(behind(link('1 refund answered', '2 refund error'))).toEqual({
      params: { state: 'refund/answered', turn: '1', next: 'refund/error' },
    });
    expect(behind(link('2 refund error', 'end abandoned'))).toEqual({
      params: { state: 'refund/error', turn: '2', next: 'abandoned' },
    });
    expect(behind(named('end abandoned'))).toEqual({ params: { abandoned: 'yes' } });
  });
  it.each([named('1 other error'), named('end helped'), link('1 other error', 'more turns')])(
    'says why it cannot ask for them',
    (of) => {
      expect(behind(of)).toEqual({ why: expect.stringMatching(/\w/) as string });
    },
  );
});
