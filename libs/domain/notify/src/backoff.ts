import { fnv1a, HOUR_MS } from '@telltale/kernel';

export interface RetryRules {
  /** Most tries of one delivery. */
  readonly maxTries: number;
  /** Pause after the first try; each later one is four times as long. */
  readonly backoffMs: number;
}

const GROWTH = 4;
const LONGEST_MS = HOUR_MS;
/** Up to so much of a pause is added, so that receivers that failed together are not all tried again at one moment. */
const JITTER = 0.2;

/** Pause after try number `attempt` (from 1) of a delivery; at least what the receiver asked for, within an hour. */
export function pauseMs({ backoffMs }: RetryRules, id: string, attempt: number, asked: number | null): number {
  const plain = Math.min(LONGEST_MS, backoffMs * GROWTH ** (attempt - 1));
  const jitter = (fnv1a(`${id}:${attempt}`) % 1_000) / 1_000; // prettier-ignore
  return Math.round(Math.max(plain * (1 + JITTER * jitter), Math.min(LONGEST_MS, asked ?? 0)));
}
