import { type TurnTree } from './questions';
import { diffOf, MOST_LINES } from './turn-diff';

type Node = TurnTree['tree'][number];
const node = (name: string, of: Partial<Node> = {}): Node => ({
  depth: 1, id: name, kind: 'tool', name, status: 'ok', error_type: '', error_message: '', after_ms: 0, duration_ms: 100, model: '', tool_name: name, attempt: null, decision_chosen: '',
  cost_nano_usd: null, input_tokens: 0, output_tokens: 0, sizes: {}, ...of,
}); // prettier-ignore
const said = (bad: readonly Node[], good: readonly Node[]) => diffOf(bad, good).map(({ name, differs }) => [name, differs]);

describe('what a bad and a good turn did', () => {
  it('lies side by side in the order of both, what one of them has alone in its place', () => {
    const bad = ['plan', 'search', 'retry', 'answer'].map((name) => node(name));
    const good = ['plan', 'search', 'check', 'answer'].map((name) => node(name));
    expect(said(bad, good)).toEqual([
      ['plan', ''], ['search', ''], ['retry', 'only in the bad turn'], ['check', 'only in the good turn'], ['answer', ''],
    ]); // prettier-ignore
  });

  it.each<[string, Partial<Node>, Partial<Node>, string]>([
    ['longer', { duration_ms: 2_400 }, { duration_ms: 400 }, '6 times as long'],
    ['a little longer', { duration_ms: 130 }, { duration_ms: 40 }, ''],
    ['shorter', { duration_ms: 100 }, { duration_ms: 1_000 }, 'shorter by 10 times'],
    ['failed', { status: 'error' }, {}, 'failed'],
    ['another choice', { decision_chosen: 'refund' }, { decision_chosen: 'track' }, 'chose refund, not track'],
    ['without a duration', { duration_ms: null }, { duration_ms: 50 }, ''],
  ])('says what is different: %s', (_, bad, good, words) => expect(said([node('x', bad)], [node('x', good)])).toEqual([['x', words]])); // prettier-ignore

  it('compares operations that were folded by their number and whole time', () => {
    const folded = { operations: 9, below: 0, failed_below: 0, first_failed_id: '', total_ms: 900, max_ms: 100, cost_nano_usd: null, slowest_id: '' };
    expect(said([node('x', { folded })], [node('x')])).toEqual([['x', '9 calls, not 1; 9 times as long']]);
  }); // prettier-ignore

  it('folds in both turns what is folded in one', () => {
    const folded = { operations: 4, below: 0, failed_below: 0, first_failed_id: '', total_ms: 400, max_ms: 100, cost_nano_usd: null, slowest_id: '' };
    const good = [node('x'), node('y'), node('x', { status: 'error', error_type: 'timeout' }), node('x')];
    const lines = diffOf([node('x', { folded }), node('y')], good);
    expect(lines.map(({ name, bad, good: other }) => [name, bad?.calls, other?.calls, other?.ms, other?.error])).toEqual([['x', 4, 3, 300, 'timeout'], ['y', 1, 1, 100, '']]);
  }); // prettier-ignore

  it('keeps steps of another depth apart', () => expect(said([node('x', { depth: 2 })], [node('x')])).toHaveLength(2));

  it('ends: of turns without any step, and of very long ones', () => {
    expect(diffOf([], [])).toEqual([]);
    const many = Array.from({ length: 2_000 }, (_, i) => node(`step ${i % 7}`));
    const lines = diffOf(many, many.slice(3));
    expect(lines.length).toBeLessThanOrEqual(2 * MOST_LINES);
    expect(lines.filter(({ bad }) => bad !== null)).toHaveLength(MOST_LINES);
  });
});
