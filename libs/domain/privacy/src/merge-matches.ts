import { ADDRESS, type Match } from './match';

/**
 * Merges two lists, each in order and without overlaps. A structured match wins; of an overlapping name, place or address only the rest is
 * kept, except that an address keeps a number inside it.
 */
export function mergeMatches(formed: Match[], free: Match[]): Match[] {
  if (free.length === 0) return formed;
  if (formed.length === 0) return free;
  const out: Match[] = [];
  let f = 0;
  for (const one of free) {
    let from = one.start;
    const held: Match[] = [];
    for (let next = formed[f]; next && next.start < one.end; next = formed[f]) {
      if (next.end > one.start) held.push(next);
      else out.push(next);
      f++;
    }
    if (one.placeholder === ADDRESS && held.every(({ start, end }) => start >= one.start && end <= one.end)) {
      out.push(one);
      continue;
    }
    for (const next of held) {
      if (next.start > from) out.push({ ...one, start: from, end: next.start });
      out.push(next);
      from = next.end;
    }
    if (one.end > from) out.push({ ...one, start: from });
  }
  for (; f < formed.length; f++) {
    const next = formed[f];
    if (next) out.push(next);
  }
  return out;
}
