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

const count: JsonSchema = { type: 'number', minimum: 0 };
const ofCount = changed({}, count);

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
      'a written number may be less',
      changed({}, { ...count, minimum: -9 }),
      'written',
      ['a: less than 0 is new to readers'],
      ofCount,
    ],
    ['a taken number may be less', changed({}, { ...count, minimum: -9 }), 'read', [], ofCount],
    [
      'a taken number must be more',
      changed({}, { ...count, minimum: 1 }),
      'read',
      ['a: less than 1 is no longer taken'],
      ofCount,
    ],
    ['a written number has no bound', changed({}, { type: 'number' }), 'written', ['a: less than 0 is new to readers'], ofCount],
    [
      'an item type changed',
      changed({ properties: { b: { type: 'array', items: { type: 'string' } } } }),
      'read',
      ['b[]: type changed from number to string'],
    ],
  ] as const)('%s', (_, next, direction, expected, former: JsonSchema = base) => {
    expect(incompatibilities(former, next, direction)).toEqual(expected);
  });
});
