import { asFamilyCache, familyCacheRates } from './cache-factors';
import { fitsRule, type ModelPrices, ratesAt, type SizedRates } from './model-prices';
import { type Price, type PriceBook, type PricedCall } from './price-book';
import { placesOf } from './provider-names';
import { sumOf, totalsOf } from './rates';
import { tierFactor } from './service-tier';

/** Prices of many models, as a public list has them, with the time they hold. */
export interface PriceFile {
  readonly name: string;
  /** Digest of its contents. */
  readonly revision: string;
  /** First moment it holds, ISO 8601; since ever when absent. */
  readonly from?: string | undefined;
  /** First moment it does not hold any more. */
  readonly to?: string | undefined;
  readonly models: readonly ModelPrices[];
}

const priceFileVersion = ({ name, revision }: Pick<PriceFile, 'name' | 'revision'>): string => `price_file/${name}@${revision}`;

/** Where a model is looked for whose call names no provider: its makers. */
const MAKERS = ['openai', 'anthropic', 'google', 'mistral', 'x-ai', 'deepseek', 'cohere', 'moonshotai', 'zai', 'minimax', 'groq'];
const MAX_REMEMBERED = 5_000;

interface Dated {
  readonly since: number;
  readonly entry: ModelPrices;
}
/** All that a file says of one model, the newest first. */
type Versions = Dated[];

interface Index {
  readonly byName: ReadonlyMap<string, Versions>;
  readonly byRule: readonly Versions[];
}

const timeOf = (moment: string | undefined, absent: number): number => (moment === undefined ? absent : Date.parse(moment));

function indexOf(models: readonly ModelPrices[]): ReadonlyMap<string, Index> {
  const providers = new Map<string, { byName: Map<string, Versions>; byRule: Versions[] }>();
  for (const entry of models) {
    const index = providers.get(entry.provider) ?? { byName: new Map<string, Versions>(), byRule: [] };
    providers.set(entry.provider, index);
    const name = entry.model.toLowerCase();
    const versions: Versions = index.byName.get(name) ?? [];
    if (versions.length === 0) {
      index.byName.set(name, versions);
      if (entry.match) index.byRule.push(versions);
    }
    versions.push({ entry, since: timeOf(entry.from, -Infinity) });
    versions.sort((a, b) => (a.since === b.since ? 0 : b.since > a.since ? 1 : -1));
  }
  return providers;
}

const ENDING = /(?:@[\w.-]+|-(?:20\d{6}|20\d\d-\d\d-\d\d)|-v\d+(?::\d+)?|-latest|-preview)$/;

/** Names of the same model that leave out its date or edition, the nearest first. A region stays: it has its own price. */
function nearNames(model: string): string[] {
  const names: string[] = [];
  let name = model;
  for (const part of [ENDING, ENDING]) {
    const shorter = name.replace(part, '');
    if (shorter === name || shorter === '') continue;
    name = shorter;
    names.push(name);
  }
  return names;
}

interface Known {
  readonly provider: string;
  readonly versions: Versions;
}

/** Finds what a file says of a model. Names that were asked for are remembered. */
function createFinder(models: readonly ModelPrices[]) {
  const index = indexOf(models);
  const remembered = new Map<string, Known | null>();

  function at(provider: string, model: string): Known | null {
    const found = index.get(provider);
    const versions =
      found?.byName.get(model) ?? found?.byRule.find(([first]) => first?.entry.match && fitsRule(first.entry.match, model));
    return versions ? { provider, versions } : null;
  }
  function find(provider: string, model: string): Known | null {
    for (const [place, name] of placesOf(provider, model))
      for (const one of place === '' ? MAKERS : [place]) {
        const known = at(one, name);
        if (known) return known;
      }
    return null;
  }
  return (provider: string, model: string): Known | null => {
    const key = `${provider}\u0000${model}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    const found = find(provider, model);
    remembered.set(key, found);
    return found;
  };
}

/** The rates of the tier a call was served at, and what they are multiplied by. */
function tierRates({ rates, tiers }: ModelPrices, { tier = 'standard' }: PricedCall, provider: string, model: string): readonly [SizedRates, number] | null {
  if (tier === null) return null;
  const own = tier === 'standard' ? rates : tiers?.[tier];
  if (own) return [own, 1];
  const factor = tierFactor(provider, tier, model);
  return factor === null ? null : [rates, factor];
} // prettier-ignore

function costOf(call: PricedCall, { provider, versions }: Known, model: string): { readonly nano: number; readonly isFamily: boolean } | null {
  const entry = versions.find(({ since }) => since <= call.at)?.entry;
  const found = entry && tierRates(entry, call, provider, model);
  if (!found) return null;
  const [sized, factor] = found;
  const rates = ratesAt(sized, totalsOf(call).input);
  const family = familyCacheRates(call, rates, provider, model);
  const nano = Math.round(sumOf(call, family ?? rates) * factor);
  return Number.isSafeInteger(nano) ? { nano, isFamily: family !== null } : null;
} // prettier-ignore

/**
 * The base table preceded by price files. Of several that hold at the time of the call and know its model, the one with the latest start counts, of equal
 * starts the one listed last. A file counts for the names it lists; a name it does not list is the base's, and only where that has no
 * price either, the file's for the same model without date or edition. `version` is `price_file/<name>@<revision>`.
 */
export function withPriceFiles(base: PriceBook, files: readonly PriceFile[]): PriceBook {
  if (files.length === 0) return base;
  const ordered = files
    .map((file, nth) => ({ nth, since: timeOf(file.from, -Infinity), until: timeOf(file.to, Infinity), version: priceFileVersion(file), find: createFinder(file.models) }))
    .sort((a, b) => (a.since === b.since ? b.nth - a.nth : b.since > a.since ? 1 : -1)); // prettier-ignore

  function priceIn(call: PricedCall, model: string): Price | null {
    const provider = call.provider.toLowerCase();
    for (const { since, until, version, find } of ordered) {
      if (call.at < since || call.at >= until) continue;
      const known = find(provider, model);
      const cost = known && costOf(call, known, model);
      if (cost) return { costNanoUsd: cost.nano, version: cost.isFamily ? asFamilyCache(version) : version };
    }
    return null;
  }
  return {
    priceOf(call) {
      if (call.inputUncached === null && call.output === null) return base.priceOf(call);
      const asked = call.requestModel.toLowerCase();
      const served = call.responseModel.toLowerCase() || asked;
      const known = (served === '' ? null : priceIn(call, served)) ?? base.priceOf(call);
      if (known) return known;
      for (const name of [asked, ...nearNames(served), ...nearNames(asked)]) {
        const near = name === '' ? null : priceIn(call, name);
        if (near) return near;
      }
      return null;
    },
  };
} // prettier-ignore
