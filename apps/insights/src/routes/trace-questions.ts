import { traceRequests } from '@telltale/platform-nest-runtime';
import { tailEvents } from '@telltale/query';
import { insightsService } from '@telltale/services';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type InsightsDeps } from '../deps';
import { DEFINED_PATHS, routePathOf } from './defined-paths';

/** Clients decide how long it stays open. */
const TAIL = routePathOf(tailEvents);

const routeOf = ({ routeOptions: { url } }: FastifyRequest): string | undefined =>
  url !== undefined && url !== TAIL && DEFINED_PATHS.has(url) ? url : undefined;

/** One trace for each question and command. Runs before their routes are registered. */
export function traceQuestions(fastify: FastifyInstance, { tracer, clock }: Pick<InsightsDeps, 'tracer' | 'clock'>): void {
  traceRequests(fastify, { service: insightsService.name, tracer, clock, routeOf });
}
