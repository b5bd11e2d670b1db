import { ALL_TENANTS } from '@telltale/contracts';
import { createPriceBook, withOverrides } from '@telltale/domain-pricing';
import { type AskContext, type Definition, priceAgain } from '@telltale/query';
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
  const table = createPriceBook();
  const pricesOf = (tenant: string) =>
    deps.settings
      .list({ type: 'price', tenant })
      .flatMap((one) => (one.type === 'price' && one.value ? { name: one.name, ...one.value } : []));
  /** As the enricher has it: prices of the tenant before those of all tenants, and these before the table. */
  const bookOf = (tenant: string) => withOverrides(withOverrides(table, pricesOf(ALL_TENANTS)), pricesOf(tenant));

  function contextOf(request: TenantRequest): AskContext {
    const { tenant, grant } = request;
    const rows = deps.questions.rowsFor(request);
    return {
      tenant,
      grant,
      rows,
      broker,
      clock,
      settings: deps.settings,
      priceOf: (call) => bookOf(tenant).priceOf(call),
      reprice: (range) => priceAgain({ ...deps, rows, book: bookOf(tenant) }, { ...range, tenant }),
    };
  }

  return async (definition: Definition, request: TenantRequest, reply: FastifyReply): Promise<void> => {
    const given = givenBy(definition, request);
    if (definition.ask) return void reply.code(definition.status).send(await definition.ask(given, contextOf(request)));
    const stream = streams[definition.name];
    if (!stream) throw new TypeError(`nobody answers ${definition.name}`);
    await stream(given, request, reply);
  };
}
