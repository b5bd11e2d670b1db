import { CONFIDENCE_MODEL } from '@telltale/domain-rootcause';

export interface Observed {
  readonly confidence: number;
  readonly isRight: boolean;
}

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly causes: number;
  readonly mean_confidence: number;
  readonly right: number;
}

const BINS = 5;
const rounded = (value: number): number => Math.round(1_000 * value) / 1_000;

/** Confidences in bins of equal width, with how many of each were right. */
export function reliability(observed: readonly Observed[]): ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, i) => {
    const [from, to] = [i / BINS, (i + 1) / BINS];
    const inside = observed.filter(({ confidence }) => confidence >= from && (confidence < to || i === BINS - 1));
    const mean = (of: (one: Observed) => number): number => (inside.length === 0 ? 0 : rounded(inside.reduce((sum, one) => sum + of(one), 0) / inside.length)); // prettier-ignore
    return { from, to, causes: inside.length, mean_confidence: mean(({ confidence }) => confidence), right: mean(({ isRight }) => (isRight ? 1 : 0)) };
  });
} // prettier-ignore

/** Expected calibration error: the mean distance of confidence and share that was right, weighted by how many causes each bin has. */
export function calibrationError(observed: readonly Observed[]): number {
  const bins = reliability(observed);
  const sum = bins.reduce((total, { causes, mean_confidence: said, right }) => total + causes * Math.abs(said - right), 0);
  return observed.length === 0 ? 0 : rounded(sum / observed.length);
}

type Weights = Record<keyof typeof CONFIDENCE_MODEL, number>;
const NAMES = Object.keys(CONFIDENCE_MODEL) as (keyof Weights)[];
const STEPS = 4_000;
const RATE = 0.5;
const RIDGE = 0.002;

/** The weights that make what was right most likely, by gradient ascent; a ridge keeps few cases from certainty. */
export function fitConfidence(cases: readonly { readonly features: Readonly<Weights>; readonly isRight: boolean }[]): Weights {
  const weights = Object.fromEntries(NAMES.map((name) => [name, 0])) as Weights;
  for (let step = 0; step < STEPS && cases.length > 0; step++) {
    const gradient = Object.fromEntries(NAMES.map((name) => [name, -RIDGE * weights[name]])) as Weights;
    for (const { features, isRight } of cases) {
      const odds = NAMES.reduce((sum, name) => sum + weights[name] * features[name], 0);
      const error = (isRight ? 1 : 0) - 1 / (1 + Math.exp(-odds));
      for (const name of NAMES) gradient[name] += (error * features[name]) / cases.length;
    }
    for (const name of NAMES) weights[name] += RATE * gradient[name];
  }
  for (const name of NAMES) weights[name] = rounded(weights[name]);
  return weights;
}
