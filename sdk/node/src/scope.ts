import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { createSubject, NO_OPERATION, type Operation, type Subject } from './directives/match';
import { type SdkRecord } from './record';
import { type Ring } from './ring';

/** A turn while it lasts, and a while longer. */
export interface OpenTurn {
  readonly ring: Ring<SdkRecord>;
  /** Sends what the ring holds, once for each trigger; returns how many records. */
  flush(trigger: string): number;
  /** Likewise, and from then on nothing of the turn is held: it went wrong. */
  sendWhole(trigger: string): void;
  readonly isSentWhole: boolean;
  close(): void;
}

/** Where in the application a record comes from. Scopes are never changed: an inner one is made from the outer. */
export interface Scope {
  readonly subject: Subject;
  readonly spanId: string;
  readonly operation: Operation;
  readonly turn: OpenTurn | null;
  readonly isMuted: boolean;
}

export const NO_SCOPE: Scope = {
  subject: createSubject('', '', ''),
  spanId: '',
  operation: NO_OPERATION,
  turn: null,
  isMuted: false,
};

const storage = new AsyncLocalStorage<Scope>();

export const currentScope = (): Scope => storage.getStore() ?? NO_SCOPE;
export const runIn = <T>(scope: Scope, fn: () => T): T => storage.run(scope, fn);

let entropy = '';
let used = 0;
/** Random lower-case hexadecimal digits. */
function hex(digits: number): string {
  if (used + digits > entropy.length) {
    entropy = randomBytes(1_024).toString('hex');
    used = 0;
  }
  used += digits;
  return entropy.slice(used - digits, used);
}
export const newTraceId = (): string => hex(32);
export const newSpanId = (): string => hex(16);

/** `fn`'s result with what is done when it settles, in the same tick where it is no promise. */
export function settle<T>(fn: () => T, done: (value: Awaited<T>) => void, failed: (error: unknown) => void): T {
  let value: T;
  try {
    value = fn();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!isPromiseLike(value)) {
    done(value as Awaited<T>);
    return value;
  }
  // What is handed on is a promise of its own class where it has `then`; a rejection stays the caller's to handle.
  return value.then(
    (settled) => {
      done(settled as Awaited<T>);
      return settled;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  ) as T;
}

export const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
