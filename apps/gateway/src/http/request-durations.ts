import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type GatewayDeps } from '../deps';
import { observeRequest } from '../observe-request';
import { receiverOf } from './admission';

/** Excluded, because clients decide how long control streams stay open. */
const CONTROL = /^\/v1\/control(?:\?(?!.*\bstream=)|$)/;
const routeOf = (request: FastifyRequest): string | undefined =>
  receiverOf(request) ?? (CONTROL.test(request.url) ? 'control' : undefined);

/** Measures requests from their head until their answer is sent, however they end. */
export function measureRequests(fastify: FastifyInstance, { metrics }: Pick<GatewayDeps, 'metrics'>): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    if (route !== undefined) observeRequest(metrics, route, reply.statusCode, reply.elapsedTime);
    done();
  });
}
