export interface Match {
  /** Characters before it. */
  readonly offset: number;
  /** It, with what stands around it. */
  readonly excerpt: string;
}

const AROUND = 80;

const lengthOf = (text: string): number => Array.from(text).length;

/** The first `most` places where `wanted` stands in `text`, in any case, and how many there are; offsets in characters. */
export function findInText(
  text: string,
  wanted: string,
  most: number,
): { readonly total: number; readonly matches: readonly Match[] } {
  const expression = new RegExp(wanted.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replaceAll('\\-', '-'), 'giu');
  const matches: Match[] = [];
  let total = 0;
  let [seen, offset] = [0, 0];
  for (const found of text.matchAll(expression)) {
    total += 1;
    if (matches.length >= most) continue;
    offset += lengthOf(text.slice(seen, found.index));
    seen = found.index;
    const before = Array.from(text.slice(Math.max(0, seen - 2 * AROUND), seen))
      .slice(-AROUND)
      .join('');
    const after = Array.from(text.slice(seen, seen + found[0].length + 2 * AROUND)).slice(0, lengthOf(found[0]) + AROUND).join(''); // prettier-ignore
    matches.push({ offset, excerpt: `${before}${after}` });
  }
  return { total, matches };
}
