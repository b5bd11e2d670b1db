import fc from 'fast-check';
import { attemptsOf } from './attempts';
import { extentsOf, packed, visibleBars } from './axis';
import { slownessOf, standingsOf } from './departures';
import { graphOf } from './graph';
import { type TurnOperation } from './operation';
import { hidingOf, rowsOf } from './rows';
import { treeOf } from './tree';

const AT = Date.parse('2026-11-30T00:00:00Z');

function operation(id: string, parent: string, from: number, ms: number, more: Partial<TurnOperation> = {}): TurnOperation {
  return {
    id, span_id: id, parent_span_id: parent, kind: 'tool', name: id, tool_name: '', agent_name: '', model: '', ts: new Date(AT + from).toISOString(), duration_ms: ms, status: 'ok', error_type: '', error_message: '',
    error_fingerprint: '', requested_by_span_id: '', attempt: null, decision_chosen: '', cost_nano_usd: null, input_tokens: 0, output_tokens: 0, time_to_first_token_ms: null, tool_call_hash: '', severity: '', line: '', ...more,
  };
} // prettier-ignore
const turn = operation('turn', '', 0, 1_000, { kind: 'turn' });
const choice = { toggled: new Set<string>(), folds: true };
const keysOf = (tree: ReturnType<typeof treeOf>, toggled: string[] = []) => rowsOf(tree, { ...choice, toggled: new Set(toggled) }).map(({ key }) => key); // prettier-ignore

describe('the tree of a turn', () => {
  it('has callers before what they called, and the work of a subtree by the clock', () => {
    const tree = treeOf([
      turn,
      operation('a', 'turn', 10, 100),
      operation('b', 'a', 20, 900),
      operation('c', 'turn', 300, 50, { status: 'error' }),
    ]);
    expect(tree.nodes.map(({ id, depth }) => [id, depth])).toEqual([['turn', 0], ['a', 1], ['b', 2], ['c', 1]]); // prettier-ignore
    expect(tree.byId.get('a')?.all).toMatchObject({ start: AT + 10, end: AT + 920, operations: 2, failed: 0 });
    expect(tree.byId.get('turn')?.all).toMatchObject({ operations: 4, failed: 1 });
  });

  it('puts what has no caller, or one that is not loaded, under the turn', () => {
    expect(treeOf([operation('lost', 'nobody', 5, 5), turn]).nodes.map(({ id, depth }) => [id, depth])).toEqual([['turn', 0], ['lost', 1]]); // prettier-ignore
  });

  it('holds each operation once, whatever its callers are', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })), { maxLength: 14 });
    fc.assert(
      fc.property(some, fc.boolean(), (links, hasTurn) => {
        const operations = links.map(([, parent], i) => operation(`${i}`, `${parent}`, i, 1));
        const tree = treeOf(hasTurn ? [turn, ...operations] : operations);
        expect(tree.nodes.map(({ id }) => id).sort()).toEqual(
          [...(hasTurn ? ['turn'] : []), ...operations.map(({ id }) => id)].sort(),
        );
      }),
    );
  });

  it('follows a chain of any length', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => operation(`${i}`, `${i - 1}`, i, 1));
    expect(treeOf(chain).nodes.at(-1)?.depth).toBe(19_999);
  });
});

describe('the lines of a tree', () => {
  const alike = Array.from({ length: 6 }, (_, i) =>
    operation(`s${i}`, 'turn', 10 + i, 1, { name: 'search', tool_name: 'search' }),
  );

  it('folds those that are alike and follow each other, and opens them', () => {
    const tree = treeOf([turn, ...alike, operation('end', 'turn', 50, 1)]);
    expect(keysOf(tree)).toEqual(['turn', 'run s0', 'end']);
    expect(keysOf(tree, ['run s0'])).toEqual(['turn', 'run s0', 's0', 's1', 's2', 's3', 's4', 's5', 'end']);
    expect(rowsOf(tree, { ...choice, folds: false })).toHaveLength(8);
  });

  it('never hides a failure in a run', () => {
    const tree = treeOf([turn, ...alike.map((one, i) => (i === 3 ? { ...one, status: 'error' } : one))]);
    expect(keysOf(tree)).toContain('s3');
  });

  it('closes what is under a line, and finds what has to be opened for another', () => {
    const tree = treeOf([turn, operation('a', 'turn', 0, 9), operation('b', 'a', 1, 1), ...alike]);
    expect(keysOf(tree, ['a'])).not.toContain('b');
    const [b, s4] = [tree.byId.get('b'), tree.byId.get('s4')];
    const closed = { ...choice, toggled: new Set(['a']) };
    expect(b && hidingOf(b, tree.roots, closed)).toEqual(['a']);
    expect(s4 && hidingOf(s4, tree.roots, choice)).toEqual(['run s0']);
  });

  it('shows what is looked for with its callers', () => {
    const tree = treeOf([turn, operation('a', 'turn', 0, 9), operation('b', 'a', 1, 1), ...alike]);
    expect(rowsOf(tree, { ...choice, matches: ({ id }) => id === 'b' }).map(({ key }) => key)).toEqual(['turn', 'a', 'b']);
  });
});

