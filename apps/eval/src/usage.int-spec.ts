import { testData } from '@telltale/testkit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateUsage } from './usage';

jest.setTimeout(60_000);
const { path: DATA, itData, leftOut } = testData('spans');
/** Sets whose usage was counted by a provider; other runs were answered from a script, with made-up counts. */
const COUNTED_BY_PROVIDERS = ['langfuse-framework-traces', 'openinference'].map((set) => join(DATA, set));

describe('the evaluation of estimated usage', () => {
  it('compares what is counted with what was reported, by side', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-usage-'));
    const call = (input: number, output: number) => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o',
      'gen_ai.input.messages': '[{"role":"user","content":"2 + 2 = 4"}]',
      'gen_ai.output.messages': '[{"role":"assistant","content":"antidisestablishmentarianism"}]',
      'gen_ai.usage.input_tokens': input,
      'gen_ai.usage.output_tokens': output,
    });
    try {
      writeFileSync(join(folder, 'right.json'), JSON.stringify(call(14, 6)));
      writeFileSync(join(folder, 'half.json'), JSON.stringify(call(28, 6)));
      expect(await evaluateUsage(folder)).toEqual({
        input_calls: 2,
        input_median_error: -0.25,
        input_median_off_by: 0.25,
        input_within_10_percent: 1,
        output_calls: 2,
        output_median_error: 0,
        output_median_off_by: 0,
        output_within_10_percent: 2,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  itData(`holds on the data${leftOut}`, async () => {
    const report = await evaluateUsage(...COUNTED_BY_PROVIDERS);
    expect(report.input_calls).toBeGreaterThan(0);
    expect(report.input_median_off_by).toBeLessThanOrEqual(0.1);
    expect(report.output_median_off_by).toBeLessThanOrEqual(0.1);
  });
});
