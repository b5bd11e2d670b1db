import { createHmac, timingSafeEqual } from 'node:crypto';
import { API_KEY_SCOPES, type ApiKeyScope } from '@telltale/contracts';
import { z } from 'zod';
import { type Grant, type KeyIdentity, type KeyStore } from './key-store';

/** What a ticket is good for: to be exchanged for a session, once; or to ask with, as its key would. */
export type TicketUse = 'link' | 'session';

const FORMAT = 'tt1';
const MAX_CHARS = 1_000;
const ticket = z.strictObject({
  use: z.enum(['link', 'session']),
  /** Of the API key that it was made with. */
  key: z.string().regex(/^[0-9a-f]{32}$/),
  /** Each ticket another, so that one can be told from the next. */
  id: z.string().regex(/^[0-9a-f]{16,64}$/),
  scopes: z.array(z.enum(API_KEY_SCOPES)),
  /** ms since the epoch. */
  expires: z.number().int().positive(),
});
export type Ticket = z.infer<typeof ticket>;

/** What a ticket lets in: never more than its key does now. */
export interface SignedIn {
  readonly ticket: Ticket;
  readonly grant: Grant;
}

interface TicketOf {
  readonly use: TicketUse;
  /** Randomness in hex, 16 digits or more. */
  readonly id: string;
  readonly expires: number;
  /** Those that the key has count when it is used. */
  readonly scopes: readonly ApiKeyScope[];
}

/**
 * Signs with what is known of a key: who can make a ticket has the key, or the settings, anyhow. So no process needs a secret of its own, every
 * replica knows every ticket, and a key that is removed takes its tickets with it.
 */
const sign = (digest: Uint8Array, body: string): Buffer =>
  createHmac('sha256', createHmac('sha256', digest).update('telltale sign-in').digest()).update(body).digest();

/** A ticket for the holder of an API key. */
export function issueTicket({ id: key, digest }: KeyIdentity, { use, id, expires, scopes }: TicketOf): string {
  const said: Ticket = { use, key, id, scopes: [...scopes], expires };
  const body = Buffer.from(JSON.stringify(said)).toString('base64url');
  return `${FORMAT}.${body}.${sign(digest, body).toString('base64url')}`;
}

function readTicket(body: string): Ticket | null {
  try {
    return ticket.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString())).data ?? null;
  } catch {
    return null;
  }
}

/** Whom a ticket lets in at `now`, ms since the epoch; null for one that is not ours, is over, or is for another use. */
export function acceptTicket(keys: KeyStore, text: string, use: TicketUse, now: number): SignedIn | null {
  const [format, body = '', signature = '', ...rest] = text.length > MAX_CHARS ? [] : text.split('.');
  if (format !== FORMAT || rest.length > 0) return null;
  const read = readTicket(body);
  const known = read && keys.entryById(read.key);
  if (!known) return null;
  const [given, right] = [Buffer.from(signature, 'base64url'), sign(known.digest, body)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  if (read.use !== use || read.expires <= now) return null;
  const scopes = read.scopes.filter((scope) => known.grant.scopes.includes(scope));
  return { ticket: read, grant: { ...known.grant, scopes } };
}
