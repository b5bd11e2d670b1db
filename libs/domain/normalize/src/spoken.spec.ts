import { spokenIn } from './spoken';
import { toolsAsRead } from './tool-definitions';

const nothing = { texts: [], thoughts: [], roles: [], names: [] };

describe('what a model reads or writes', () => {
  const asked = { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'find', arguments: { city: 'Oslo' } }] };
  it.each([
    ['nothing', '', nothing],
    ['no value', null, nothing],
    ['plain text', 'hi', { ...nothing, texts: ['hi'], roles: ['user'] }],
    ['a message', [{ role: 'system', name: 'me', content: 'be kind' }], { ...nothing, texts: ['be kind'], roles: ['system'], names: ['me'] }],
    ['the JSON of messages', '[{"role":"user","content":"hi"}]', { ...nothing, texts: ['hi'], roles: ['user'] }],
    ['a call of a tool', [asked], { ...nothing, texts: ['find', '{"city":"Oslo"}'], roles: ['assistant'] }],
    ['the answer of a tool', [{ role: 'tool', tool_call_id: 'c1', content: 'rain' }], { ...nothing, texts: ['rain'], roles: ['tool'] }],
    ['a thought', [{ role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, { type: 'text', content: 'yes' }] }], { ...nothing, texts: ['yes'], thoughts: ['hm'], roles: ['assistant'] }],
    ['an image', [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a/b.png' } }] }], { ...nothing, roles: ['user'] }],
    ['a value of no known form', { question: 5 }, { ...nothing, texts: ['{"question":5}'], roles: ['user'] }],
  ])('in %s', (_, content, spoken) => expect(spokenIn(content, 'user')).toEqual(spoken)); // prettier-ignore
});

describe('an answer behind what it answers', () => {
  const said = (...texts: string[]) => texts.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content }));
  it.each([
    ['is not read', said('a', 'b'), 'b', ['a']],
    ['is read where it is another', said('a', 'b'), 'c', ['a', 'b']],
    ['is read where someone else says the same', said('a', 'b', 'c'), 'c', ['a', 'b', 'c']],
  ])('%s', (_, input, output, texts) => {
    expect(spokenIn(input, 'user', spokenIn(output, 'assistant')).texts).toEqual(texts);
  });
});

describe('tools as a model reads them', () => {
  const schema = {
    type: 'object',
    required: ['city'],
    properties: {
      city: { type: 'string', description: 'Where' },
      days: { type: 'array', items: { type: 'integer' } },
      unit: { enum: ['c', 'f'] },
      at: { anyOf: [{ type: 'object', properties: { hour: { type: 'number' } } }, { type: 'null' }] },
    },
  };
  const text = `# Tools

## functions

namespace functions {

// Looks it up
type weather = (_: {
// Where
city: string,
days?: integer[],
unit?: "c" | "f",
at?: {
hour?: number,
} | null,
}) => any;

} // namespace functions`;
  it.each([
    ['OpenAI', [{ type: 'function', function: { name: 'weather', description: 'Looks it up', parameters: schema } }]],
    ['Anthropic', [{ name: 'weather', description: 'Looks it up', input_schema: schema }]],
    ['Pydantic AI', { function_tools: [{ name: 'weather', description: 'Looks it up', parameters_json_schema: schema }] }],
    ['Google', [{ functionDeclarations: [{ name: 'weather', description: 'Looks it up', parameters: schema }] }]],
    ['JSON', JSON.stringify([{ name: 'weather', description: 'Looks it up', parameters: JSON.stringify(schema) }])],
  ])('are types, from the definitions of %s', (_, definitions) => expect(toolsAsRead(definitions)).toBe(text));
  it.each([[undefined], [null], [[]], ['none'], [{}], [[{ type: 'web_search' }]]])('are nothing from %j', (definitions) =>
    expect(toolsAsRead(definitions)).toBe(''),
  );
  it('may take nothing, and hold any value a schema can nest', () => {
    expect(toolsAsRead([{ name: 'now', parameters: { type: 'object', properties: {} } }])).toContain('type now = () => any;');
    let deep: unknown = { type: 'string' };
    for (let level = 0; level < 1_000; level++) deep = { type: 'array', items: deep };
    expect(toolsAsRead([{ name: 'f', parameters: { properties: { deep } } }])).toContain('deep?: any[][]');
  });
});
