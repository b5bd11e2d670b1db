import fc from 'fast-check';
import { promptBlockHashes } from './prompt-blocks';

const KEY = Buffer.from('key of acme');
const BLOCK = 1_024;
const shared = (a: readonly string[], b: readonly string[]): number => {
  const at = a.findIndex((hash, i) => hash !== b[i]);
  return at < 0 ? a.length : at;
};

describe('hashes of the blocks of a prompt', () => {
  it('are those of whole blocks, 16 hex digits each', () => {
    const hashes = promptBlockHashes('x'.repeat(2 * BLOCK + 1_023), KEY);
    expect(hashes).toHaveLength(2);
    expect(hashes.every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
    expect(new Set(hashes).size).toBe(2);
    expect(promptBlockHashes('short', KEY)).toEqual([]);
    expect(promptBlockHashes('x'.repeat(300 * BLOCK), KEY)).toHaveLength(256);
  });
  it('are shared as far as two prompts begin the same, whatever follows', () => {
    const block = fc.constantFrom('a', 'b').map((char) => char.repeat(BLOCK));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 6 }), fc.array(block, { maxLength: 6 }), (a, b) => {
        const same = a.findIndex((one, i) => one !== b[i]);
        const [left, right] = [promptBlockHashes(a.join(''), KEY), promptBlockHashes(b.join(''), KEY)];
        expect(shared(left, right)).toBe(same < 0 ? a.length : same);
      }),
    );
  });
  it('say nothing without the key', () => {
    const prompt = 'x'.repeat(BLOCK);
    expect(promptBlockHashes(prompt, KEY)).not.toEqual(promptBlockHashes(prompt, Buffer.from('key of other')));
  });
});
