/** A link is good once: its id is remembered until it would be over anyhow. Bounded, for whoever has a key can make as many as they like. */
const MAX_LINKS = 10_000;

export interface UsedLinks {
  /** False where it was used before, or where too many are remembered. */
  use(id: string, expires: number, now: number): boolean;
}

export function createUsedLinks(): UsedLinks {
  const used = new Map<string, number>();
  return {
    use(id, expires, now) {
      for (const [one, until] of used) if (until <= now) used.delete(one);
      if (used.has(id) || used.size >= MAX_LINKS) return false;
      used.set(id, expires);
      return true;
    },
  };
}
