import { type Clock } from './clock';

/** A clock that stands still until it is reported to go on. */
export interface TestClock extends Clock {
  advance(ms: number): void;
  readonly timers: number;
}

export function newTestClock(): TestClock {
  let mono = 1_000;
  let timers: { readonly at: number; readonly fn: () => void }[] = [];
  return {
    now: () => 1_700_000_000_000 + mono,
    mono: () => mono,
    random: () => 0.5,
    after(ms, fn) {
      const timer = { at: mono + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(ms) {
      const until = mono + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((one) => one !== next);
        mono = Math.max(mono, next.at);
        next.fn();
      }
      mono = until;
    },
    get timers() {
      return timers.length;
    },
  };
}
