import { evaluateExactness } from './exact/evaluate-exactness';
import { evaluateReconcile } from './reconcile/evaluate-reconcile';
import { evaluateSpikes } from './spikes/evaluate-spikes';
import { evaluateWaste } from './waste/evaluate-waste';

/** Other than those that the rules were tuned on. */
const REPORTED_SEED = 2_026;

/** What the rules about money find of what was planted, what is left of bills, and whether spend is exact. Each part is in a folder of its own. */
export const evaluateCosts = async (): Promise<object> => ({
  ...(await evaluateWaste({ seed: REPORTED_SEED, repeats: 25, services: 3 })),
  ...(await evaluateSpikes({ seed: REPORTED_SEED, perKind: 5 })),
  ...(await evaluateExactness({ seed: REPORTED_SEED, events: 4_000 })),
  ...(await evaluateReconcile({ seed: REPORTED_SEED, days: 28 })),
});
