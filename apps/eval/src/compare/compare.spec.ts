import { evaluateCompare } from './evaluate-compare';

describe('the evaluation of comparisons', () => {
  it('finds effects at the nominal rate where there are none, and holds and finds those that are planted', async () => {
    const { aa_rate, aa_cases, aa_rate_of_sessions, coverage, did_aa_rate, did_coverage, did_bias, did_bias_without_control, drift_noticed } = await evaluateCompare(50);
    process.stdout.write(`${JSON.stringify({ aa_rate, aa_cases, aa_rate_of_sessions, coverage, did_aa_rate, did_coverage })}\n`);
    expect(aa_cases).toBeGreaterThanOrEqual(500);
    // Three standard errors of 550 cases beside the nominal rate.
    expect(aa_rate).toBeLessThanOrEqual(0.078);
    expect(aa_rate).toBeGreaterThanOrEqual(0.022);
    expect(aa_rate_of_sessions).toBeGreaterThan(0.15);
    expect(coverage).toBeGreaterThan(0.92);
    expect(did_aa_rate).toBeLessThanOrEqual(0.078);
    expect(did_coverage).toBeGreaterThan(0.92);
    expect(Math.abs(did_bias)).toBeLessThan(0.3);
    expect(did_bias_without_control).toBeGreaterThan(1.5);
    expect(drift_noticed).toBeGreaterThan(0.8);
  }, 120_000);
}); // prettier-ignore
