/** What is in force first, the rest as it came; what `before` names keeps its place, and what is new follows. */
export function inOrder<T>(items: readonly T[], idOf: (item: T) => string, isActive: (item: T) => boolean, before: readonly string[]): T[] {
  const placeOf = (item: T): number => {
    const place = before.indexOf(idOf(item));
    return place < 0 ? before.length : place;
  };
  const sorted = [...items].sort((a, b) => Number(isActive(b)) - Number(isActive(a)));
  return before.length === 0 ? sorted : sorted.sort((a, b) => placeOf(a) - placeOf(b));
} // prettier-ignore
