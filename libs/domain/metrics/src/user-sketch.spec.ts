import fc from 'fast-check';
import { countUsers, decodeUsers, encodeUsers, joinUsers, NO_USERS, sketchOfUser } from '.';

const sketchOf = (users: readonly string[]) => users.map(sketchOfUser).reduce(joinUsers, NO_USERS);
const named = (many: number) => Array.from({ length: many }, (_, i) => `user-${i}`);

describe('a sketch of users', () => {
  it('counts up to 63 exactly, and nobody where it is not known who it is', () => {
    expect([0, 1, 7, 63].map((many) => countUsers(sketchOf([...named(many), ...named(many), ''])))).toEqual([0, 1, 7, 63]);
  });

  it.each([200, 5_000, 100_000])('estimates %i within four standard errors', (many) => {
    expect(Math.abs(countUsers(sketchOf(named(many))) / many - 1)).toBeLessThan(4 / Math.sqrt(62));
  });

  const users = fc.array(fc.string({ maxLength: 4 }), { maxLength: 150 });
  it('is that of the union, in whatever order and however often parts are joined', () => {
    fc.assert(
      fc.property(users, users, users, (a, b, c) => {
        const [x, y, z] = [sketchOf(a), sketchOf(b), sketchOf(c)];
        expect(joinUsers(joinUsers(x, y), z)).toEqual(joinUsers(z, joinUsers(y, joinUsers(x, x))));
        expect(joinUsers(x, y)).toEqual(sketchOf([...a, ...b]));
        expect(decodeUsers(encodeUsers(x))).toEqual(x);
      }),
    );
  });

  it('reads any text as a sketch', () => {
    for (const text of ['', 'x', '////', 'not base64!', 'A'.repeat(1_000)])
      expect(decodeUsers(text).length).toBeLessThanOrEqual(64);
  });
});
