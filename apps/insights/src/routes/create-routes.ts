import { Controller, Delete, Get, Post, Req, Res, type Type, UseFilters, UseGuards } from '@nestjs/common';
import { COMMANDS, type Definition, isOfPages, QUERIES } from '@telltale/query';
import { type FastifyReply } from 'fastify';
import { ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, OpenToShared, type TenantRequest } from '../api-key.guard';
import { createAsk, type StreamAnswers } from './ask';
import { routePathOf } from './defined-paths';
import { type InsightsDeps } from '../deps';

const METHODS = { GET: Get, POST: Post, DELETE: Delete } as const;

type Handler = (request: TenantRequest, reply: FastifyReply) => Promise<void>;

/** One method a definition, with what decorators say: its path, its parameters and the scope that it needs. */
function addRoute(controller: Type, definition: Definition, handler: Handler): void {
  const { name, method, path, scope } = definition;
  const prototype = controller.prototype as object;
  const descriptor = { value: handler, configurable: true, writable: true, enumerable: false };
  Object.defineProperty(prototype, name, descriptor);
  METHODS[method](routePathOf({ path }))(prototype, name, descriptor);
  NeedsScope(scope)(prototype, name, descriptor);
  if (isOfPages(definition)) OpenToShared()(prototype, name, descriptor);
  Req()(prototype, name, 0);
  Res()(prototype, name, 1);
}

/** A Nest controller with a route for every question and command there is. */
export function createRoutes(deps: InsightsDeps, streams: StreamAnswers): Type {
  @Controller()
  @UseGuards(ApiKeyGuard)
  @UseFilters(ApiErrorFilter)
  class QuestionsController {}

  const ask = createAsk(deps, streams);
  for (const definition of [...QUERIES, ...COMMANDS])
    addRoute(QuestionsController, definition, (request, reply) => ask(definition, request, reply));
  return QuestionsController;
}
