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
  readonly start: () => void;
  readonly refuse: () => void;
}

/** There is no room: the caller asks again later. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

/**
 * Lets few queries run at a time and few wait. Who waits is served in order, but no tenant runs more than its share; when there is
 * no room to wait, the tenant with most waiting gives up its newest place to one with fewer.
 */
export function createSlots({ running: maxRunning, waiting: maxWaiting, perTenant }: SlotLimits) {
  const running = new Map<string, number>();
  const waiting: Waiter[] = [];
  const count = (): number => [...running.values()].reduce((sum, n) => sum + n, 0);
  const mayRun = (tenant: string): boolean => count() < maxRunning && (running.get(tenant) ?? 0) < perTenant;
  const waitingOf = (tenant: string): number => waiting.filter((one) => one.tenant === tenant).length;

  function startNext(): void {
    for (let next = waiting.find(({ tenant }) => mayRun(tenant)); next; next = waiting.find(({ tenant }) => mayRun(tenant))) {
      const { tenant, start } = next;
      waiting.splice(waiting.indexOf(next), 1);
      running.set(tenant, (running.get(tenant) ?? 0) + 1);
      start();
    }
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

  const turn = (tenant: string, signal: AbortSignal): Promise<void> =>
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
        start: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
        refuse: () => leave(new NoRoom('no room to wait')),
      };
      if (signal.aborted || (!mayRun(tenant) && !makeRoom(tenant))) return reject(new NoRoom('no room to wait'));
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(waiter);
      startNext();
    });

  return {
    async run<T>(tenant: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      await turn(tenant, signal);
      try {
        return await work();
      } finally {
        const left = (running.get(tenant) ?? 1) - 1;
        if (left > 0) running.set(tenant, left);
        else running.delete(tenant);
        startNext();
      }
    },
  };
}