describe('the axis of a turn', () => {
  const llm = { kind: 'llm', model: 'm' };
  const tree = treeOf([
    turn,
    operation('a', 'turn', 0, 500, { ...llm, output_tokens: 30 }),
    operation('b', 'turn', 500, 500, { ...llm, output_tokens: 70 }),
  ]);

  it('is time, or what was written', () => {
    expect(extentsOf(tree, 'duration').get('b')).toEqual({ from: 0.5, to: 1 });
    expect([extentsOf(tree, 'tokens').get('turn'), extentsOf(tree, 'tokens').get('b')]).toEqual([{ from: 0, to: 1 }, { from: 0.3, to: 1 }]); // prettier-ignore
  });

  it('packs what does not overlap onto one level', () => {
    const { bars, levels } = packed(tree, extentsOf(tree, 'duration'));
    expect([levels, bars.map(({ node, level }) => [node.id, level])]).toEqual([2, [['turn', 0], ['a', 1], ['b', 1]]]); // prettier-ignore
  });

  it('draws no more bars than there are places for, and keeps the failures', () => {
    const many = treeOf([
      turn,
      ...Array.from({ length: 3_000 }, (_, i) => operation(`${i}`, 'turn', i / 3, 0.1, i === 1_501 ? { status: 'error' } : {})),
    ]);
    const { bars } = packed(many, extentsOf(many, 'duration'));
    const drawn = visibleBars(bars, { from: 0, to: 1 }, 200);
    expect(drawn.length).toBeLessThan(900);
    expect(drawn.some(({ node }) => node.id === '1501')).toBe(true);
  });
});

it('names for a failed call what came after it', () => {
  const call = { name: 'get', tool_name: 'get' };
  const tree = treeOf([turn, operation('1', 'turn', 0, 9, { ...call, status: 'error' }), operation('2', 'turn', 10, 9, { ...call, status: 'error' }), operation('3', 'turn', 30, 9, call)]); // prettier-ignore
  const of = attemptsOf(tree);
  const attempts = (id: string) => {
    const node = tree.byId.get(id);
    if (!node) throw new Error(id);
    const { previous, recovery, failedAgain, recovers } = of(node);
    return [previous?.id, recovery?.id, failedAgain, recovers?.id];
  };
  expect([attempts('1'), attempts('2'), attempts('3')]).toEqual([[undefined, '3', 1, undefined], ['1', '3', 0, undefined], ['2', undefined, 0, '2']]); // prettier-ignore
});

it('draws who called whom', () => {
  const tree = treeOf([
    turn,
    ...['1', '2', '3'].map((id) => operation(id, 'turn', 5, 1, { tool_name: 'get' })),
    operation('x', '1', 6, 2, { kind: 'llm', model: 'm', status: 'error' }),
  ]);
  const { nodes, edges, leftOut } = graphOf(tree);
  expect(nodes.map(({ id, level, failed, totalMs }) => [id, level, failed, totalMs])).toEqual([['turn turn', 0, 0, 1_000], ['tool get', 1, 0, 3], ['llm m', 2, 1, 2]]); // prettier-ignore
  expect(edges.map(({ from, to, calls }) => [from, to, calls])).toEqual([['turn turn', 'tool get', 3], ['tool get', 'llm m', 1]]); // prettier-ignore
  expect(leftOut).toBe(0);
});

describe('how an operation stands among others', () => {
  const usual = { value: 'get', days: 7, calls: 200, failed: 2, failed_alike: 1, measures: [{ name: 'duration_ms', value: 900, calls: 198, p50: 100, p95: 200, p99: 300, less: 0.97, more: 0.03 }] }; // prettier-ignore

  it('says what nearly no other does', () => {
    expect(standingsOf(usual, { status: 'ok', error_type: '' })).toEqual([
      {
        name: 'Time',
        text: 'slower than 97 % of 198 calls of get',
        usual: 'usually 100 ms, 19 in 20 up to 200 ms',
        departs: true,
      },
    ]);
    expect(standingsOf(usual, { status: 'error', error_type: 'Timeout' })[0]).toMatchObject({ text: '1 % of its calls fail', usual: '2 of 200 calls of get failed, 1 with Timeout', departs: true }); // prettier-ignore
  });

  it('says where it is about as usual, as where all take the same time', () => {
    const same = { ...usual, measures: usual.measures.map((one) => ({ ...one, less: 0, more: 0 })) };
    expect(standingsOf(same, { status: 'ok', error_type: '' })[0]).toMatchObject({
      text: 'about as usual among 198 calls of get',
      departs: false,
    });
  });

  it('says nothing by few calls', () => {
    expect(standingsOf({ ...usual, calls: 5, measures: usual.measures.map((one) => ({ ...one, calls: 5 })) }, { status: 'error', error_type: '' })).toEqual([]); // prettier-ignore
  });

  it('marks a row that took far longer than usual, and none of ordinary spread', () => {
    const of = slownessOf([{ kind: 'tool', of: 'get', calls: 500, p50: 100, p95: 180, p99: 250 }]);
    const call = (ms: number, name = 'get') => of(operation('x', '', 0, ms, { tool_name: name }));
    expect([call(240), call(800), call(800, 'other')]).toEqual([null, '8 times as long as usual (100 ms; 500 calls)', null]);
  });
});
