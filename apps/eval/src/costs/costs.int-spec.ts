import { evaluateExactness } from './exact/evaluate-exactness';
import { evaluateReconcile } from './reconcile/evaluate-reconcile';
import { evaluateSpikes } from './spikes/evaluate-spikes';

jest.setTimeout(180_000);

it('spend is what the calls cost, over kills, repeats, late calls and a re-pricing, and simpler sums are not', async () => {
  const figures = await evaluateExactness({ seed: 5, events: 600 });
  expect(figures).toMatchObject({ spend_exact: true, exact_differences: [] });
  const { kills, kills_after_insert: afterInsert, late, weighted, sent_again: again, corrections, unpriced_at_first: unpriced, unpriced_at_last: still } = figures.exact_counts;
  expect(kills).toBeGreaterThanOrEqual(10);
  expect(Math.min(afterInsert, late, weighted, again, corrections, figures.exact_counts.corrections_repeated)).toBeGreaterThan(0);
  expect(still).toBeLessThan(unpriced);
  expect(Number(figures.exact_peers_off_nano_usd.at_least_once)).toBeGreaterThan(0);
  expect(Number(figures.exact_peers_off_nano_usd.not_repriced)).toBeGreaterThan(0);
}); // prettier-ignore

it('bills of simulated calls are explained by what was planted, and calls that were never recorded stay unexplained', async () => {
  const figures = await evaluateReconcile({ seed: 7, days: 10 });
  expect(figures.reconcile_reasons_found).toEqual({ found: 6, of: 6 });
  expect(figures.reconcile_unexplained_share).toBeLessThanOrEqual(0.01);
  expect(figures.reconcile_plain_difference_share).toBeGreaterThan(0.1);
  expect(figures.reconcile_missing_found).toBeGreaterThan(0.8);
});

it('a spike is put down to what was planted, and its parts are the whole change', async () => {
  const figures = await evaluateSpikes({ seed: 1, perKind: 1, kinds: ['cache_broken', 'price_rise'] });
  expect(figures).toMatchObject({ spikes: 2, spike_top1: 1, spike_top3: 1, spike_unexplained_nano_usd: 0 });
});
