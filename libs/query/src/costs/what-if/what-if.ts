import { type Change, type PriceOfCall } from '@telltale/domain-cost';
import { type PriceBook, tierOf } from '@telltale/domain-pricing';
import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../../define/api-error';
import { named } from '../../define/definition';
import { defineQuery } from '../../define/define-query';
import { choice, momentOf, text, timeParam } from '../../define/params';
import { isoTime } from '../../define/row-fields';
import { latencyWith, type Option, savingWith, sentenceOf, suggestedOptions } from './options';
import { readHours, readSpeeds } from './read-calls';

const MAX_RANGE_MS = 92 * DAY_MS;
const MAX_OPTIONS = 20;

const wrongShare = 'is out of range; give a share from 0 to 1';
const wrongCap = 'is out of range; give a whole number of tokens from 1 to 1000000';

const option = named(
  'WhatIfOption',
  z.object({
    sentence: z.string(),
    model: z.string().describe('Model whose calls are affected; empty: all'),
    with_model: z.string().nullable().describe('provider/model that would answer'),
    cache_read_share: z.number().nullable(),
    tier: z.string().nullable(),
    output_cap: z.int().nullable(),
    calls: z.number(),
    before_nano_usd: z.int().describe('What these calls cost, nano-dollars'),
    after_nano_usd: z.int(),
    saving_nano_usd: z.int().describe('Never more than what they cost; negative where it would cost more'),
    low_nano_usd: z.int().nullable().describe('80 % interval of what the next period of this length would save'),
    high_nano_usd: z.int().nullable(),
    unpriced_calls: z.number().describe('Calls that are left out: their price is unknown, now or with the change'),
    latency: z
      .object({ before_ms: z.number(), after_ms: z.number(), low_ms: z.number(), high_ms: z.number() })
      .nullable()
      .describe('Of a mean answer, from observed speeds; low and high from the fastest and slowest tenth. Null where nothing was observed'),
  }),
); // prettier-ignore

const priceOfCall =
  (priceOf: PriceBook['priceOf']): PriceOfCall =>
  ({ provider, model, tier, hour, tokens }) =>
    priceOf({
      provider,
      requestModel: model,
      responseModel: model,
      at: Date.parse(hour),
      inputUncached: tokens.input,
      cacheRead: tokens.cache_read,
      cacheWrite: tokens.cache_write,
      output: tokens.output,
      reasoning: null,
      tier: tierOf(tier),
    })?.costNanoUsd ?? null;

export const whatIf = defineQuery({
  name: 'whatIf',
  about: 'What a period would have cost with another model, more cache, another tier or a cap on outputs; without a change given, what is worth a thought, the greatest saving first.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/what-if',
  params: {
    from: timeParam('First moment of the period: ISO 8601, Unix ms, or an age such as 7d'),
    to: timeParam('First moment after it; now when left out').optional(),
    service: text('Only calls of this service').optional(),
    model: text('Only calls of this model').optional(),
    with_model: text('Answered by this model instead: provider/model, such as openai/gpt-4o-mini').regex(/^[^/]+\/.+$/, 'is no model; give provider/model, such as openai/gpt-4o-mini').optional(),
    cache_read_share: z.coerce.number({ error: wrongShare }).min(0, wrongShare).max(1, wrongShare).describe('At least this share of the input tokens read from a cache, 0 to 1').optional(),
    tier: choice(['batch', 'flex', 'priority'], 'In this tier').optional(),
    output_cap: z.coerce.number({ error: wrongCap }).int(wrongCap).min(1, wrongCap).max(1_000_000, wrongCap).describe('Most output tokens of a call').optional(),
  },
  example: { from: '7d', model: 'gpt-4o', with_model: 'openai/gpt-4o-mini' },
  answer: named(
    'WhatIfAnswer',
    z.object({
      from: isoTime,
      to: isoTime,
      spend_nano_usd: z.int().describe('Of all priced calls of models that were asked about'),
      options: z.array(option),
    }),
  ),
  limits: { maxRangeMs: MAX_RANGE_MS },
  run: async ({ from, to, service, model, with_model: withModel, cache_read_share: cacheReadShare, tier, output_cap: cap = null }, { clock, rowsOf, priceOf }) => {
    const now = clock.now();
    const period = { since: momentOf('from', from, now), until: to === undefined ? now : momentOf('to', to, now) };
    if (period.since >= period.until) throw badParameter('from', 'lies not before to', 'give an earlier from or a later to');
    if (period.until - period.since > MAX_RANGE_MS) throw badParameter('from', `lies more than ${MAX_RANGE_MS / DAY_MS} d before to`, 'ask for a shorter period');
    const [hours, speeds] = await Promise.all([readHours(rowsOf, { service, model }, period, cap), readSpeeds(rowsOf, period)]);
    const [provider = '', ...rest] = withModel?.split('/') ?? [];
    const change: Change = {
      ...(withModel === undefined ? {} : { model: { provider, model: rest.join('/') } }),
      ...(cacheReadShare === undefined ? {} : { cacheReadShare }),
      ...(tier === undefined ? {} : { tier }),
      ...(cap === null ? {} : { isCapped: true }),
    };
    const price = priceOfCall(priceOf);
    const isAsked = Object.keys(change).length > 0;
    const asked: Option = { provider: '', model: model ?? '', change, cap, sentence: sentenceOf(model ?? '', change, cap) };
    const options = (isAsked ? [asked] : suggestedOptions(hours, speeds)).map((one) => ({ one, saving: savingWith(hours, one, price) }));
    if (isAsked && hours.length > 0 && options[0]?.saving.calls === 0)
      throw badParameter(withModel === undefined ? 'model' : 'with_model', 'has no known price', 'set one: telltale settings set price …, or name another model');
    return {
      from: isoTimeOf(period.since),
      to: isoTimeOf(period.until),
      spend_nano_usd: hours.reduce((sum, { nano }) => sum + nano, 0),
      options: options
        .filter(({ saving }) => isAsked || saving.saving_nano_usd > 0)
        .sort((a, b) => b.saving.saving_nano_usd - a.saving.saving_nano_usd)
        .slice(0, MAX_OPTIONS)
        .map(({ one, saving }) => ({
          sentence: one.sentence,
          model: one.model,
          with_model: one.change.model ? `${one.change.model.provider}/${one.change.model.model}` : null,
          cache_read_share: one.change.cacheReadShare ?? null,
          tier: one.change.tier ?? null,
          output_cap: one.cap,
          ...saving,
          latency: latencyWith(one, speeds),
        })),
    };
  },
}); // prettier-ignore
