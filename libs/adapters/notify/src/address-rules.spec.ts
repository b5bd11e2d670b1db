import { addressProblem, readAllowedTargets } from './address-rules';

const NONE = readAllowedTargets('', 'X');

describe('an address', () => {
  it.each([
    // IPv4, RFC 6890 and what clouds serve to their machines.
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['100.100.100.200', 'carrierGradeNat'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['168.63.129.16', 'cloudService'],
    ['169.254.169.254', 'linkLocal'],
    ['169.254.170.2', 'linkLocal'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.192', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['192.168.0.1', 'private'],
    ['198.18.0.1', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    // IPv6, and IPv4 within it.
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['fe80::1', 'linkLocal'],
    ['fe80::1%eth0', 'linkLocal'],
    ['fc00::1', 'uniqueLocal'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:169.254.169.254', 'linkLocal'],
    ['::ffff:a9fe:a9fe', 'linkLocal'],
    ['::ffff:10.0.0.1', 'private'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:0:127.0.0.1', 'rfc6145'],
    ['64:ff9b::7f00:1', 'rfc6052'],
    ['64:ff9b::a9fe:a9fe', 'rfc6052'],
    ['64:ff9b:1::a00:1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
    ['2002:a9fe:a9fe::1', '6to4'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'teredo'],
    ['2001:db8::1', 'reserved'],
    ['100::1', 'discard'],
    ['4000::1', 'reserved'],
  ])('%s is refused, as %s', (address, kind) => expect(addressProblem(address, NONE)).toBe(kind));

  it.each(['1.1.1.1', '8.8.8.8', '52.1.2.3', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])(
    '%s is one of the public internet',
    (address) => expect(addressProblem(address, NONE)).toBeNull(),
  );

  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.1', true],
    ['10.0.0.0/8', '192.168.0.1', false],
    ['192.168.1.7', '192.168.1.7', true],
    ['192.168.1.7', '192.168.1.8', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fc12::1', false],
    ['::1', '::1', true],
    ['0.0.0.0/0', '::1', false],
  ])('with %s allowed, %s may be reached: %s', (allowed, address, isReached) => {
    expect(addressProblem(address, readAllowedTargets(allowed, 'X')) === null).toBe(isReached);
  });
});

describe('the list of what is allowed', () => {
  it('has ranges, addresses and hosts', () => {
    const { ranges, hosts } = readAllowedTargets(' 10.0.0.0/8, FD00::/8,alertmanager.monitoring.svc ,hooks_1 ', 'X');
    expect(ranges).toHaveLength(2);
    expect([...hosts]).toEqual(['alertmanager.monitoring.svc', 'hooks_1']);
  });

  it.each(['10.0.0.0/33', '10.1', '2130706433', '0x7f.0.0.1/8', 'https://example.com', 'a b', '*.example.com', '10.0.0.0/'])(
    'with %s is refused, and says what to give',
    (entry) => expect(() => readAllowedTargets(entry, 'SENDER_ALLOWED_TARGETS')).toThrow(/SENDER_ALLOWED_TARGETS: .* is no range, address or host: give such as/),
  ); // prettier-ignore
});
