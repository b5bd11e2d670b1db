import fc from 'fast-check';
import { explainConversation } from './explain';
import { mineFacts } from './mine-facts';
import { conversationOf } from './read-messages';
import { outlineOf, similarTo } from './similar';
import { joinFacts } from './tool-facts';

const word = fc.constantFrom(
  'cancel',
  'yes',
  'order_1',
  '2024-05-20',
  'No.',
  'Error: x',
  'has been cancelled',
  '3 bags',
  '',
  '{"a":1}',
  'constructor',
  '{"constructor":"toString"}',
);
const content = fc.oneof(word, fc.constant(null), fc.array(fc.record({ type: fc.constantFrom('text', 'tool_use', 'tool_result'), text: word, id: word, name: word, input: fc.anything() }), { maxLength: 2 }), fc.jsonValue()); // prettier-ignore
const message = fc.record(
  {
    role: fc.constantFrom('system', 'user', 'assistant', 'tool', 'function', 'other'),
    content,
    tool_call_id: word,
    tool_calls: fc.array(fc.record({ id: word, function: fc.record({ name: fc.constantFrom('get_a', 'cancel_b', '', '__proto__'), arguments: fc.oneof(fc.json(), word) }) }), { maxLength: 3 }),
  },
  { requiredKeys: ['role'] },
); // prettier-ignore
const messages = fc.array(fc.oneof(message, fc.jsonValue()), { maxLength: 20 });
const ending = fc.constantFrom('failed' as const, 'succeeded' as const, 'unknown' as const);

it('explains any list of messages without an error, by a step that there is, and always the same', () => {
  fc.assert(
    fc.property(messages, messages, ending, (one, other, how) => {
      const conversation = conversationOf('one', one, how);
      const known = conversationOf('other', other, 'succeeded');
      const similar = similarTo(outlineOf(conversation), [outlineOf(known)]);
      const explain = () => explainConversation(conversation, mineFacts(known), similar);
      const { root, findings } = explain();
      for (const { step } of findings) expect(conversation.steps[step]?.index).toBe(step);
      expect(root === null || findings.some(({ step, cause }) => step === root.step && cause === root.cause)).toBe(true);
      expect(how === 'succeeded' && root !== null).toBe(false);
      expect(explain()).toEqual(explain());
    }),
    { numRuns: 300 },
  );
});

it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('takes %s for a word, a tool and an argument like any other', (name) => {
  const call = (value: string) => ({ role: 'assistant', tool_calls: [{ id: value, function: { name, arguments: `{"${name}": "${value}"}` } }] });
  const made = (value: string) => conversationOf(value, [{ role: 'user', content: `the ${name} of it` }, call(value), { role: 'tool', tool_call_id: value, content: `{"${name}": "${value}"}` }], 'unknown');
  const facts = Array.from({ length: 12 }, (_, i) => mineFacts(made(`order_${i}`))).reduce(joinFacts);
  expect(facts.get(name)?.calls).toBe(12);
  expect(explainConversation(made(name), facts, []).steps.length).toBeGreaterThan(0);
}); // prettier-ignore
