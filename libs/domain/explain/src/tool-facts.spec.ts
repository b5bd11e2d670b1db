import fc from 'fast-check';
import { mineFacts } from './mine-facts';
import { conversationOf } from './read-messages';
import { type Facts, joinFacts } from './tool-facts';
import { formOf, leavesOf } from './values';

const NONE: Facts = new Map();
const plain = (facts: Facts): unknown => Object.fromEntries([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));

const value = fc.oneof(
  fc.constantFrom('a', 'card_1', '2024-01-02', 'x y'),
  fc.string({ maxLength: 5 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const conversation = fc
  .array(fc.record({ tool: fc.constantFrom('get', 'set', '__proto__'), args: fc.dictionary(fc.string({ maxLength: 3 }), value, { maxKeys: 5 }), ok: fc.boolean() }), { maxLength: 6 })
  .map((calls) =>
    conversationOf(
      'c',
      calls.flatMap(({ tool, args, ok }) => [
        { role: 'assistant', tool_calls: [{ id: 'c', function: { name: tool, arguments: JSON.stringify(args) } }] },
        { role: 'tool', tool_call_id: 'c', content: ok ? '{"id":"card_1"}' : 'Error: no' },
      ]),
      'unknown',
    ),
  ); // prettier-ignore

describe('facts of calls that worked', () => {
  it('are the same whatever order and groups they are joined in', () => {
    fc.assert(
      fc.property(conversation, conversation, conversation, (x, y, z) => {
        const [a, b, c] = [mineFacts(x), mineFacts(y), mineFacts(z)];
        expect(plain(joinFacts(joinFacts(a, b), c))).toEqual(plain(joinFacts(a, joinFacts(b, c))));
        expect(plain(joinFacts(a, b))).toEqual(plain(joinFacts(b, a)));
        expect(plain(joinFacts(a, NONE))).toEqual(plain(a));
      }),
    );
  });

  it('stay bounded, and say nothing of what has too many values', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      mineFacts(conversationOf('c', [
        { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'get', arguments: JSON.stringify({ id: `k${i}`, [`key_${'x'.repeat(i % 90)}`]: 1 }) } }] },
        { role: 'tool', tool_call_id: 'c', content: '{}' },
      ], 'unknown')),
    ).reduce(joinFacts, NONE); // prettier-ignore
    const facts = many.get('get');
    expect(facts?.calls).toBe(300);
    expect(Object.keys(facts?.args ?? {}).length).toBeLessThanOrEqual(64);
    expect(facts?.args['id']?.values).toBeNull();
  });

  it('learn what comes before from conversations only that are not known to have failed', () => {
    const messages = ['a', 'b'].flatMap((name) => [
      { role: 'assistant', tool_calls: [{ id: name, function: { name, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: name, content: 'ok' },
    ]);
    expect(mineFacts(conversationOf('c', messages, 'unknown')).get('b')).toMatchObject({
      calls: 1,
      unfailed: 1,
      before: { a: 1 },
    });
    expect(mineFacts(conversationOf('c', messages, 'failed')).get('b')).toMatchObject({ calls: 1, unfailed: 0, before: {} });
  });
});

it.each([
  ['2024-05-01', 'date'], ['gift_card_123', 'gift_card_<digits>'], ['#W2378156', '#W<digits>'], ['HAT136', 'HAT<digits>'], ['SEA', '3 capitals'], ['K1NW8N', '6 letters and digits'], ['0123456', '7 digits'],
  ['pending', 'word'], ['two words', 'text'], ['a@b.c', 'email'], ['', 'empty'], ['123e4567-e89b-12d3-a456-426614174000', 'uuid'],
])('%s has the form %s', (text, form) => expect(formOf(text)).toBe(form)); // prettier-ignore

it('finds ids that are keys, and stops at many values and deep ones', () => {
  expect(leavesOf({ cards: { card_17: { id: 'card_17' } } })).toEqual([{ path: 'cards.*', value: 'card_17' }, { path: 'cards.*.id', value: 'card_17' }]); // prettier-ignore
  expect(leavesOf(Array.from({ length: 9_000 }, (_, i) => i)).length).toBeLessThanOrEqual(400);
  let deep: unknown = 1;
  for (let i = 0; i < 50; i++) deep = [deep];
  expect(leavesOf(deep)).toEqual([]);
});
