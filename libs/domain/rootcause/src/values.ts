import { type Counts } from './statistics';

/**
 * What turns are told apart by. A cause can lie in any of the first; conditions describe the turn and may follow from a cause; signs are how a
 * fault shows, so that they separate bad turns best and explain least.
 */
export const DIMENSIONS = {
  version: 'cause',
  prompt_version: 'cause',
  release: 'cause',
  flag: 'cause',
  model: 'cause',
  provider: 'cause',
  tool: 'cause',
  agent: 'cause',
  region: 'cause',
  environment: 'cause',
  service: 'cause',
  intent: 'cause',
  language: 'cause',
  user: 'cause',
  user_cohort: 'cause',
  dimension: 'cause',
  prompt_length: 'condition',
  cache_share: 'condition',
  since_deploy: 'condition',
  session_stage: 'condition',
  fingerprint: 'sign',
  template: 'sign',
} as const;
export type Dimension = keyof typeof DIMENSIONS;

export const isDimension = (name: string): name is Dimension => Object.hasOwn(DIMENSIONS, name);

export interface Value {
  readonly dimension: Dimension;
  readonly value: string;
}

/** Turns with one value, before the onset and from then on. */
export interface ValueCounts extends Value {
  readonly before: Counts;
  readonly after: Counts;
}

/** Turns that are alike in all chosen values. */
export interface Pattern {
  /** Indices of the chosen values that they have. */
  readonly has: readonly number[];
  readonly before: Counts;
  readonly after: Counts;
}

export const sameValue = (a: Value, b: Value): boolean => a.dimension === b.dimension && a.value === b.value;
