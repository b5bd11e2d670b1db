import { fieldOf, formOf, isChange, NO_CHANGE, readWhatIf } from './what-if-form';

describe('the form of what-if', () => {
  it('asks for all that is given, a share as a share', () => {
    expect(readWhatIf({ model: 'gpt-4o', with: 'openai/gpt-4o-mini', cache: '80', tier: 'batch', cap: '500' })).toEqual({
      asked: { model: 'gpt-4o', with_model: 'openai/gpt-4o-mini', cache_read_share: 0.8, tier: 'batch', output_cap: 500 },
    });
  });
  it('asks for suggestions where nothing is given', () => {
    expect(readWhatIf(NO_CHANGE)).toEqual({ asked: {} });
    expect([isChange(NO_CHANGE), isChange({ ...NO_CHANGE, model: 'gpt-4o' }), isChange({ ...NO_CHANGE, cap: '5' })]).toEqual([false, false, true]); // prettier-ignore
  });
  it.each([
    ['cache', '101'],
    ['cache', '-1'],
    ['cache', 'much'],
    ['cap', '0'],
    ['cap', '1.5'],
    ['cap', '1000001'],
    ['with', 'gpt-4o-mini'],
    ['with', '/gpt'],
    ['tier', 'fast'],
  ] as const)('refuses %s %j at its field', (field, text) => {
    const read = readWhatIf({ ...NO_CHANGE, [field]: text });
    expect(Object.keys('errors' in read ? read.errors : {})).toEqual([field]);
  });
  it('finds the field of what the server refuses', () => {
    expect(['with_model', 'cache_read_share', 'from', undefined, 'toString'].map(fieldOf)).toEqual(['with', 'cache', undefined, undefined, undefined]); // prettier-ignore
  });
  it('fills itself from a suggestion, which asks for the same', () => {
    const option = { sentence: '', model: 'gpt-4o', with_model: 'a/b/c', cache_read_share: 0.805, tier: null, output_cap: null, calls: 1, before_nano_usd: 1, after_nano_usd: 1, saving_nano_usd: 0, low_nano_usd: null, high_nano_usd: null, unpriced_calls: 0, latency: null }; // prettier-ignore
    expect(readWhatIf(formOf(option))).toEqual({ asked: { model: 'gpt-4o', with_model: 'a/b/c', cache_read_share: 0.805 } });
  });
});
