export const LOSS_REASONS = [
  'queue_full',
  'refused',
  'too_large',
  'unserializable',
  'before_send_failed',
  'redaction_failed',
  'shutdown',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];
export type LossCounts = Readonly<Partial<Record<LossReason, number>>>;

/** Counts every record that was lost, by reason. */
export interface Losses {
  add(reason: LossReason, count?: number): void;
  readonly total: LossCounts;
  /** Those that were not yet reported. */
  takeNew(): LossCounts | null;
  putBack(counts: LossCounts): void;
}

export function createLosses(): Losses {
  const total: Partial<Record<LossReason, number>> = {};
  let fresh: Partial<Record<LossReason, number>> = {};
  const add = (counts: Partial<Record<LossReason, number>>, reason: LossReason, count: number): void => {
    counts[reason] = (counts[reason] ?? 0) + count;
  };
  return {
    total,
    add(reason, count = 1) {
      add(total, reason, count);
      add(fresh, reason, count);
    },
    takeNew() {
      const taken = fresh;
      fresh = {};
      return Object.keys(taken).length > 0 ? taken : null;
    },
    putBack(counts) {
      for (const reason of LOSS_REASONS) {
        const count = counts[reason];
        if (count !== undefined) add(fresh, reason, count);
      }
    },
  };
}
