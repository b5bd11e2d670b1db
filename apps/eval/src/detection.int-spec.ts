import { testData } from '@telltale/testkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateNab, readNab } from './nab';
import { NAB_PROFILES, nabScore } from './nab-score';
import { evaluateSeries } from './series';

const nab = testData('nab');
const cloud = testData('cloud-monitoring');

/** P(Z > z) of a standard normal, to all digits: the power series below 3, the continued fraction above (Abramowitz & Stegun 26.2.10, 26.2.14). */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let term = z;
    let sum = z;
    for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum) && k < 400; k += 2) sum += term *= (z * z) / k;
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 80; k >= 1; k--) fraction = z + k / fraction;
  return density / fraction;
}

/** The benchmark's own simplest detector: how far a value is in the tail of a normal over the last 6,400, moved 100 at a time. */
function windowedGaussian(values: Float64Array): Float64Array {
  let window: number[] = [];
  let next: number[] = [];
  let [mean, deviation] = [0, 1];
  const fit = (): void => {
    mean = window.reduce((a, b) => a + b, 0) / window.length;
    deviation = Math.sqrt(window.reduce((sum, x) => sum + (x - mean) ** 2, 0) / window.length) || 1e-6;
  };
  return values.map((value) => {
    // Published scores have twelve digits.
    const score = window.length > 0 ? Number((1 - upperTail(Math.abs(value - mean) / deviation)).toPrecision(12)) : 0;
    if (window.length < 6_400) {
      window.push(value);
      fit();
    } else {
      next.push(value);
      if (next.length === 100) {
        window = [...window.slice(100), ...next];
        next = [];
        fit();
      }
    }
    return score;
  });
}

nab.describeData(`labeled data${nab.leftOut}`, () => {
  it('scores a published detector as published', () => {
    const { series, scored } = readNab(nab.path);
    const published = (JSON.parse(readFileSync(join(nab.path, 'published_final_results.json'), 'utf8')) as Record<string, Record<string, number>>)['windowedGaussian']; // prettier-ignore
    const scores = series.map(({ values }) => windowedGaussian(values));
    const { standard, low_fp, low_fn } = NAB_PROFILES;
    expect(nabScore(scored, scores, standard).score).toBeCloseTo(published?.['standard'] ?? NaN, 0);
    expect(nabScore(scored, scores, low_fp).score).toBeCloseTo(published?.['reward_low_FP_rate'] ?? NaN, 0);
    expect(nabScore(scored, scores, low_fn).score).toBeCloseTo(published?.['reward_low_FN_rate'] ?? NaN, 0);
    expect(scored.reduce((sum, { windows }) => sum + windows.length, 0)).toBe(116);
  }, 120_000);

  it('keeps what the detector reaches in its one configuration', async () => {
    const figures = await evaluateNab(nab.path);
    expect(figures.standard_best).toBeGreaterThan(66);
    expect(figures.standard_product).toBeGreaterThan(60);
    const series = await evaluateSeries(cloud.path);
    expect(series.recall_at_0_1_false).toBeGreaterThan(0.35);
  }, 120_000);
});
