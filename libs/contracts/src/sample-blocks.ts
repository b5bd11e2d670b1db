/** The blocks of a prompt that turns keep, denser where prompts begin. */
export const SAMPLED_BLOCKS = [0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 16, 24, 32, 48, 96, 192] as const;
export const SAMPLED_BLOCK_CHARS = 6;

/** The hashes of the blocks of a prompt, a chain, as how many there are and some of them, short: `<count>:<hash><hash>…`. */
export const sampleBlocks = (hashes: readonly string[]): string =>
  hashes.length === 0
    ? ''
    : `${hashes.length}:${SAMPLED_BLOCKS.map((place) => hashes[place]?.slice(0, SAMPLED_BLOCK_CHARS) ?? '').join('')}`;
