import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { gatewayService } from '@telltale/services';
import { traceRequests } from '@telltale/platform-nest-runtime';
import { type GatewayDeps } from '../deps';
import { observeRequest } from '../observe-request';
import { receiverOf } from './admission';

/** Excluded, because clients decide how long control streams stay open. */
const CONTROL = /^\/v1\/control(?:\?(?!.*\bstream=)|$)/;
const routeOf = (request: FastifyRequest): string | undefined =>
  receiverOf(request) ?? (CONTROL.test(request.url) ? 'control' : undefined);

type Instruments = Pick<GatewayDeps, 'metrics' | 'tracer' | 'clock'>;

/** Measures requests from their head until their answer is sent, however they end. */
export function measureRequests(fastify: FastifyInstance, { metrics, tracer, clock }: Instruments): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    if (route !== undefined) observeRequest(metrics, route, reply.statusCode, reply.elapsedTime);
    done();
  });
  const pathOf = (request: FastifyRequest): string | undefined => {
    const route = routeOf(request);
    return route === undefined ? undefined : `/v1/${route}`;
  };
  traceRequests(fastify, { service: gatewayService.name, tracer, clock, routeOf: pathOf });
}
