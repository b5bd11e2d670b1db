import { newTestSetting, newTestSettings } from '@telltale/settings/testing';
import * as crypto from 'node:crypto';
import { createKeyStore, digestOf } from '.';

jest.mock('node:crypto', () => {
  const real = jest.requireActual<typeof crypto>('node:crypto');
  return { ...real, timingSafeEqual: jest.fn(real.timingSafeEqual) };
});

describe('how long a look for a key takes', () => {
  const setting = newTestSetting('api_key', 'acme', { sha256: digestOf('the-key').toString('hex') }, 'bots');
  const compare = crypto.timingSafeEqual as jest.MockedFunction<typeof crypto.timingSafeEqual>;

  it('says nothing of the key: digests are compared, all bytes of them, whatever they hold', () => {
    const store = createKeyStore(newTestSettings(setting));
    expect(store.find('the-key')).toMatchObject({ tenant: 'acme' });
    expect(compare.mock.calls.map((given) => given.map(({ byteLength }) => byteLength))).toEqual([[32, 32]]);
  });

  it('is not decided by how much of a key is right: what is looked up shares no beginning with it', () => {
    const store = createKeyStore(newTestSettings(setting));
    const guesses = ['t', 'the', 'the-k', 'the-ke', 'the-kez', 'the-key '];
    for (const guess of guesses) expect(store.find(guess)).toBeNull();
    const own = digestOf('the-key').toString('hex');
    const shared = guesses.map((guess) => [...digestOf(guess).toString('hex')].findIndex((char, i) => char !== own[i]));
    expect(Math.max(...shared)).toBeLessThan(4);
  });

  it('needs the comparison: a digest that it finds unequal lets nobody in', () => {
    compare.mockReturnValueOnce(false);
    expect(createKeyStore(newTestSettings(setting)).find('the-key')).toBeNull();
  });
});
