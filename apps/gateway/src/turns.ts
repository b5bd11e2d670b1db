/** Bodies up to this are worked on at once: they are done before anybody could wait for them. */
const SMALL_BYTES = 64 * 1024;

/** Lets the large bodies of one tenant be worked on one after another, so that each tenant has one part of the processor's time. */
export interface Turns {
  run<T>(tenant: string, bytes: number, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(tenant, bytes, work) {
      if (bytes <= SMALL_BYTES) return work();
      const before = last.get(tenant);
      const own = before ? before.then(work, work) : work();
      last.set(tenant, own);
      try {
        return await own;
      } finally {
        if (last.get(tenant) === own) last.delete(tenant);
      }
    },
  };
}
