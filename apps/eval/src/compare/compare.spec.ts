import { evaluateChanges } from './changes';
import { evaluateSides } from './sides';

describe('the evaluation of comparisons', () => {
  it('finds effects at the nominal rate where there are none, and holds those that are planted', () => {
    const { cases, aa_rate, aa_rate_of_sessions, coverage } = evaluateSides(46).all;
    process.stdout.write(`${JSON.stringify({ cases, aa_rate, aa_rate_of_sessions, coverage })}\n`);
    expect(cases).toBeGreaterThanOrEqual(500);
    // Three standard errors of 506 cases beside the nominal rate.
    expect(aa_rate).toBeLessThanOrEqual(0.079);
    expect(aa_rate).toBeGreaterThanOrEqual(0.021);
    expect(aa_rate_of_sessions).toBeGreaterThan(0.15);
    expect(coverage).toBeGreaterThan(0.92);
  }, 300_000);

  it('takes what changes for all, and other cohorts, for no effect, and notices sides that drift apart', () => {
    const worlds = evaluateChanges(6);
    const { bias = 9, bias_without_control: withoutControl = 0 } = worlds['all change at once'] ?? {};
    const { bias: ofCohorts = 9, bias_unmatched: unmatched = 0 } = worlds['other cohorts come'] ?? {};
    expect(Math.max(Math.abs(bias), Math.abs(ofCohorts))).toBeLessThan(0.4);
    expect(Math.min(withoutControl, unmatched)).toBeGreaterThan(1);
    expect(worlds['(the sides drift apart)']?.trend_fails).toBeGreaterThan(0.6);
  }, 300_000);
});
