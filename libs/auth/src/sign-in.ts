import { createHmac, timingSafeEqual } from 'node:crypto';
import { API_KEY_SCOPES } from '@telltale/contracts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { type Grant, type KeyIdentity, type KeyStore } from './key-store';

const FORMAT = 'tt1';
/** The longest path of a share, in base64, and the rest. */
const MAX_CHARS = 4_000;
const ofEveryUse = {
  /** Of the API key that it was made with. */
  key: z.string().regex(/^[0-9a-f]{32}$/),
  /** Each ticket another, so that one can be told from the next. */
  id: z.string().regex(/^[0-9a-f]{16,64}$/),
  scopes: z.array(z.enum(API_KEY_SCOPES)).readonly(),
  /** ms since the epoch. */
  expires: z.number().int().positive(),
};
/** Who holds it does not have the key, so it stays with the tenant that it was made for, whatever becomes of the key. */
const ofOthers = { ...ofEveryUse, tenant: z.string() };
/**
 * What it is good for. `link`: to be exchanged for a session, once. `session`: to ask with, as its key would. `share`: to be exchanged for a
 * shared session, by anybody, as often as they like. `shared`: to read with.
 */
const ticket = z.discriminatedUnion('use', [
  z.strictObject({ use: z.literal('link'), ...ofEveryUse }),
  z.strictObject({ use: z.literal('session'), ...ofEveryUse }),
  z.strictObject({ use: z.literal('share'), ...ofOthers, path: z.string() }),
  z.strictObject({ use: z.literal('shared'), ...ofOthers }),
]);
export type Ticket = z.infer<typeof ticket>;
type TicketUse = Ticket['use'];
type TicketFor<U extends TicketUse> = Extract<Ticket, { readonly use: U }>;
/** All but the key, which signs it. */
type Said<T = Ticket> = T extends Ticket ? Omit<T, 'key'> : never;

/** What is left of a ticket at most. Who has a key can sign what they like, but nothing that lasts. */
const LONGEST_MS: Readonly<Record<TicketUse, number>> = {
  link: HOUR_MS,
  session: 12 * HOUR_MS,
  share: 7 * DAY_MS,
  shared: 7 * DAY_MS,
};
/** Clocks of processes differ. */
const SLACK_MS = 5 * MINUTE_MS;

/** What a ticket lets in: never more than its key does now. */
export interface SignedIn<T extends Ticket = Ticket> {
  readonly ticket: T;
  readonly grant: Grant;
}

/**
 * Signs with what is known of a key: who can make a ticket has the key, or the settings, anyhow. So no process needs a secret of its own, every
 * replica knows every ticket, and a key that is removed takes its tickets with it.
 */
const sign = (digest: Uint8Array, body: string): Buffer =>
  createHmac('sha256', createHmac('sha256', digest).update('telltale sign-in').digest()).update(body).digest();

/** A ticket for the holder of an API key. */
export function issueTicket({ id: key, digest }: KeyIdentity, said: Said): string {
  const body = Buffer.from(JSON.stringify({ ...said, key })).toString('base64url');
  return `${FORMAT}.${body}.${sign(digest, body).toString('base64url')}`;
}

function readTicket(body: string): Ticket | null {
  try {
    return ticket.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString())).data ?? null;
  } catch {
    return null;
  }
}

/** A name of its own, which no key can have: what guests ask for does not count against the rate of the key. */
const guestOf = (grant: Grant): Grant => ({ ...grant, name: `${grant.name} (shared)` });

/** Whom a ticket lets in at `now`, ms since the epoch; null for one that is not ours, is over, or is for another use. */
export function acceptTicket<U extends TicketUse>(
  keys: KeyStore,
  text: string,
  use: U,
  now: number,
): SignedIn<TicketFor<U>> | null {
  const [format, body = '', signature = '', ...rest] = text.length > MAX_CHARS ? [] : text.split('.');
  if (format !== FORMAT || rest.length > 0) return null;
  const read = readTicket(body);
  const known = read && keys.entryById(read.key);
  if (!known) return null;
  const [given, right] = [Buffer.from(signature, 'base64url'), sign(known.digest, body)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  if (!isFor(read, use) || read.expires <= now || read.expires > now + LONGEST_MS[use] + SLACK_MS) return null;
  const scopes = read.scopes.filter((scope) => known.grant.scopes.includes(scope));
  if (!('tenant' in read)) return { ticket: read, grant: { ...known.grant, scopes } };
  return read.tenant === known.grant.tenant ? { ticket: read, grant: guestOf({ ...known.grant, scopes }) } : null;
}

const isFor = <U extends TicketUse>(read: Ticket, use: U): read is TicketFor<U> => read.use === use;
