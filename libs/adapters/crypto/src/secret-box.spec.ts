import { randomBytes } from 'node:crypto';
import { createSecretBox } from './secret-box';

const KEY = randomBytes(32);
const PLACE = 'receiver/acme/ops/url';
const SECRET = 'https://hooks.slack.com/services/T0/B0/xyz – ü';

describe('the secret box', () => {
  it('opens what it sealed, which says nothing of it and is never the same', () => {
    const box = createSecretBox(KEY);
    const sealed = box.seal(PLACE, SECRET);
    expect(box.open(PLACE, sealed)).toBe(SECRET);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes('hooks')).toBe(false);
    expect(box.seal(PLACE, SECRET)).not.toBe(sealed);
  });

  it.each([
    ['of another place', (sealed: string) => [KEY, 'receiver/beta/ops/url', sealed] as const],
    ['of another master key', (sealed: string) => [randomBytes(32), PLACE, sealed] as const],
    ['changed', (sealed: string) => [KEY, PLACE, `${sealed.slice(0, -2)}AA`] as const],
    ['cut', (sealed: string) => [KEY, PLACE, sealed.slice(0, 20)] as const],
    ['never sealed', () => [KEY, PLACE, SECRET] as const],
  ])('refuses what was %s', (_what, changed) => {
    const [key, place, sealed] = changed(createSecretBox(KEY).seal(PLACE, SECRET));
    expect(() => createSecretBox(key).open(place, sealed)).toThrow('cannot open a secret');
  });

  it('opens what was sealed before a rotation of the master key', () => {
    const sealed = createSecretBox(KEY).seal(PLACE, SECRET);
    expect(createSecretBox(randomBytes(32), [KEY]).open(PLACE, sealed)).toBe(SECRET);
  });
});
