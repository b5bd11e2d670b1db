import { createHmac } from 'node:crypto';

/** About 256 tokens. */
const BLOCK_CHARS = 1_024;
const MAX_BLOCKS = 256;
const HASH_CHARS = 16;

/**
 * A chain over whole blocks of a prompt, as providers cache them: two prompts share as many first hashes as they share blocks from the
 * beginning on. Keyed, so that nobody without the tenant's key can tell what was asked by trying. The beginnings of prompts are the same
 * only before redaction, so it is taken of the text as it came; at most 256 blocks.
 */
export function promptBlockHashes(prompt: string, key: Uint8Array): string[] {
  const hashes: string[] = [];
  let before = '';
  for (let at = 0; at + BLOCK_CHARS <= prompt.length && hashes.length < MAX_BLOCKS; at += BLOCK_CHARS) {
    before = createHmac('sha256', key)
      .update(before)
      .update(prompt.slice(at, at + BLOCK_CHARS))
      .digest('hex')
      .slice(0, HASH_CHARS);
    hashes.push(before);
  }
  return hashes;
}
