import { type Support } from './diagnose';

/**
 * How often a cause with such support was the planted one: a logistic model, fitted on planted cases of some seeds and measured on others by
 * `telltale eval rootcause` (docs/ROOT-CAUSE.md has the figures).
 */
export const CONFIDENCE_MODEL = {
  constant: 0.317,
  margin: 0.44,
  explained: 0.864,
  change: 0.206,
  agreement: 2.704,
  later: -4.47,
} as const;

type Weights = Readonly<Record<keyof typeof CONFIDENCE_MODEL, number>>;

const MOST_MARGIN = 3;
/** Nothing is certain: fewer cases were measured than would show more. */
const [LEAST, MOST] = [0.02, 0.98];

export const featuresOf = ({ margin, explained, change, agreement, place }: Support): Weights => ({
  constant: 1,
  margin: Math.max(-MOST_MARGIN, Math.min(MOST_MARGIN, margin)),
  explained,
  change,
  agreement,
  later: place > 0 ? 1 : 0,
});

export function confidenceOf(support: Support, weights: Weights = CONFIDENCE_MODEL): number {
  const features = featuresOf(support);
  const names = Object.keys(CONFIDENCE_MODEL) as (keyof Weights)[];
  const odds = names.reduce((sum, name) => sum + weights[name] * features[name], 0);
  return Math.max(LEAST, Math.min(MOST, 1 / (1 + Math.exp(-odds))));
}
