import { type Palette } from '../../design/chart/palette';
import { frontierOption, sentenceOf, settingOf, type Tried, wrongList } from './frontier';
import { type Backtest } from './questions';

const tried = (budget: number, anomalies: number, change: Partial<Tried> = {}): Tried => ({
  false_per_day: budget, rate_multiplier: 1, is_present: false, anomalies, explained: 0, in_maintenance: 0, by_channel: {}, kept: anomalies, kept_by_label: {}, real_lost: 0, lost: [], ...change,
}); // prettier-ignore
const answered = (settings: readonly Tried[], raised: number, labels: Record<string, number> = {}): Backtest =>
  ({ settings, raised: { anomalies: raised, by_label: labels, by_channel: {}, is_capped: false } }) as unknown as Backtest;
const palette: Palette = { of: (name) => name, series: ['first'], font: 'x' };

describe('a frontier of sensitivities', () => {
  it.each([
    ['', undefined],
    ['0.5, 5,50', undefined],
    ['0', 'above 0'],
    ['1;2', 'above 0'],
    ['-1', 'above 0'],
    ['1,2,3,4,5,6,7,8,9', '8 numbers'],
  ])('takes a list of numbers: %j', (text, wrong) =>
    expect(wrongList(text)).toEqual(wrong === undefined ? undefined : expect.stringContaining(wrong)),
  );

  it('draws what there would have been at each setting, what there was, and the present one', () => {
    const data = answered([tried(0.5, 1), tried(5, 3, { is_present: true, kept_by_label: { real: 2 } })], 3, { real: 2 });
    const { series } = frontierOption('budget', data, palette) as { series: Record<string, unknown>[] };
    expect(series.map(({ data: points }) => points)).toEqual([[[0.5, 1], [5, 3]], [[0.5, 0], [5, 2]], []]); // prettier-ignore
    expect(series[0]?.['markLine']).toMatchObject({ data: [{ yAxis: 3 }] });
    expect(series[2]?.['markLine']).toMatchObject({ data: [{ xAxis: 5 }] });
    expect(settingOf('multiplier', tried(5, 1))).toBe(1);
  });

  it.each([
    [answered([tried(5, 1, { is_present: true })], 1), '1 anomaly was raised in this time; the replay at the present setting raises 1, of which 1 are the same. None of them is labeled real'],
    [answered([tried(1, 0, { real_lost: 1 }), tried(5, 2, { is_present: true })], 2, { real: 1 }), '1 of the settings tried lose some of the 1 labeled real.'],
    [answered([tried(5, 2, { is_present: true })], 2, { real: 2 }), 'No setting tried loses any of the 2 labeled real.'],
    [answered([tried(1, 0)], 0), '0 anomalies were raised in this time.'],
  ])('is said in a sentence: %#', (data, sentence) => expect(sentenceOf(data)).toContain(sentence)); // prettier-ignore
});
