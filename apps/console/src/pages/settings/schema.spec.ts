import { fieldOfParameter, fieldsOf, readForm, typedOf } from './schema';

const SCHEMA = {
  type: 'object',
  properties: {
    mode: { type: 'string', enum: ['mask', 'strict'], description: 'What is kept' },
    days: { type: 'integer' },
    is_on: { type: 'boolean', default: true },
    to: { type: 'array', items: { type: 'string' } },
    scopes: { type: 'array', items: { type: 'string', enum: ['read', 'admin'] } },
    until: {
      anyOf: [
        { type: 'string', format: 'date-time' },
        { type: 'string', format: 'date' },
      ],
    },
    matchers: { type: 'array', items: { type: 'object' } },
    where: { type: 'object' },
  },
  required: ['mode', 'is_on'],
};
const fields = fieldsOf(SCHEMA);

describe('a form of a schema', () => {
  it('has a control for each field, and JSON where there is none', () => {
    expect(fields.map(({ name, control: { kind } }) => [name, kind])).toEqual([
      ['mode', 'one'],
      ['days', 'number'],
      ['is_on', 'switch'],
      ['to', 'list'],
      ['scopes', 'some'],
      ['until', 'text'],
      ['matchers', 'json'],
      ['where', 'json'],
    ]);
    expect(fields[0]).toEqual({ name: 'mode', about: 'What is kept', isNeeded: true, control: { kind: 'one', of: ['mask', 'strict'] } }); // prettier-ignore
    expect(fields.filter(({ isNeeded }) => isNeeded).map(({ name }) => name)).toEqual(['mode']);
  });

  it('reads what it shows', () => {
    const value = { mode: 'mask', days: 7, is_on: false, to: ['a@b.c', 'd@e.f'], scopes: ['read'], until: '2026-12-01', matchers: [{ field: 'service' }] }; // prettier-ignore
    expect(readForm(fields, typedOf(fields, value))).toEqual({ value });
  });

  it('leaves out what is empty', () => expect(readForm(fields, { mode: ' ', days: '' })).toEqual({ value: {} }));

  it.each([
    ['matchers', '[{]', /not JSON/],
    ['days', 'seven', /not a number/],
  ])('says that %s cannot be read', (field, text, problem) => {
    expect(readForm(fields, { [field]: text })).toEqual({ field, problem: expect.stringMatching(problem) as string });
  });

  it.each([
    ['value.url', 'url'],
    ['value.matchers.0.field', 'matchers'],
    ['value', null],
    ['name', null],
    [undefined, null],
  ])('shows what is wrong with %s at %s', (parameter, field) => expect(fieldOfParameter(parameter)).toBe(field));

  it('of no schema has no fields', () => expect(fieldsOf({})).toEqual([]));
});
