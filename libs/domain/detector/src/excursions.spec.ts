import { createDice } from '@telltale/kernel';
import { EXCURSION_FLOATS, likelihoodOf, trainExcursions } from './excursions';

const GREATEST = 19;

/** A series whose surprises have been these; the last of them comes next. */
function newSeries(surprises: readonly number[]) {
  const f = new Float32Array(EXCURSION_FLOATS);
  for (const surprise of surprises) trainExcursions(f, 0, surprise, GREATEST, true);
  return { of: (surprise: number) => likelihoodOf(f, 0, surprise), f };
}

/** As the bound says: one above x in e^x. */
function asBound(count: number, seed: number): number[] {
  const dice = createDice(seed);
  return Array.from({ length: count }, () => Math.min(GREATEST, -Math.log(1 - dice.uniform())));
}
/** `length` windows at `height` every `distance`. */
const runs = (count: number, distance: number, length: number, height: number): number[] =>
  Array.from({ length: count }, (_, i) => (i % distance < length ? height : 0));

describe('the likelihood of a surprise', () => {
  it('is what the bound says while nothing is known', () => {
    const { of } = newSeries([]);
    expect(of(12)).toEqual({ logP: -12, logTogether: 0 });
    expect(of(2)).toEqual({ logP: -2, logTogether: 0 });
  });

  it('stays near the bound for a series that keeps to it, and is never below it', () => {
    for (const seed of [1, 2, 3]) {
      const { of } = newSeries(asBound(10_000, seed));
      for (const surprise of [3, 5, 9, 15]) {
        expect(of(surprise).logP).toBeGreaterThanOrEqual(-surprise);
        expect(of(surprise).logP).toBeLessThan(-surprise + 3);
      }
    }
  });

  it('is the share of windows that were so surprising, where that is more', () => {
    const { of } = newSeries(runs(10_000, 500, 30, GREATEST));
    expect(Math.exp(of(GREATEST).logP)).toBeGreaterThan(0.02);
    expect(Math.exp(of(GREATEST).logP)).toBeLessThan(0.12);
  });

  it('counts windows that follow each other once for how often there are any', () => {
    const { of } = newSeries(runs(10_000, 500, 30, GREATEST));
    const { logP, logTogether } = of(GREATEST);
    expect(Math.exp(logTogether)).toBeGreaterThan(10);
    expect(Math.exp(logP - logTogether)).toBeLessThan(1 / 200);
  });

  it('is hardly changed by one long fault among ordinary days: the next one is news', () => {
    const { of } = newSeries([...asBound(5_000, 4), ...Array.from({ length: 80 }, () => GREATEST), ...asBound(2_000, 5)]);
    const { logP, logTogether } = of(15);
    expect(logP - logTogether).toBeLessThan(-9);
  });

  it('does not let an excursion answer for itself until it is over, and learns one that does not end', () => {
    const rising = newSeries([0, 6, 10, 14]);
    const after = newSeries([0, 6, 10, 14, 0]);
    const rate = ({ of }: typeof rising) => of(14).logP - of(14).logTogether;
    expect(rate(rising)).toBeCloseTo(-14, 1);
    expect(rate(after)).toBeGreaterThan(-13);
    const endless = newSeries(Array.from({ length: 2_000 }, () => GREATEST));
    expect(rate(endless)).toBeGreaterThan(-5);
  });
});
