import { type Metrics } from '@telltale/engine';
import { Refusal } from './refusal';

/** Bytes between arrival and answer, over all doors: the bound that answers 429 before memory does. */
export interface Inflight {
  /** Takes `bytes` until the answer's `release`, which may be called twice. Throws Refusal('overloaded'). */
  reserve(bytes: number): () => void;
}

export function createInflight(maxBytes: number, metrics: Metrics): Inflight {
  let held = 0;
  const change = (by: number): void => {
    held += by;
    metrics.set('telltale_gateway_inflight_bytes', {}, held);
  };
  return {
    reserve(bytes) {
      // A body larger than the bound may still come alone.
      if (held > 0 && held + bytes > maxBytes)
        throw new Refusal('overloaded', 'too much is on its way at the moment; send it again after Retry-After');
      change(bytes);
      let released = false;
      return () => {
        if (!released) change(-bytes);
        released = true;
      };
    },
  };
}
