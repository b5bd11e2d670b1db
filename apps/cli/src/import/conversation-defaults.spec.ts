import { withDefaults } from './batches';

const DEFAULTS = { model: 'gpt-4o', provider: 'openai' };

describe('a conversation that is imported with a model and a provider', () => {
  it.each([
    ['names none', '{"id":"a","reward":1.0}', '{"model":"gpt-4o","provider":"openai","id":"a","reward":1.0}'],
    ['names its model', '{"model":"o3","n":1}', '{"provider":"openai","model":"o3","n":1}'],
    ['names both', '{ "model":"o3", "provider":"azure" }', '{ "model":"o3", "provider":"azure" }'],
    ['has an empty one', '{"model":"","provider":"azure"}', '{"model":"gpt-4o","provider":"azure"}'],
    ['is empty', '{}', '{"model":"gpt-4o","provider":"openai"}'],
    ['is no object', '[1]', '[1]'],
    ['is no JSON', '{"a":', '{"a":'],
  ])('%s', (_, text, sent) => {
    expect(withDefaults(text, DEFAULTS)).toBe(sent);
  });
});
