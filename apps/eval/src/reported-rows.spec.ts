import { createDice, HOUR_MS } from '@telltale/kernel';
import { type LabeledSeries } from './labeled-series';
import { reportedRows } from './reported-rows';

const START = Date.UTC(2026, 0, 5);

/** Ten days of a value every five minutes, changed by `change` from row 2,000 on. */
function seriesOf(change: (value: number, row: number) => number): LabeledSeries {
  const dice = createDice(4);
  const values = Float64Array.from({ length: 2_880 }, (_, i) => {
    const value = 100 + dice.normal();
    return i >= 2_000 ? change(value, i) : value;
  });
  return { key: 's', times: values.map((_, i) => START + (i * HOUR_MS) / 12), values, labels: new Uint8Array(values.length) };
}
const rowsOf = (flags: Float64Array): number[] => [...flags.keys()].filter((row) => flags[row] === 1);

describe('what the service reports of a labeled series', () => {
  it('is the row of a spike', () => {
    const { withoutDrift } = reportedRows(seriesOf((value, row) => (row === 2_000 ? 160 : value)));
    expect(rowsOf(withoutDrift)).toContain(2_000);
  });

  it('is a drift at the row where it was noticed, hours after it began', () => {
    const { all, withoutDrift } = reportedRows(seriesOf((value, row) => value + 0.01 * (row - 2_000)));
    const drifts = rowsOf(all).filter((row) => withoutDrift[row] === 0 && row >= 2_000);
    expect(drifts.length).toBeGreaterThan(0);
    expect(drifts[0]).toBeGreaterThanOrEqual(2_000 + 6 * 12);
  });

  it('is nothing of rows without a value', () => {
    const { all } = reportedRows(seriesOf(() => NaN));
    expect(rowsOf(all).filter((row) => row >= 2_000)).toEqual([]);
  });
});
