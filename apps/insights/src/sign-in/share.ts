import { issueTicket, keyOf, type KnownKey } from '@telltale/auth';
import { type ApiKeyScope } from '@telltale/contracts';
import { HOUR_MS, isoTime, SECOND_MS } from '@telltale/kernel';
import { ApiError, shareView } from '@telltale/query';
import { type FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { type InsightsDeps } from '../deps';
import { type StreamAnswer } from '../routes/ask';
import { isShared, signedInBy } from './session';

/** Whoever opens a shared link may do this and nothing else. */
export const SHARED_SCOPES: readonly ApiKeyScope[] = ['read'];

/** The key that a request comes with, or that its browser signed in with. A shared session has none to sign with. */
function signerOf({ keys, clock }: InsightsDeps, { headers }: FastifyRequest): KnownKey | null {
  const key = keyOf(headers);
  if (key !== null) return keys.entryOf(key);
  const session = signedInBy(keys, headers, clock.now());
  return session && !isShared(session) ? keys.entryById(session.ticket.key) : null;
}

/** Of a page the part that names no thing and holds nothing that people typed. */
export const pageOf = (path: string): string => `/${/^\/([a-z-]*)/.exec(path)?.[1] ?? ''}`;

/** A link to a page of the console, signed with what is known of the key that asks. */
export const createShareAnswer =
  (deps: InsightsDeps): StreamAnswer =>
  async (given, request, reply) => {
    const { path, hours } = shareView.parse(given);
    const signer = signerOf(deps, request);
    if (!signer)
      throw new ApiError('unauthorized', 'there is no API key to sign the link with', { fix: 'sign in, or send a key' });
    const { tenant } = request;
    // Whole seconds, as a cookie has them.
    const expires = Math.floor((deps.clock.now() + hours * HOUR_MS) / SECOND_MS) * SECOND_MS;
    const id = randomBytes(16).toString('hex');
    const ticket = issueTicket(signer, { use: 'share', id, expires, tenant, path, scopes: SHARED_SCOPES });
    const until = isoTime(expires);
    deps.logger.info('view_shared', { tenant, key: request.grant.name, page: pageOf(path), share: id, until });
    const answer = { link: `/#share=${ticket}`, tenant, scopes: SHARED_SCOPES, expires_at: until };
    await reply.code(200).header('cache-control', 'no-store').send(answer);
  };
