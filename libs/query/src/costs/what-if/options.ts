import { type Change, type HourOfCalls, type PriceOfCall, type Saving, savingOf } from '@telltale/domain-cost';
import { groupBy } from '@telltale/kernel';
import { type ModelSpeed } from './read-calls';

/** One thing that could be different, and for which calls. */
export interface Option {
  readonly provider: string;
  readonly model: string;
  readonly change: Change;
  /** With a cap on outputs, tokens. */
  readonly cap: number | null;
  readonly sentence: string;
}

export interface Latency {
  readonly before_ms: number;
  readonly after_ms: number;
  /** With the slow and the fast tenth of the observed speeds. */
  readonly low_ms: number;
  readonly high_ms: number;
}

/** Models with less than this share of the spend are not worth a suggestion. */
const LEAST_SHARE = 0.05;
/** A cache share that the model had in an hour of this rank is one it can have. */
const GOOD_HOUR = 0.9;
const LEAST_CACHE_GAIN = 0.05;
const LEAST_CALLS = 20;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export function sentenceOf(model: string, { model: other, cacheReadShare, tier, isCapped }: Change, cap: number | null): string {
  const parts = [
    ...(other ? [`answered by ${other.model} instead`] : []),
    ...(cacheReadShare === undefined ? [] : [`with ${percent(cacheReadShare)} of the input read from a cache`]),
    ...(tier === undefined ? [] : [tier === 'batch' ? 'in the batch tier, answered within a day' : `in the ${tier} tier`]),
    ...(isCapped && cap !== null ? [`with at most ${cap} output tokens`] : []),
  ];
  return `${model === '' ? 'all calls' : `calls of ${model}`} ${parts.join(', ')}`;
}

const shareOf = ({ tokens }: HourOfCalls): number => {
  const input = tokens.input + tokens.cache_read + tokens.cache_write;
  return input > 0 ? tokens.cache_read / input : 0;
};
const sum = (hours: readonly HourOfCalls[], of: (hour: HourOfCalls) => number): number => hours.reduce((total, hour) => total + of(hour), 0); // prettier-ignore

function goodCacheShare(hours: readonly HourOfCalls[]): number | null {
  const shares = hours.filter(({ calls }) => calls >= LEAST_CALLS).map(shareOf).sort((a, b) => a - b); // prettier-ignore
  const good = shares[Math.floor(GOOD_HOUR * shares.length)];
  const input = sum(hours, ({ tokens }) => tokens.input + tokens.cache_read + tokens.cache_write);
  const now = input > 0 ? sum(hours, ({ tokens }) => tokens.cache_read) / input : 1;
  return good !== undefined && good - now >= LEAST_CACHE_GAIN ? good : null;
}

/** What is worth a thought for the models that cost most: what they had in their best hours, batches, and cheaper models that are in use already. */
export function suggestedOptions(hours: readonly HourOfCalls[], speeds: readonly ModelSpeed[]): Option[] {
  const total = sum(hours, ({ nano }) => nano);
  const options: Option[] = [];
  for (const [, ofModel] of groupBy(hours, ({ provider, model }) => JSON.stringify([provider, model]))) {
    const [{ provider, model } = { provider: '', model: '' }] = ofModel;
    if (sum(ofModel, ({ nano }) => nano) < LEAST_SHARE * total) continue;
    const add = (change: Change, cap: number | null = null): void => void options.push({ provider, model, change, cap, sentence: sentenceOf(model, change, cap) }); // prettier-ignore
    if (ofModel.every(({ tier }) => tier === '' || tier === 'standard')) add({ tier: 'batch' });
    const cacheReadShare = goodCacheShare(ofModel);
    if (cacheReadShare !== null) add({ cacheReadShare });
    for (const other of speeds)
      if (other.calls >= LEAST_CALLS && (other.model !== model || other.provider !== provider)) add({ model: { provider: other.provider, model: other.model } }); // prettier-ignore
  }
  return options;
}

export const savingWith = (hours: readonly HourOfCalls[], { provider, model, change }: Option, priceOf: PriceOfCall): Saving =>
  savingOf(
    hours.filter((hour) => model === '' || (hour.model === model && (provider === '' || hour.provider === provider))),
    change,
    priceOf,
  );

/** How long an answer takes with the change, from observed speeds; null where they say nothing, as for a cache or a batch. */
export function latencyWith({ model, change, cap }: Option, speeds: readonly ModelSpeed[]): Latency | null {
  const now = speeds.find((speed) => speed.model === model);
  const then = change.model ? speeds.find((speed) => speed.model === change.model?.model && speed.provider === change.model.provider) : now; // prettier-ignore
  if (!now || !then || change.tier === 'batch' || (!change.model && cap === null)) return null;
  const tokens = Math.min(now.outputTokens.mean, cap ?? Infinity);
  const after = (msPerToken: number): number => then.firstTokenMs + msPerToken * tokens;
  return {
    before_ms: now.firstTokenMs + now.msPerToken.p50 * now.outputTokens.mean,
    after_ms: after(then.msPerToken.p50),
    low_ms: after(then.msPerToken.p10),
    high_ms: after(then.msPerToken.p90),
  };
}
