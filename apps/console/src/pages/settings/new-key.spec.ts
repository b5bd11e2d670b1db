import { makeKey } from './new-key';

describe('a key that is made in the browser', () => {
  // Digests by sha256sum.
  it.each([
    ['', 0x00, `tt_${'00'.repeat(24)}`, '964923846a5a29208557765cd87d7814e27a27c39de76e9f954c2885a6bd746a'],
    ['eu-1', 0xab, `tt_eu-1_${'ab'.repeat(24)}`, 'd3c075e08837084db521094247c6022bca98b915ddf491e464117ac328fd1fd2'],
  ])('of the cell %j has the form of all keys, and the digest that servers compare', async (cell, byte, key, sha256) => {
    expect(await makeKey(cell, new Uint8Array(24).fill(byte))).toEqual({ key, sha256 });
  });

  it('is another each time', async () => expect((await makeKey('')).key).not.toBe((await makeKey('')).key));
});
