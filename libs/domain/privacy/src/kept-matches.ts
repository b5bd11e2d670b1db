import { type Match, ORGANISATION, PLACE } from './match';

/** Placeholders of what stays as it is. */
export type Kept = ReadonlySet<string>;

/** What tells of a person only beside what does. */
const tellsOnlyBeside = (placeholder: string): boolean => placeholder === PLACE || placeholder === ORGANISATION;
const MAX_GAP = 3;
const JOINS = /^[\s,]*$/;

/**
 * Matches without what is kept. A place or organisation that is joined to what is masked, as a town to its street or to a person's name, is a part
 * of it and masked too.
 */
export function withoutKept(matches: Match[], text: string, kept: Kept): Match[] {
  if (kept.size === 0 || matches.length === 0) return matches;
  const isMasked = matches.map(({ placeholder }) => !kept.has(placeholder));
  const joinTo = (at: number, other: number): void => {
    const [before, after] = at < other ? [matches[at], matches[other]] : [matches[other], matches[at]];
    if (!before || !after || isMasked[at] || !isMasked[other] || !tellsOnlyBeside(matches[at]?.placeholder ?? '')) return;
    if (after.start - before.end <= MAX_GAP && JOINS.test(text.slice(before.end, after.start))) isMasked[at] = true;
  };
  for (let i = 1; i < matches.length; i++) joinTo(i, i - 1);
  for (let i = matches.length - 2; i >= 0; i--) joinTo(i, i + 1);
  return matches.filter((_, i) => isMasked[i]);
}
