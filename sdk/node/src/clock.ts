/** Time and chance, given to all that needs them, so that tests set them. */
export interface Clock {
  /** Unix time in ms. */
  now(): number;
  /** Ms on a clock that no one sets. */
  mono(): number;
  /** Calls `fn` later; the timer does not keep the process alive. */
  after(ms: number, fn: () => void): Cancel;
  /** 0 or more, below 1. */
  random(): number;
}
export type Cancel = () => void;

export const systemClock: Clock = {
  now: () => Date.now(),
  mono: () => performance.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after `ms`, and keeps the process alive until then, unless it is aborted. */
export function holdOpen(ms: number): { readonly over: Promise<void>; readonly cancel: Cancel } {
  let cancel: Cancel = () => undefined;
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancel = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { over, cancel };
}
