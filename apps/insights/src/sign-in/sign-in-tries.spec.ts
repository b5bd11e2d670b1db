import { createSignInTries } from './sign-in-tries';

const failedTimes = (times: number, address: string, now = 0) => {
  const tries = createSignInTries();
  for (let i = 0; i < times; i++) tries.failed(address, now);
  return tries;
};

describe('tries to sign in that fail', () => {
  it('are ten at once and one in six seconds from then on', () => {
    expect(failedTimes(9, '192.0.2.1').waitOf('192.0.2.1', 0)).toBe(0);
    const tries = failedTimes(10, '192.0.2.1');
    expect(tries.waitOf('192.0.2.1', 0)).toBe(6_000);
    expect(tries.waitOf('192.0.2.1', 4_000)).toBe(2_000);
    expect(tries.waitOf('192.0.2.1', 6_000)).toBe(0);
    tries.failed('192.0.2.1', 6_000);
    expect(tries.waitOf('192.0.2.1', 6_000)).toBe(6_000);
    expect(tries.waitOf('192.0.2.1', 600_000)).toBe(0);
  });

  it.each([
    ['another address', '192.0.2.1', '192.0.2.2', 0],
    ['another address of the same IPv6 network', '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', 6_000],
    ['the same network written in full', '2001:db8::1', '2001:db8:0:0:5:6:7:8', 6_000],
    ['another IPv6 network', '2001:db8:1:2::1', '2001:db8:1:3::1', 0],
    ['another address of IPv4 within IPv6', '::ffff:192.0.2.1', '::ffff:192.0.2.2', 0],
  ])('count, for %s, as they should', (_what, failed, asked, wait) => {
    expect(failedTimes(10, failed).waitOf(asked, 0)).toBe(wait);
  });

  it('of ten thousand addresses at most are remembered', () => {
    const tries = failedTimes(10, '192.0.2.1');
    for (let i = 0; i < 9_999; i++) tries.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 1);
    expect(tries.waitOf('192.0.2.1', 1)).toBeGreaterThan(0);
    tries.failed('192.0.2.9', 1);
    expect(tries.waitOf('192.0.2.1', 1)).toBe(0);
  });
});
