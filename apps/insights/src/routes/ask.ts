import { createPriceBook, type PriceBook } from '@telltale/domain-pricing';
import { type AskContext, type Definition, priceAgain, priceSourcesOf } from '@telltale/query';
import { type FastifyReply } from 'fastify';
import { type TenantRequest } from '../api-key.guard';
import { type InsightsDeps } from '../deps';
import { createReplay } from '../questions/replay';
import { givenBy } from './given';

type Given = Readonly<Record<string, unknown>>;

/** Sends the answer of one definition piece by piece. */
export type StreamAnswer = (given: Given, request: TenantRequest, reply: FastifyReply) => Promise<void>;
/** By name of the definition. */
export type StreamAnswers = Readonly<Record<string, StreamAnswer>>;

/** Who asks, and what may be asked on their behalf; `cancelled` ends their queries early. */
export function createContextOf(deps: InsightsDeps) {
  const { broker, clock } = deps;
  const table = createPriceBook();
  return (request: TenantRequest, cancelled?: AbortSignal): AskContext => {
    const { tenant, grant } = request;
    let book: PriceBook | undefined;
    /** Made once a request, and only where it is asked for: price files are large. */
    const bookOf = (): PriceBook => (book ??= priceSourcesOf(deps.settings, tenant, table).book);
    const rows = deps.questions.rowsFor(request, cancelled);
    return {
      tenant,
      grant,
      rows,
      broker,
      clock,
      settings: deps.settings,
      replay: createReplay(tenant, (work) => deps.questions.run(request, work, cancelled), deps.falsePositivesPerDay),
      priceOf: (call) => bookOf().priceOf(call),
      reprice: (range) => priceAgain({ ...deps, rows, book: bookOf() }, { ...range, tenant }),
    };
  };
}

/** Answers a request by its definition: as JSON, or by what streams the answer. */
export function createAsk(deps: InsightsDeps, streams: StreamAnswers) {
  const contextOf = createContextOf(deps);
  return async (definition: Definition, request: TenantRequest, reply: FastifyReply): Promise<void> => {
    const given = givenBy(definition, request);
    if (definition.ask) return void reply.code(definition.status).send(await definition.ask(given, contextOf(request)));
    const stream = streams[definition.name];
    if (!stream) throw new TypeError(`nobody answers ${definition.name}`);
    await stream(given, request, reply);
  };
}
