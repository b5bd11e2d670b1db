import { createPriceBook, withOverrides } from '@telltale/domain-pricing';
import { reprice } from '@telltale/pipeline-costs';
import { type AskContext, type Definition } from '@telltale/query';
import { type FastifyReply } from 'fastify';
import { type TenantRequest } from '../api-key.guard';
import { type InsightsDeps } from '../deps';
import { givenBy } from './given';

type Given = Readonly<Record<string, unknown>>;

/** Sends the answer of one definition piece by piece. */
export type StreamAnswer = (given: Given, request: TenantRequest, reply: FastifyReply) => Promise<void>;
/** By name of the definition. */
export type StreamAnswers = Readonly<Record<string, StreamAnswer>>;

/** Answers a request by its definition: as JSON, or by what streams the answer. */
export function createAsk(deps: InsightsDeps, streams: StreamAnswers) {
  const { broker, clock } = deps;
  const book = withOverrides(createPriceBook(), deps.priceOverrides ?? []);

  function contextOf(request: TenantRequest): AskContext {
    const { tenant } = request;
    const rows = deps.questions.rowsFor(request);
    return { tenant, rows, broker, clock, reprice: (range) => reprice({ ...deps, rows, book }, { ...range, tenant }) };
  }

  return async (definition: Definition, request: TenantRequest, reply: FastifyReply): Promise<void> => {
    const given = givenBy(definition, request);
    if (definition.ask) return void reply.code(definition.status).send(await definition.ask(given, contextOf(request)));
    const stream = streams[definition.name];
    if (!stream) throw new TypeError(`nobody answers ${definition.name}`);
    await stream(given, request, reply);
  };
}
