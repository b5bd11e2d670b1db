import { SAMPLED_BLOCK_CHARS as CHARS, SAMPLED_BLOCKS } from '@telltale/contracts';

/** About as many tokens are in a block. */
export const BLOCK_TOKENS = 256;
const countOf = (blocks: string): number => Number(blocks.slice(0, blocks.indexOf(':'))) || 0;
/** What a prompt begins with; '' when it is too short or unknown. */
export const firstBlockOf = (blocks: string): string => {
  const from = blocks.indexOf(':') + 1;
  return blocks.slice(from, from + CHARS);
};

export interface BrokenPrefix {
  /** The first block, counted from 1, that is known to differ, of how many in the earlier prompt. */
  readonly block: number;
  readonly of: number;
}

/**
 * Where a prompt departs from an earlier one that it should continue; null when it does not. The last block of the earlier one may differ: it
 * has the end of the list of messages in it.
 */
export function brokenPrefix(earlier: string, later: string): BrokenPrefix | null {
  const of = countOf(earlier);
  const both = Math.min(of, countOf(later));
  const [a, b] = [earlier.indexOf(':') + 1, later.indexOf(':') + 1];
  for (const [nth, place] of SAMPLED_BLOCKS.entries()) {
    if (place >= both || place >= of - 1) return null;
    const from = nth * CHARS;
    if (earlier.slice(a + from, a + from + CHARS) !== later.slice(b + from, b + from + CHARS)) return { block: place + 1, of };
  }
  return null;
}
