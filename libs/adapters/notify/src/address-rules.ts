import { PermanentError } from '@telltale/kernel';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Of IPv6 only these are given out to hosts of the internet; everything else reaches something of its own, or an IPv4 address within. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/** Services of clouds for their own machines that are in no range set aside. */
const CLOUD_SERVICES = ['168.63.129.16'].map((address) => ipaddr.process(address).toNormalizedString());

const CIDR_OR_ADDRESS = /^[0-9A-Fa-f:.]+(?:\/\d{1,3})?$/;
const HOST = /^[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?$/;

/** Where deliveries may go besides the public internet. */
export interface AllowedTargets {
  readonly ranges: readonly Range[];
  readonly hosts: ReadonlySet<string>;
}

function rangeOf(text: string): Range | null {
  if (!CIDR_OR_ADDRESS.test(text)) return null;
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  // Shorter forms of IPv4 mean what nobody expects.
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return null;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** `10.0.0.0/8, 192.168.1.7, alertmanager.monitoring.svc`. Throws PermanentError('config') for an entry that is none of these. */
export function readAllowedTargets(text: string, variable: string): AllowedTargets {
  const ranges: Range[] = [];
  const hosts = new Set<string>();
  for (const entry of text.split(',').map((part) => part.trim().toLowerCase())) {
    if (entry === '') continue;
    const range = rangeOf(entry);
    if (range) ranges.push(range);
    else if (!/^[\d.]*$/.test(entry) && HOST.test(entry)) hosts.add(entry);
    else
      throw new PermanentError(
        'config',
        `${variable}: ${entry.slice(0, 80)} is no range, address or host: give such as 10.0.0.0/8, fd00::/8 or alertmanager.monitoring.svc`,
      );
  }
  return { ranges, hosts };
}

const isIn = (address: Address, [first, bits]: Range): boolean =>
  address.kind() === first.kind() && address.match([first, bits] as never);

/** What keeps a delivery from going to an address: the kind of address it is; null where nothing does. */
export function addressProblem(text: string, { ranges }: Pick<AllowedTargets, 'ranges'>): string | null {
  if (!ipaddr.isValid(text)) return 'no address';
  // An IPv4 address within IPv6 is the IPv4 address.
  const address = ipaddr.process(text.replace(/%.*$/, ''));
  if (ranges.some((range) => isIn(address, range))) return null;
  const range = address.range();
  if (range !== 'unicast') return range;
  if (CLOUD_SERVICES.includes(address.toNormalizedString())) return 'cloudService';
  return address.kind() === 'ipv6' && !isIn(address, GLOBAL_IPV6) ? 'reserved' : null;
}
