import { Transform } from 'node:stream';
import { type FastifyInstance } from 'fastify';
import { encodingOf, refuseJson, refuseOtlp } from '../answers';
import { tooLarge } from '../body';
import { type GatewayDeps } from '../deps';
import { type Intake } from '../intake';
import { refusalOf } from '../refusal';
import { keyOf, send } from './request';

const PATH = /^\/v1\/(events|conversations|traces|logs|acks)(?:[/?]|$)/;

/** Turns away before the body is read: no key, too large, too much on its way. */
export function admit(fastify: FastifyInstance, { limits, inflight, metrics }: GatewayDeps, intake: Intake): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const door = request.method === 'POST' ? PATH.exec(request.url)?.[1] : undefined;
    if (door === undefined) return;
    try {
      intake.tenantOf(keyOf(request.headers));
      const announced = request.headers['content-length'];
      // A body that does not say its length may come to all that is allowed.
      const bytes =
        announced === undefined ? (request.headers['transfer-encoding'] ? limits.maxBodyBytes : 0) : Number(announced);
      if (bytes > limits.maxBodyBytes) throw tooLarge(limits.maxBodyBytes);
      reply.raw.once('close', inflight.reserve(bytes));
    } catch (error) {
      const refusal = refusalOf(error);
      metrics.count('telltale_gateway_requests_total', { door, status: String(refusal.http) });
      const contentType = request.headers['content-type'] ?? '';
      const isOtlp = door === 'traces' || door === 'logs';
      await send(
        reply,
        isOtlp || encodingOf(contentType) === 'protobuf' ? refuseOtlp(refusal, contentType) : refuseJson(refusal),
      );
    }
  });

  fastify.addHook('preParsing', async (request, _reply, payload) => {
    if (request.method !== 'POST' || !PATH.test(request.url) || request.headers['content-length'] !== undefined) return payload;
    let received = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        counted.receivedEncodedLength = received;
        if (received <= limits.maxBodyBytes) return done(null, chunk);
        done(Object.assign(tooLarge(limits.maxBodyBytes), { statusCode: 413 }));
      },
    }) as Transform & { receivedEncodedLength: number };
    counted.receivedEncodedLength = 0;
    return payload.on('error', (error) => counted.destroy(error)).pipe(counted);
  });
}
