import fc from 'fast-check';
import { type OperationNode } from '../session-tree';
import { foldTree } from './fold-tree';

const node = (id: string, name: string, operations: OperationNode[] = [], more: object = {}): OperationNode => ({ id, kind: 'tool', name, status: 'ok', error_type: '', duration_ms: 5, cost_nano_usd: null, ...more, operations }); // prettier-ignore
const many = (n: number, name: string, more: (i: number) => object = () => ({})): OperationNode[] =>
  Array.from({ length: n }, (_, i) => node(`${name}${i}`, name, [], more(i)));

const forest = fc.letrec<{ tree: OperationNode }>((tie) => ({
  tree: fc
    .record({
      name: fc.constantFrom('a', 'b'),
      status: fc.constantFrom('ok', 'error'),
      operations: fc.oneof({ maxDepth: 4 }, fc.constant<OperationNode[]>([]), fc.array(tie('tree'), { maxLength: 6 })),
    })
    .map(({ name, status, operations }) => node('x', name, operations, { status })),
}));
const sizeOf = (nodes: readonly OperationNode[]): number => nodes.reduce((sum, one) => sum + 1 + sizeOf(one.operations), 0);

describe('a folded tree', () => {
  it('shows three that are alike one by one, and four as one line with their sums', () => {
    expect(foldTree(many(3, 'a')).map(({ operation }) => operation['id'])).toEqual(['a0', 'a1', 'a2']);
    const [line, ...others] = foldTree(many(4, 'a', (i) => ({ duration_ms: i, cost_nano_usd: 10 })));
    expect(others).toEqual([]);
    expect(line?.folded).toEqual({
      operations: 4,
      below: 0,
      failed_below: 0,
      first_failed_id: '',
      total_ms: 6,
      max_ms: 3,
      cost_nano_usd: 40,
      slowest_id: 'a3',
    });
  });

  it('keeps a failure among many that went well', () => {
    const lines = foldTree(many(50, 'a', (i) => ({ status: i === 20 ? 'error' : 'ok' })));
    expect(lines.map(({ operation, folded }) => [operation['status'], folded?.operations ?? 1])).toEqual([
      ['ok', 49],
      ['error', 1],
    ]);
  });

  it('says what failed under many that are alike', () => {
    const steps = Array.from({ length: 9 }, (_, i) => node(`s${i}`, 'a', [node(`t${i}`, 'b', [], { status: i > 6 ? 'error' : 'ok' })]));
    expect(foldTree(steps)).toMatchObject([{ folded: { operations: 9, below: 9, failed_below: 2, first_failed_id: 't7' } }]);
  }); // prettier-ignore

  it('follows a chain of calls of any length', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => i).reduce<OperationNode[]>((below, i) => [node(`n${i}`, 'a', below)], []);
    expect(foldTree(chain).at(-1)).toMatchObject({ depth: 49_999, operation: { id: 'n0' } });
  }); // prettier-ignore

  it('stands for every operation exactly once', () => {
    fc.assert(
      fc.property(fc.array(forest.tree, { maxLength: 8 }), (nodes) => {
        const counted = foldTree(nodes).reduce((sum, { folded }) => sum + (folded ? folded.operations + folded.below : 1), 0);
        expect(counted).toBe(sizeOf(nodes));
      }),
    );
  });
});
