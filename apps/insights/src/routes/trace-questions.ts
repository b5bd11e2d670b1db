import { traceRequests } from '@telltale/platform-nest-runtime';
import { tailAlerts, tailEvents, tailIncidents } from '@telltale/query';
import { insightsService } from '@telltale/services';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type InsightsDeps } from '../deps';
import { DEFINED_PATHS, routePathOf } from './defined-paths';

/** Clients decide how long they stay open. */
const TAILS = new Set([tailEvents, tailIncidents, tailAlerts].map(routePathOf));

const routeOf = ({ routeOptions: { url } }: FastifyRequest): string | undefined =>
  url !== undefined && !TAILS.has(url) && DEFINED_PATHS.has(url) ? url : undefined;

/** One trace for each question and command. Runs before their routes are registered. */
export function traceQuestions(fastify: FastifyInstance, { tracer, clock }: Pick<InsightsDeps, 'tracer' | 'clock'>): void {
  traceRequests(fastify, { service: insightsService.name, tracer, clock, routeOf });
}
