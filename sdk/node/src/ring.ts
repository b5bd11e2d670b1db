/** What waits in a ring: the record as it is, not yet serialized. */
export interface Held<T> {
  readonly item: T;
  readonly bytes: number;
  readonly mono: number;
}

/** The latest records of one turn that were not sent. */
export interface Ring<T = unknown> {
  /** What falls out to make room is let go. */
  push(item: T, bytes: number, mono: number): void;
  some(is: (item: T) => boolean): boolean;
  readonly isEmpty: boolean;
  /** Takes all that is there, oldest first, and how many were let go since the last time. */
  take(mono: number): { readonly items: readonly T[]; readonly dropped: number };
  /** Nothing is held any more, now or later. */
  close(): void;
}

export interface RingLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Bytes that all rings of a process hold together. */
export interface RingBudget {
  used: number;
  readonly maxBytes: number;
  /** Lets go of what is needed less than what turns hold that go on. */
  giveWay(): void;
}

export function createRing<T>(limits: RingLimits, budget: RingBudget, letGo: (bytes: number) => void): Ring<T> {
  let held: Held<T>[] = [];
  let head = 0;
  let bytes = 0;
  let dropped = 0;
  let isClosed = false;

  function shift(): void {
    const oldest = held[head];
    if (oldest === undefined) return;
    head++;
    bytes -= oldest.bytes;
    budget.used -= oldest.bytes;
    dropped++;
    letGo(oldest.bytes);
    if (head > 64 && head * 2 > held.length) {
      held = held.slice(head);
      head = 0;
    }
  }
  function shrink(mono: number): void {
    while (head < held.length) {
      const isOld = mono - (held[head]?.mono ?? mono) > limits.maxAgeMs;
      if (bytes <= limits.maxBytes && budget.used <= budget.maxBytes && !isOld) return;
      shift();
    }
  }
  function clear(): void {
    budget.used -= bytes;
    held = [];
    head = 0;
    bytes = 0;
  }

  return {
    push(item, size, mono) {
      if (isClosed || size > limits.maxBytes) {
        if (!isClosed) dropped++;
        letGo(size);
        return;
      }
      held.push({ item, bytes: size, mono });
      bytes += size;
      budget.used += size;
      if (budget.used > budget.maxBytes) budget.giveWay();
      shrink(mono);
    },
    get isEmpty() {
      return head === held.length;
    },
    some: (is) => held.slice(head).some(({ item }) => is(item)),
    take(mono) {
      shrink(mono);
      const taken = { items: held.slice(head).map(({ item }) => item), dropped };
      clear();
      dropped = 0;
      return taken;
    },
    close() {
      for (let index = head; index < held.length; index++) letGo(held[index]?.bytes ?? 0);
      clear();
      dropped = 0;
      isClosed = true;
    },
  };
}
