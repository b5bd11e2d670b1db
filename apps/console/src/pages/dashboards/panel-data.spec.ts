import { amountIn, isOverTime, seriesOf, statOf, unitOfColumn } from './panel-data';

const at = (minute: number): string => `2026-11-25 12:${String(minute).padStart(2, '0')}:00`;
const ms = (minute: number): number => Date.parse(`2026-11-25T12:${String(minute).padStart(2, '0')}:00Z`);
const STEP = 60_000;

describe('the rows of a panel', () => {
  it('are a series for each value, 0 where nothing of it was counted, in the tone of a state', () => {
    const rows = [
      { time: at(0), series: 'answered', turns: 4 },
      { time: at(1), series: 'answered', turns: '5' },
      { time: at(1), series: 'error', turns: 1 },
    ];
    expect(seriesOf(rows, 'bar', STEP)).toEqual([
      { name: 'answered', points: [[ms(0), 4], [ms(1), 5]], form: 'bar', tone: 'good' },
      { name: 'error', points: [[ms(0), 0], [ms(1), 1]], form: 'bar', tone: 'bad' },
    ]);
  }); // prettier-ignore

  it('are a series for each column where none is named, and both where both are', () => {
    const rows = [0, 1, 2].map((minute) => ({ time: at(minute), median: 1, p95: 2 }));
    expect(seriesOf(rows, 'line', STEP).map(({ name, form }) => [name, form])).toEqual([['median', 'line'], ['p95', 'line']]); // prettier-ignore
    expect(seriesOf([{ time: at(0), series: '', a: 1, b: 2 }], 'bar', STEP).map(({ name }) => name)).toEqual([
      '(none): a',
      '(none): b',
    ]);
  });

  it('of what is measured have a gap where much is missing, none where little is, and bars where they are few', () => {
    const rows = [0, 2, 20, 21].map((minute) => ({ time: at(minute), p95: minute === 21 ? null : 1 }));
    expect(seriesOf(rows, 'line', STEP)[0]?.points).toEqual([[ms(0), 1], [ms(2), 1], [ms(3), null], [ms(20), 1]]); // prettier-ignore
    expect(seriesOf(rows.slice(0, 2), 'line', STEP)[0]?.form).toBe('bar');
  });

  it('are drawn over time only where their first column is one', () => {
    expect(isOverTime([{ time: at(0), n: 1 }])).toBe(true);
    expect([isOverTime([{ n: 1, time: at(0) }]), isOverTime([{ time: 'soon' }]), isOverTime([])]).toEqual([false, false, false]);
  });

  it('have one number: the first', () => {
    expect([statOf([{ name: 'x', n: '12' }]), statOf([{ name: 'x' }]), statOf([])]).toEqual([12, null, null]);
  });
});

it.each([
  ['share', 0.0512, '5.1 %'],
  ['ms', 1_240, '1.24 s'],
  ['usd', 12.5, '$12.50'],
  ['per_minute', 1_234.6, '1,235'],
  ['score', 0.12345, '0.123'],
] as const)('%s of %d is %s', (unit, value, words) => {
  expect(amountIn(unit)(value)).toBe(words);
});

it('columns say their unit in their name', () => {
  expect(['p95_ms', 'cost_usd', 'failed_share', 'calls'].map(unitOfColumn)).toEqual(['ms', 'usd', 'share', 'count']);
});
