import { evaluateWaste } from './waste/evaluate-waste';

describe('planted waste', () => {
  it('is found, and nothing is found in what looks like it; no turn wastes more than it cost', async () => {
    const figures = await evaluateWaste({ seed: 77, repeats: 1, services: 0 });
    expect(figures).toMatchObject({ waste_recall: 1, waste_precision: 1, waste_over_spend: 0, waste_wrong: [] });
    const planted = Object.values(figures.by_rule).filter((rule) => rule.planted > 0);
    expect(planted.length).toBe(13);
  }, 120_000);
});
