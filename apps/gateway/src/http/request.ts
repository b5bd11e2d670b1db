import { type Grant, keyOf } from '@telltale/auth';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type HttpResponse } from '../responses';
import { type Hold } from '../inflight';
import { type Incoming } from '../ingest';

declare module 'fastify' {
  interface FastifyRequest {
    /** The memory reservation of an admitted request; null for others. */
    hold: Hold | null;
    /** Of an admitted request; null for others. */
    grant: Grant | null;
    /** The body as it came in, until it is in one piece; null for others. */
    chunks: Buffer[] | null;
  }
}

const EMPTY = Buffer.alloc(0);
const first = (value: string | string[] | undefined): string => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''));

export const incomingOf = (receiver: string, request: FastifyRequest): Incoming => ({
  receiver,
  key: keyOf(request.headers),
  contentType: first(request.headers['content-type']),
  contentEncoding: first(request.headers['content-encoding']),
  body: Buffer.isBuffer(request.body) ? request.body : EMPTY,
  hold: request.hold ?? undefined,
});

export const send = (reply: FastifyReply, { status, headers, body }: HttpResponse): FastifyReply =>
  reply.code(status).headers(headers).send(body);
