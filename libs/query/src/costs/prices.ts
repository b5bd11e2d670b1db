import { MAX_PART_MODELS, modelPrices } from '@telltale/contracts';
import { type ModelPrices, type PriceBook, withPriceFiles } from '@telltale/domain-pricing';
import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { type AskContext, defineCommand, named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { isoTimeParam, limitOf, text } from '../define/params';
import { count } from '../define/row-fields';
import { PRICE_SOURCES, priceSourcesOf } from './price-sources';
import { askedOf, pricesAnswer, pricesOf } from './rates-of';

const at = isoTimeParam('Time of the call; now when left out').optional();
const timeOf = (asked: number | undefined, { clock }: AskContext): number => asked ?? clock.now();

export const getPrice = defineQuery({
  name: 'getPrice',
  about: 'What a call of a model costs at a time, and what each source of prices says of it, the one that counts first.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/prices',
  params: { model: text('Model, as events name it'), provider: text('Provider, as events name it').optional(), at },
  example: { model: 'gpt-4o', provider: 'openai' },
  limits: { maxRows: PRICE_SOURCES.length },
  answer: named(
    'GetPriceAnswer',
    z.object({
      in_force: pricesAnswer.nullable().describe('With what is taken off; null: calls of this model are without a price'),
      sources: z
        .array(pricesAnswer.extend({ source: z.enum(PRICE_SOURCES) }))
        .describe('List prices by source, the first counts'),
    }),
  ),
  run: ({ model, provider = '', at: asked }, context) => {
    const { book, alone } = priceSourcesOf(context.settings, context.tenant);
    const call = { provider, model, at: timeOf(asked, context) };
    return Promise.resolve({
      in_force: pricesOf(book, call),
      sources: alone.flatMap(({ source, book: one }) => {
        const found = pricesOf(one, call);
        return found ? [{ source, ...found }] : [];
      }),
    });
  },
});

const NAMES = { fallback: 1_000, max: 5_000 };

export const listFileModels = defineQuery({
  name: 'listFileModels',
  about: 'Models that price files in force list, as provider/model in order of name.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/prices/models',
  params: { limit: limitOf(NAMES), cursor: text('next_cursor of the page before').optional() },
  example: {},
  limits: { maxRows: NAMES.max },
  answer: named('ListFileModelsAnswer', z.object({ models: z.array(z.string()), next_cursor: z.string().optional() })),
  run: ({ limit, cursor = '' }, { settings, tenant }) => {
    const rest = priceSourcesOf(settings, tenant).listed.filter((name) => name > cursor);
    const models = rest.slice(0, limit);
    const last = models.at(-1);
    return Promise.resolve({ models, ...(rest.length > limit && last !== undefined ? { next_cursor: last } : {}) });
  },
});

const difference = z.object({
  provider: z.string(),
  model: z.string(),
  listed: pricesAnswer.nullable().describe('By what was given'),
  in_force: pricesAnswer.nullable().describe('List prices in force; null: no price is known'),
});

export const comparePrices = defineCommand({
  name: 'comparePrices',
  about: 'Compares prices with those in force, which it leaves as they are: what is new, what is another price, and how many are the same.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/prices/compare',
  status: 200,
  params: {
    models: z
      .array(z.record(z.string(), z.unknown(), { error: 'is no object; give provider, model and rates' }), { error: 'is no list; give prices of models' })
      .min(1, 'is empty; give at least one model')
      .max(MAX_PART_MODELS, `has too many; give at most ${MAX_PART_MODELS} models`)
      .describe('Prices, as a part of a price file has them'),
    at,
  },
  example: { models: [{ provider: 'openai', model: 'gpt-4o', rates: { input: 2.5, output: 10 } }] },
  answer: named(
    'ComparePricesAnswer',
    z.object({ same: count, new: z.array(difference), changed: z.array(difference) }),
  ),
  run: ({ models, at: asked }, context) => {
    const now = timeOf(asked, context);
    return Promise.resolve(compare(models.map(readModel), now, priceSourcesOf(context.settings, context.tenant).list));
  },
}); // prettier-ignore

function readModel(given: Readonly<Record<string, unknown>>, nth: number): ModelPrices {
  const parsed = modelPrices.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ['models', nth, ...(issue?.path ?? [])].map(String).join('.');
  throw badParameter(field, issue?.message ?? 'is wrong', 'docs/SETTINGS.md has the fields of price_file_part');
}

type Difference = z.infer<typeof difference>;

function compare(models: readonly ModelPrices[], now: number, list: PriceBook) {
  const given = withPriceFiles({ priceOf: () => null }, [{ name: 'given', revision: '', models }]);
  const found: { same: number; new: Difference[]; changed: Difference[] } = { same: 0, new: [], changed: [] };
  const seen = new Set<string>();
  for (const entry of models) {
    const { provider, model } = entry;
    // One model has an entry for each of its dates.
    if (seen.has(`${provider}/${model}`)) continue;
    seen.add(`${provider}/${model}`);
    const [listed, inForce] = [pricesOf(given, askedOf(entry, now)), pricesOf(list, askedOf(entry, now))];
    if (listed === null) continue;
    const one = { provider, model, listed: { ...listed, version: '' }, in_force: inForce };
    if (inForce === null) found.new.push(one);
    else if (saysTheSame(listed, inForce)) found.same++;
    else found.changed.push(one);
  }
  return found;
}

const saysTheSame = (a: z.infer<typeof pricesAnswer>, b: z.infer<typeof pricesAnswer>): boolean =>
  JSON.stringify([a.usd_per_million, a.usd_per_million_at_300k]) ===
  JSON.stringify([b.usd_per_million, b.usd_per_million_at_300k]);
