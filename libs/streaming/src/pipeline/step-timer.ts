import { type Clock } from '@telltale/kernel';

type StepTime = readonly [step: string, ms: number];

/** Measures the steps of a pipeline; present only while traces are on. What it measures has no effect on a batch. */
export interface StepTimer {
  /** A run of the pipeline begins. */
  started(): void;
  /** The time since the start, or since what was measured before, was that of `step`. */
  passed(step: string): void;
  /** That time was that of several steps which took turns; `shares` says in which proportion. */
  passedTogether(shares: readonly StepTime[]): void;
  add(step: string, ms: number): void;
  /** A timer over the same clock, for a part of the items. */
  sample(): StepTimes;
}

export interface StepTimes extends StepTimer {
  /** Milliseconds by step, in the order in which steps were first measured; starts over. */
  take(): StepTime[];
}

export function createStepTimer(clock: Pick<Clock, 'monotonic'>): StepTimes {
  const times = new Map<string, number>();
  let last = 0;
  const add = (step: string, ms: number): void => void times.set(step, (times.get(step) ?? 0) + ms);
  function lap(): number {
    const before = last;
    last = clock.monotonic();
    return last - before;
  }
  return {
    started: () => void lap(),
    passed: (step) => add(step, lap()),
    passedTogether(shares) {
      const sum = shares.reduce((total, [, share]) => total + share, 0);
      const ms = lap();
      for (const [step, share] of shares) add(step, ms * (sum > 0 ? share / sum : 1 / shares.length));
    },
    add,
    sample: () => createStepTimer(clock),
    take() {
      const taken = [...times];
      times.clear();
      return taken;
    },
  };
}
