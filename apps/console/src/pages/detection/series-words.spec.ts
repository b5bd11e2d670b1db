import { amountOfMetric, nameOfSeries, ratioOf, ratioText, whatLabelDoes } from './series-words';

describe('a series in words', () => {
  it.each([
    [{ service_name: 'shop', kind: 'tool', name: 'search' }, 'search of shop'],
    [{ service_name: 'shop' }, 'shop'],
    [{ service_name: 'shop', model: 'm1' }, 'm1 of shop'],
    [{ name: 'search', region: 'eu' }, 'search eu'],
    [{}, 'all services'],
  ])('%j is %s', (labels, name) => expect(nameOfSeries(labels)).toBe(name));

  it.each([
    ['operation.duration', 1_240, '1.24 s'],
    ['llm.cost', 2_000_000_000, '$2.00'],
    ['operation.error_ratio', 0.25, '25 %'],
    ['error.count', 12, '12'],
    ['llm.tokens', 12.345, '12.3'],
  ])('a value of %s, %s, is %s', (metric, value, text) => expect(amountOfMetric(metric)(value)).toBe(text));

  it.each([
    [2_400, 1_000, '2.4×'],
    [300, 1_000, '0.3×'],
    [12_345, 1_000, '12×'],
    [null, 1_000, '–'],
    [5, 0, '–'],
    [5, null, '–'],
  ])('%s where %s was expected is %s', (value, expected, text) => expect(ratioText(ratioOf(value, expected))).toBe(text));

  it('says what each label does to the series', () => {
    expect(whatLabelDoes('real')).toContain('keeps its alert rate');
    expect(whatLabelDoes('expected')).toContain('a tenth of its alert rate');
    expect(whatLabelDoes('false_positive')).toContain('a tenth of its alert rate');
  });
});
