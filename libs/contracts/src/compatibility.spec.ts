import { incompatibilities, type JsonSchema } from './compatibility';

const base: JsonSchema = {
  type: 'object',
  required: ['a'],
  properties: { a: { type: 'string', enum: ['x', 'y'] }, b: { type: 'array', items: { type: 'number' } } },
};
const changed = (over: Partial<JsonSchema>, a: JsonSchema = base.properties!['a']!): JsonSchema => ({
  ...base,
  ...over,
  properties: { ...base.properties, a, ...over.properties },
});

describe('compatibility of a schema with its former version', () => {
  it.each([
    ['nothing changed', base, 'read', []],
    ['an optional field came', changed({ properties: { c: { type: 'string' } } }), 'read', []],
    ['a field was removed', { ...base, properties: { a: base.properties!['a']! } }, 'written', ['b: removed']],
    ['a type changed', changed({}, { type: 'number' }), 'written', ['a: type changed from string to number']],
    ['a taken field became required', changed({ required: ['a', 'b'] }), 'read', ['b: became required']],
    ['a written field became sure', changed({ required: ['a', 'b'] }), 'written', []],
    ['a written field became unsure', changed({ required: [] }), 'written', ['a: is no longer always there']],
    ['a taken value went', changed({}, { type: 'string', enum: ['x'] }), 'read', ['a: "y" is no longer taken']],
    ['a written value came', changed({}, { type: 'string', enum: ['x', 'y', 'z'] }), 'written', ['a: "z" is new to readers']],
    [
      'an item type changed',
      changed({ properties: { b: { type: 'array', items: { type: 'string' } } } }),
      'read',
      ['b[]: type changed from number to string'],
    ],
  ] as const)('%s', (_, next, direction, expected) => {
    expect(incompatibilities(base, next, direction)).toEqual(expected);
  });
});
