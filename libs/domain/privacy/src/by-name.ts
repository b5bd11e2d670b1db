const MAX_KNOWN = 10_000;

/** Remembers what `judge` makes of a name: few names of fields come again and again. All are forgotten when there are too many, as of who makes names up. */
export function byName<T>(judge: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const judged = judge(name);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, judged);
    return judged;
  };
}
