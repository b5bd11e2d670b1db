import fc from 'fast-check';
import { type OperationNode, sessionTree } from './session-tree';

const row = (id: string, kind: string, trace: string, span: string, parent: string) => ({
  id,
  kind,
  trace_id: trace,
  span_id: span,
  parent_span_id: parent,
});
const idsOf = (nodes: readonly OperationNode[]): string[] =>
  nodes.flatMap((node) => [String(node['id']), ...idsOf(node.operations)]);

describe('session tree', () => {
  it('puts operations under what called them', () => {
    const tree = sessionTree([
      row('t', 'turn', 'A', 'root', ''),
      row('agent', 'agent', 'A', 's1', 'root'),
      row('tool', 'tool', 'A', 's2', 's1'),
      row('late', 'llm', 'B', 's3', 'gone'),
      row('thumbs', 'feedback', '', '', ''),
    ]);
    expect(tree.turns.map((turn) => [turn.trace_id, turn.turn?.['id'] ?? null, idsOf(turn.operations)])).toEqual([
      ['A', 't', ['agent', 'tool']],
      ['B', null, ['late']],
    ]);
    expect(tree.turns[0]?.operations[0]?.operations[0]?.['id']).toBe('tool');
    expect(tree.others.map((other) => other['id'])).toEqual(['thumbs']);
  });

  it('holds every event once, whatever the parents are', () => {
    const span = fc.constantFrom('', 'a', 'b', 'c', 'd');
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            kind: fc.constantFrom('turn', 'llm', 'tool'),
            trace_id: fc.constantFrom('', 'T', 'U'),
            span_id: span,
            parent_span_id: span,
          }),
        ),
        (events) => {
          const rows = events.map((event, id) => ({ ...event, id: String(id) }));
          const tree = sessionTree(rows);
          const ids = [
            ...tree.turns.flatMap((turn) => [...(turn.turn ? [String(turn.turn['id'])] : []), ...idsOf(turn.operations)]),
            ...tree.others.map((other) => String(other['id'])),
          ];
          expect(ids.sort()).toEqual(rows.map((r) => r.id).sort());
        },
      ),
    );
  });
});
