export interface SlotLimits {
  /** Queries that run at a time, over all tenants. */
  readonly running: number;
  /** Queries that wait for their turn, over all tenants. */
  readonly waiting: number;
  /** Queries of one tenant that run at a time. */
  readonly perTenant: number;
}

interface Waiter {
  readonly tenant: string;
  /** See `SlotRequest`. */
  readonly mayYield: boolean;
  readonly start: (isGuest: boolean) => void;
  readonly refuse: () => void;
}

/** A query beyond its tenant's share, in a place that nobody else wants at the moment. */
interface Guest {
  readonly tenant: string;
  /** Ends it, for another tenant that has come. */
  readonly yieldPlace: AbortController;
}

/** There is no room: the caller asks again later. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

export interface SlotRequest {
  readonly tenant: string;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Whether the work may be ended by its signal and begun again from the start, so that it may use a place that is free but not its tenant's. */
  readonly mayYield?: boolean;
}

/**
 * Lets few queries run at a time and few wait. Who waits is served in order, but no tenant runs more than its share, unless a place would be
 * empty: then a query that may yield is its guest, until another tenant asks. When there is no room to wait, the tenant with most waiting
 * gives up its newest place to one with fewer.
 */
export function createSlots({ running: maxRunning, waiting: maxWaiting, perTenant }: SlotLimits) {
  const running = new Map<string, number>();
  const guests = new Set<Guest>();
  const waiting: Waiter[] = [];
  const count = (): number => [...running.values()].reduce((sum, n) => sum + n, guests.size);
  const hasShare = (tenant: string): boolean => (running.get(tenant) ?? 0) < perTenant;
  const isFree = (): boolean => count() < maxRunning;
  const waitingOf = (tenant: string): number => waiting.filter((one) => one.tenant === tenant).length;

  function startNext(): void {
    while (isFree()) {
      const regular = waiting.find(({ tenant }) => hasShare(tenant));
      const next = regular ?? waiting.find(({ mayYield }) => mayYield);
      if (!next) return;
      waiting.splice(waiting.indexOf(next), 1);
      next.start(regular === undefined);
    }
    // Each that waits for its share gets the place of one guest.
    const owed = new Set(waiting.filter(({ tenant }) => hasShare(tenant)).map(({ tenant }) => tenant)).size;
    for (const { yieldPlace } of [...guests].reverse().slice(0, owed)) yieldPlace.abort();
  }

  /** Makes room for one of `tenant`, at the cost of a tenant that has at least two places more. */
  function makeRoom(tenant: string): boolean {
    if (waiting.length < maxWaiting) return true;
    const own = waitingOf(tenant);
    const last = waiting.findLast((one) => waitingOf(one.tenant) > own + 1);
    if (!last) return false;
    waiting.splice(waiting.indexOf(last), 1);
    last.refuse();
    return true;
  }

  /** Waits for a place; null: one of its tenant's share. `again`: it had one and has yielded it, so it is the first to get another. */
  const place = ({ tenant, signal, mayYield = false }: SlotRequest, again: boolean): Promise<Guest | null> =>
    new Promise((resolve, reject) => {
      const leave = (reason: Error): void => {
        const at = waiting.indexOf(waiter);
        if (at >= 0) waiting.splice(at, 1);
        signal.removeEventListener('abort', onAbort);
        reject(reason);
      };
      const onAbort = (): void => leave(new NoRoom('cancelled while waiting'));
      const waiter: Waiter = {
        tenant,
        mayYield,
        start(isGuest) {
          signal.removeEventListener('abort', onAbort);
          const guest = isGuest ? { tenant, yieldPlace: new AbortController() } : null;
          if (guest) guests.add(guest);
          else running.set(tenant, (running.get(tenant) ?? 0) + 1);
          resolve(guest);
        },
        refuse: () => leave(new NoRoom('no room to wait')),
      };
      const startsAtOnce = isFree() && (hasShare(tenant) || mayYield);
      if (signal.aborted || (!again && !startsAtOnce && !makeRoom(tenant))) return reject(new NoRoom('no room to wait'));
      signal.addEventListener('abort', onAbort, { once: true });
      if (again) waiting.unshift(waiter);
      else waiting.push(waiter);
      startNext();
    });

  function release(tenant: string, guest: Guest | null): void {
    if (guest && guests.delete(guest)) return;
    // A guest of the same tenant has its share from now on.
    const heir = [...guests].find((one) => one.tenant === tenant && !one.yieldPlace.signal.aborted);
    if (heir) return void guests.delete(heir);
    const left = (running.get(tenant) ?? 1) - 1;
    if (left > 0) running.set(tenant, left);
    else running.delete(tenant);
  }

  return {
    async run<T>(request: SlotRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const { tenant, signal } = request;
      for (let again = false; ; again = true) {
        const guest = await place(request, again);
        try {
          guest?.yieldPlace.signal.throwIfAborted();
          return await work(guest ? AbortSignal.any([signal, guest.yieldPlace.signal]) : signal);
        } catch (error) {
          if (!guest?.yieldPlace.signal.aborted || signal.aborted) throw error;
        } finally {
          release(tenant, guest);
          startNext();
        }
      }
    },
  };
}
