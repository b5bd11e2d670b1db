import fc from 'fast-check';
import { conversationHashes } from './conversation-hashes';

const KEY = Buffer.from('key of acme');
const said = (role: string, content: string) => ({ role, parts: [{ type: 'text', content }] });
const call = { role: 'assistant', parts: [{ type: 'tool_call', name: 'find', arguments: {} }] };
const result = { role: 'tool', parts: [{ type: 'tool_call_response', response: 'found' }] };
const hashes = (input: unknown, output: unknown = [], key = KEY) => conversationHashes(input, output, key);

describe('hashes of a conversation', () => {
  const first = [said('system', 'It is noon.'), said('user', 'Where is my order?')];
  const answer = said('assistant', 'On its way.');
  it('are those of its first request, of what was said before, and of that with the answer', () => {
    const [root, before, after] = hashes(first, [answer]);
    expect(root).toMatch(/^[0-9a-f]{16}$/);
    expect(before).toBe('');
    expect(after).toMatch(/^[0-9a-f]{16}$/);
    const next = hashes([...first, answer, said('user', 'Thanks!')], [said('assistant', 'You are welcome.')]);
    expect(next.slice(0, 2)).toEqual([root, after]);
    expect(next[2]).not.toBe(after);
  });
  it.each<[string, readonly unknown[], unknown]>([
    ['other instructions', [said('system', 'It is one.'), ...first.slice(1)], [answer]],
    ['a greeting', [said('assistant', 'Hello!'), ...first], [answer]],
    ['calls of tools in between', [...first, said('assistant', 'One moment.'), call, result], [answer]],
    ['space around texts', [said('user', ' Where is my order?\n')], [answer]],
    ['an answer that is plain text', first, 'On its way. '],
    ['content in the form of OpenAI', [{ role: 'user', content: 'Where is my order?' }], [{ role: 'assistant', content: 'On its way.' }]],
  ])('are the same with %s', (_, input, output) => {
    expect(hashes(input, output)).toEqual(hashes(first, [answer]));
  }); // prettier-ignore
  it('pass over requests that nobody answered', () => {
    const retried = hashes([...first, answer, said('user', 'And?'), said('user', 'Where?')], [said('assistant', 'Here.')]);
    expect(retried[1]).toBe(hashes(first, [answer])[2]);
    const failed = hashes([...first, answer, said('user', 'And?')], '');
    expect(failed[1]).toBe(failed[2]);
  });
  it.each([['text', 'Where?'], ['nothing', []], ['no request', [said('system', 'x')]], ['null', null], ['what is no message', [1, null]], ['far too much', [said('user', 'x'.repeat(1_100_000))]]])(
    'are none of %s',
    (_, input) => {
      expect(hashes(input, [answer])).toEqual([]);
    },
  ); // prettier-ignore
  it('say nothing without the key', () => {
    const other = hashes(first, [answer], Buffer.from('key of other'));
    expect(other.filter((hash) => hashes(first, [answer]).includes(hash))).toEqual(['']);
  });
  it('chain: each turn begins where the one before it ended, and nothing else does', () => {
    const text = fc.constantFrom('a', 'b', 'ab', '"],["');
    const exchanges = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 });
    const turnsOf = (list: readonly (readonly [string, string])[]) =>
      list.map(([request, reply], i) => {
        const history = list.slice(0, i).flatMap(([q, a]) => [said('user', q), said('assistant', a)]);
        return hashes([...history, said('user', request)], [said('assistant', reply)]);
      });
    fc.assert(
      fc.property(exchanges, exchanges, (a, b) => {
        for (const [i, [, before]] of turnsOf(a).entries()) expect(before).toBe(i === 0 ? '' : turnsOf(a)[i - 1]?.[2]);
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(turnsOf(a).at(-1)?.[2] === turnsOf(b).at(-1)?.[2]).toBe(same);
      }),
    );
  });
});
