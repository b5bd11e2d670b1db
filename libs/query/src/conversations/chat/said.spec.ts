import { saidIn } from './said';

const rowWith = (input: string, size = input.length) => ({ input_text: input, input_size: size });

describe('what the user said in a turn', () => {
  it.each([
    ['plain text', 'Where is my order?', 'Where is my order?'],
    ['the last message of the user', JSON.stringify([{ role: 'system', content: 'Be kind' }, { role: 'user', content: 'first' }, { role: 'assistant', content: 'yes?' }, { role: 'user', content: 'second' }]), 'second'],
    ['parts of a message', JSON.stringify([{ role: 'user', content: [{ type: 'text', text: 'in parts' }] }]), 'in parts'],
    ['JSON that is no message', '[broken', '[broken'],
  ])('is %s', (_, input, text) => {
    expect(saidIn(rowWith(input), 'input', 'preview')).toEqual({ text, is_shortened: false });
  }); // prettier-ignore

  it('is the preview where the turn has no event, or only messages of others', () => {
    expect(saidIn(undefined, 'input', 'preview').text).toBe('preview');
    expect(saidIn(rowWith('[{"role":"system","content":"x"}]'), 'input', 'preview').text).toBe('preview');
  });

  it('says where there is more than is shown', () => {
    expect(saidIn(rowWith('a'.repeat(5_000)), 'input', '')).toEqual({ text: 'a'.repeat(4_000), is_shortened: true });
    expect(saidIn(rowWith('half a JSON', 41_000), 'input', 'preview')).toEqual({ text: 'preview', is_shortened: true });
  });
});
