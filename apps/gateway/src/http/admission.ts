import { Transform } from 'node:stream';
import { keyOf } from '@telltale/auth';
import { freeBytes } from '@telltale/kernel';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { encodingOf, rejectJson, rejectOtlp } from '../responses';
import { tooLarge } from '../body';
import { type GatewayDeps } from '../deps';
import { type Ingest, scopeOf } from '../ingest';
import { toIngestError } from '../ingest-error';
import { send } from './request';

const PATH = /^\/v1\/(events|conversations|traces|logs|acks)(?:[/?]|$)/;
/** Undefined for what is no receiver. */
export const receiverOf = ({ method, url }: FastifyRequest): string | undefined =>
  method === 'POST' ? PATH.exec(url)?.[1] : undefined;

/** A body as it arrives, with its length so far, by which the parser behind it checks what was announced. */
type Counted = Transform & { receivedEncodedLength: number };

/**
 * Rejects requests before their body is read (no key, Content-Length too large) and while it is read: too large, too much in flight, too
 * slow. Memory is counted as bytes arrive, so an announced length reserves nothing.
 */
export function admit(fastify: FastifyInstance, { limits, inflight, pace, metrics }: GatewayDeps, ingest: Ingest): void {
  fastify.decorateRequest('hold', null);
  fastify.decorateRequest('chunks', null);

  async function refuse(request: FastifyRequest, reply: FastifyReply, receiver: string, error: unknown): Promise<void> {
    const refusal = toIngestError(error);
    metrics.count('telltale_gateway_requests_total', { receiver, status: String(refusal.http) });
    const contentType = request.headers['content-type'] ?? '';
    const isOtlp = receiver === 'traces' || receiver === 'logs';
    if (refusal.code === 'too_slow') reply.header('connection', 'close');
    await send(reply, isOtlp || encodingOf(contentType) === 'protobuf' ? rejectOtlp(refusal, contentType) : rejectJson(refusal));
  }

  fastify.addHook('onRequest', async (request, reply) => {
    const receiver = receiverOf(request);
    if (receiver === undefined) return;
    try {
      const tenant = ingest.tenantOf(keyOf(request.headers), scopeOf(receiver));
      if (Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes);
      reply.header('x-telltale-tenant', tenant);
      const hold = inflight.hold(tenant);
      request.hold = hold;
      reply.raw.once('close', () => hold.release());
    } catch (error) {
      await refuse(request, reply, receiver, error);
    }
  });

  fastify.addHook('preParsing', async (request, reply, payload) => {
    const { hold } = request;
    const receiver = receiverOf(request);
    if (receiver === undefined || !hold) return payload;
    const chunks: Buffer[] = (request.chunks = []);
    let over = false;
    const end = (error: unknown): void => {
      if (over) return;
      over = true;
      unwatch();
      // The rest is received, because only then a client reads the response, but discarded; the server's own time-out limits it.
      payload.unpipe(counted);
      payload.resume();
      void refuse(request, reply, receiver, error);
    };
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        counted.receivedEncodedLength += chunk.length;
        try {
          if (counted.receivedEncodedLength > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes);
          hold.grow(chunk.length);
        } catch (error) {
          return end(error);
        }
        chunks.push(chunk);
        done(null, chunk);
      },
      flush(done) {
        over = true;
        unwatch();
        done();
      },
    }) as Counted;
    counted.receivedEncodedLength = 0;
    const unwatch = pace.watch({ received: () => counted.receivedEncodedLength, onTooSlow: end });
    reply.raw.once('close', unwatch);
    payload.once('error', (error) => counted.destroy(error));
    return payload.pipe(counted);
  });

  // The parser has made one body of them.
  fastify.addHook('preHandler', (request, _reply, done) => {
    for (const chunk of request.chunks ?? []) freeBytes(chunk);
    request.chunks = null;
    done();
  });
}
