import { beginningOf, lastWords, userMessagesIn } from './words';

describe('the last words of a role', () => {
  it.each([
    ['in parts', '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]', 'hi'],
    ['as content', '[{"role":"user","content":"hi"},{"role":"assistant","content":"yes?"}]', 'hi'],
    ['as a list of texts', '[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image"},{"type":"text","text":"b"}]}]', 'a\nb'],
    ['after those before', '[{"role":"user","content":"one"},{"role":"user","content":"two"}]', 'two'],
    ['inside of which a message is quoted', '[{"role":"user","content":"say {\\"role\\":\\"user\\"}"}]', 'say {"role":"user"}'],
    ['before what a tool answered', '[{"role":"user","content":"hi"},{"role":"user","parts":[{"type":"tool_call_response","response":"ok"}]}]', 'hi'],
    ['in plain text', 'hi', 'hi'],
    ['of nobody', '[{"role":"system","content":"be kind"}]', '[{"role":"system","content":"be kind"}]'],
    ['in broken JSON', '[{"role":"user","content":', '[{"role":"user","content":'],
  ])('%s', (_, messages, words) => expect(lastWords(messages, 'user')).toBe(words)); // prettier-ignore
});

it('messages of the user are counted, quoted ones are not', () => {
  expect(userMessagesIn('[{"role":"user","content":"{\\"role\\":\\"user\\"}"},{"role":"assistant"},{"role":"user"}]')).toBe(2);
  expect(userMessagesIn('{"role":"user"}')).toBe(0);
});

it('the beginning of a text never ends in half a character', () => {
  expect(beginningOf('ab😀', 3)).toBe('ab');
  expect(beginningOf('ab😀', 4)).toBe('ab😀');
});
