import { MINUTE_MS, SECOND_MS } from '@telltale/kernel';
import { isIPv6 } from 'node:net';

/** Tries that an address may fail with at once. */
const BURST = 10;
/** Beyond that, one in so long. */
const REFILL_MS = 6 * SECOND_MS;
/** Of these at most something is remembered; the one that failed the longest time ago is forgotten first. */
const MAX_ADDRESSES = 10_000;
const FORGET_MS = 2 * MINUTE_MS;

/** What an address has to wait off, as of a moment. */
interface Debt {
  readonly ms: number;
  readonly at: number;
}

/** Keeps who guesses from guessing fast: only tries that failed count, and of other addresses none. */
export interface SignInTries {
  /** How long an address has to wait until it may try again; 0: it may. `now`: ms of a clock that only goes forward. */
  waitOf(address: string, now: number): number;
  failed(address: string, now: number): void;
}

/** Whoever has one address of IPv6 has all of its network. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  return [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail?.split(':') ?? [])].slice(0, 4).join(':');
}

export function createSignInTries(): SignInTries {
  const all = new Map<string, Debt>();
  const debtOf = (network: string, now: number): number => {
    const debt = all.get(network);
    return debt ? Math.max(0, debt.ms - (now - debt.at)) : 0;
  };

  return {
    waitOf: (address, now) => Math.max(0, debtOf(networkOf(address), now) - (BURST - 1) * REFILL_MS),
    failed(address, now) {
      const network = networkOf(address);
      const ms = debtOf(network, now) + REFILL_MS;
      // The newest is last.
      all.delete(network);
      for (const [other, { at }] of all) {
        if (all.size < MAX_ADDRESSES && now - at < FORGET_MS) break;
        all.delete(other);
      }
      all.set(network, { ms, at: now });
    },
  };
}
