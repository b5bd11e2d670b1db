import { askedFor, type KnownField, offersFor, typedIn } from './offers';

const FIELDS: readonly KnownField[] = [
  { name: 'intent', about: 'What the request wants', type: 'text', isMeasure: false, values: undefined, tables: ['turns'] },
  { name: 'status', about: 'How it ended', type: 'text', isMeasure: false, values: ['ok', 'error'], tables: ['events', 'turns'] },
  { name: 'tool_name', about: 'Name of the tool', type: 'text', isMeasure: false, values: undefined, tables: ['events'] },
  { name: 'duration_ms', about: 'How long it took', type: 'number', isMeasure: true, values: undefined, tables: ['events', 'turns'] },
]; // prettier-ignore

describe('what is offered while filters are typed', () => {
  it('reads the last word', () => {
    expect(typedIn('status:error -intent:"re')).toMatchObject({
      before: 'status:error ',
      field: 'intent',
      operator: ':',
      isNegated: true,
    });
    expect(typedIn('status:error refu')).toMatchObject({ before: 'status:error ', word: 'refu', operator: '' });
    expect(typedIn('status:error ')).toMatchObject({ before: 'status:error ', word: '' });
    expect(typedIn('')).toMatchObject({ before: '', word: '' });
  });

  it('asks for values of the field, or of the fields that a bare word may be in', () => {
    expect(askedFor(typedIn('intent:re'), 'turns', FIELDS)).toEqual({ fields: ['intent'], containing: 're' });
    expect(askedFor(typedIn('refund'), 'turns', FIELDS)).toMatchObject({ fields: expect.arrayContaining(['intent', 'tools']) as string[], containing: 'refund' });
    expect(askedFor(typedIn('r'), 'turns', FIELDS).fields).toEqual([]);
    expect(askedFor(typedIn('duration_ms:'), 'turns', FIELDS).fields).toEqual([]);
  }); // prettier-ignore

  it('offers a bare word as filters, the most frequent first', () => {
    const found = [{ field: 'intent', values: [{ value: 'refund it', count: 3 }] }, { field: 'tools', values: [{ value: 'refund', count: 9 }, { value: '', count: 99 }] }];
    expect(offersFor(typedIn('-refund'), 'turns', FIELDS, found).map(({ text, about }) => [text, about])).toEqual([['-tools:refund', '9 turns'], ['-intent:"refund it"', '3 turns']]);
  }); // prettier-ignore

  it('offers names one after another for a sequence of calls', () => {
    const typed = typedIn('status:ok sequence:find_order!,ref');
    expect(askedFor(typed, 'turns', FIELDS)).toEqual({ fields: ['tools'], containing: 'ref' });
    expect(offersFor(typed, 'turns', FIELDS, [{ field: 'tools', values: [{ value: 'refund', count: 3 }] }])).toMatchObject([{ text: 'sequence:find_order!,refund', isWhole: false }]);
  }); // prettier-ignore

  it('offers fields, and those that these rows have not with the reason', () => {
    expect(offersFor(typedIn('t'), 'turns', FIELDS, []).map(({ text, why }) => [text, why === undefined])).toEqual([
      ['intent:', true], ['status:', true], ['duration_ms>', true], ['tool_name:', false],
    ]); // prettier-ignore
    expect(offersFor(typedIn('tool'), 'turns', FIELDS, [])).toMatchObject([
      { text: 'tool_name:', why: expect.stringMatching(/events/) as string },
    ]);
    expect(offersFor(typedIn(''), 'turns', FIELDS, []).every(({ why }) => why === undefined)).toBe(true);
  });
});
