import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type IncomingHttpHeaders } from 'node:http';
import { type Clock } from '@telltale/kernel';
import { type SpanAttributes, type SpanLink, type Trace, type Tracer } from '@telltale/streaming';

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** What a client says that its request is part of (W3C Trace Context). */
function linksOf(traceparent: unknown): { readonly links?: readonly SpanLink[] } {
  const [, traceId, spanId] = (typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)) || [];
  return traceId !== undefined && spanId !== undefined ? { links: [{ traceId, spanId }] } : {};
}

/** What requests with reports of own work call themselves. Whoever else does is left out of these reports, and of nothing else. */
export const REPORTS_AGENT = 'telltale-self-reports';

export interface AnsweredRequest {
  readonly service: string;
  readonly name: string;
  readonly attributes: SpanAttributes;
  /** Of HTTP, also for gRPC. */
  readonly status: number;
  readonly tookMs: number;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The trace of one request: always one of its own. Who sends a request decides neither on its trace id nor on whether it is sampled, and
 * the traces that a producer sends are data; what it says that the request is part of is a link. Baggage is not read.
 */
export const requestTrace = (request: AnsweredRequest, { now }: Pick<Clock, 'now'>): Trace => {
  const { service, name, attributes, status, tookMs, headers } = request;
  const to = now();
  return {
    service,
    kind: 'server',
    name,
    from: to - tookMs,
    to,
    attributes: { ...attributes, 'http.response.status_code': status },
    ...linksOf(headers['traceparent']),
    servesOthersThan: () => headers['user-agent'] !== REPORTS_AGENT,
    ...(status >= 500 && { error: String(status) }),
  };
};

interface TracedRequests {
  readonly service: string;
  readonly tracer: Tracer | null;
  readonly clock: Pick<Clock, 'now'>;
  /** The route as it was declared, without what a request has in its place; undefined: requests like this leave no trace. */
  readonly routeOf: (request: FastifyRequest) => string | undefined;
}

/** One trace for each request to the routes of a service, from its head until its answer is sent. */
export function traceRequests(fastify: FastifyInstance, { service, tracer, clock, routeOf }: TracedRequests): void {
  if (!tracer) return;
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    if (route !== undefined) {
      const attributes = { 'http.request.method': request.method, 'http.route': route };
      const name = `${request.method} ${route}`;
      const { headers } = request;
      const { statusCode: status, elapsedTime: tookMs } = reply;
      tracer.record(requestTrace({ service, name, attributes, status, tookMs, headers }, clock));
    }
    done();
  });
}
