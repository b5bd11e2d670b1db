// Question 3: what changed when it began. A change at the onset says little where such changes happen all day.

export const CHANGE_KINDS = ['version', 'prompt_version', 'flag', 'release', 'model', 'tool', 'fingerprint', 'template', 'other'] as const; // prettier-ignore
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface Change {
  readonly kind: ChangeKind;
  /** The value that is new, as turns name it: `v2`, `support@7`, `fast=on`. */
  readonly value: string;
  /** ms since the epoch. */
  readonly at: number;
  /** Who says so: a deploy mark, or the first turn with the value. */
  readonly source: 'deploy' | 'first_seen';
}

export interface WeighedChange extends Change {
  /** Chance that a change of this kind lies as near to the onset by accident. */
  readonly chance: number;
  /** Logarithm of how much more likely it is here if it is the cause; negative for what came after the onset. */
  readonly evidence: number;
}

/** A cause comes before its effect, but for clocks and edges of windows. */
const AFTER_ONSET_MS = 5 * 60_000;
/** What was changed longer ago is no news. */
const LOOK_BACK_MS = 6 * 3_600_000;
/** More evidence than this is not claimed of a point in time. */
const MOST_EVIDENCE = 6;

/**
 * Weighs changes by how near before the onset they are and how rare such changes are: the chance that a random change of the kind comes as near is
 * 1 − exp(−rate × distance), the rate that of the other changes of the kind over `spanMs`.
 */
export function weighChanges(changes: readonly Change[], onset: number, spanMs: number): WeighedChange[] {
  return changes.map((change) => {
    const others = changes.filter(({ kind, value }) => kind === change.kind && value !== change.value).length;
    const rate = (others + 0.5) / Math.max(spanMs, 1);
    const before = onset - change.at;
    const distance = Math.max(60_000, Math.abs(before));
    const chance = 1 - Math.exp(-rate * distance);
    if (before < -AFTER_ONSET_MS) return { ...change, chance, evidence: -2 };
    if (before > LOOK_BACK_MS) return { ...change, chance, evidence: 0 };
    return { ...change, chance, evidence: Math.min(MOST_EVIDENCE, Math.max(0, -Math.log(chance))) };
  });
}
