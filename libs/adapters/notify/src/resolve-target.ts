import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { errorCodeOf, PermanentError, TransientError } from '@telltale/kernel';
import { addressProblem, type AllowedTargets } from './address-rules';

/** The addresses of a name. */
export type ResolveName = (host: string) => Promise<readonly string[]>;

/** A host with the addresses that were checked: connections go to these, whatever its name means by then. */
export interface Target {
  readonly host: string;
  readonly addresses: readonly string[];
  /** The operator allows it by name or range, so it may be one of our own network. */
  readonly isOwn: boolean;
}

const MAX_ADDRESSES = 16;
/** Names that do not exist, of which there will be none in a minute either, are tried again all the same: they may be new. */
export const resolveByDns: ResolveName = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

const VARIABLE = 'SENDER_ALLOWED_TARGETS';

/**
 * Resolves a host once and checks every address. PermanentError('rejected') where one is not of the public internet and not allowed:
 * whoever can choose the name chooses which of them is taken.
 */
export async function resolveTarget(host: string, allowed: AllowedTargets, resolve: ResolveName): Promise<Target> {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase().replace(/\.$/, ''); // prettier-ignore
  let addresses: readonly string[];
  try {
    addresses = isIP(name) ? [name] : await resolve(name);
  } catch (cause) {
    throw new TransientError('unavailable', `its name cannot be resolved (${String(errorCodeOf(cause) ?? 'unknown')})`, { cause });
  } // prettier-ignore
  if (addresses.length === 0) throw new TransientError('unavailable', 'its name has no address');
  const isNamed = allowed.hosts.has(name);
  for (const address of addresses) {
    const problem = isNamed ? null : addressProblem(address, allowed);
    if (problem !== null)
      throw new PermanentError(
        'rejected',
        `it is refused: its address is not one of the public internet (${problem}); an operator may allow it in ${VARIABLE}`,
      );
  }
  const none = { ranges: [] };
  const isOwn = addresses.some((address) => addressProblem(address, none) !== null);
  return { host: name, addresses: addresses.slice(0, MAX_ADDRESSES), isOwn };
}
