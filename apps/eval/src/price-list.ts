import { CliError } from '@telltale/cli';
import {
  createPriceBook,
  type ModelPrices,
  type PriceBook,
  type PricedCall,
  readPriceFile,
  withPriceFiles,
} from '@telltale/domain-pricing';
import { readFile } from 'node:fs/promises';

/** Calls that a price list and our book are asked about. */
const CALLS = {
  plain: { inputUncached: 1_000, cacheRead: 0, output: 1_000 },
  cached: { inputUncached: 1_000, cacheRead: 9_000, output: 1_000 },
  above_200k: { inputUncached: 300_000, cacheRead: 0, output: 1_000 },
} as const;
type CallKind = keyof typeof CALLS;
const KINDS = Object.keys(CALLS) as CallKind[];

interface Counts {
  /** Asked about: those that the list has a price of this kind for. */
  models: number;
  exact: number;
  /** Our book has no price. */
  unknown: number;
  differ: number;
}
export interface PriceListReport extends Counts, Readonly<Record<CallKind, Counts>> {
  /** Entries of the list that are not priced by tokens alone, by reason. */
  readonly left_out: Readonly<Record<string, number>>;
  /** The same counts by provider, of those with the most models. */
  readonly by_provider: Readonly<Record<string, Counts>>;
  /** `provider/model kind: ours is not theirs`, in dollars, of the providers whose prices we have. */
  readonly differing: readonly string[];
}

const PROVIDERS_SHOWN = 20;
const DIFFERING_SHOWN = 500;
/** Lists round prices per token to a few digits. */
const SLACK = 0.001;

const counts = (): Counts => ({ models: 0, exact: 0, unknown: 0, differ: 0 });
function count(into: Counts, found: keyof Omit<Counts, 'models'>): void {
  into.models++;
  into[found]++;
}

const callOf = ({ provider, model }: ModelPrices, kind: CallKind, at: number): PricedCall => ({
  provider, requestModel: model, responseModel: '', at, cacheWrite: null, reasoning: null, ...CALLS[kind],
}); // prettier-ignore

/** Whether the list says what such a call costs: cached input needs a price of its own. */
const says = ({ rates }: ModelPrices, kind: CallKind): boolean =>
  rates.input !== undefined && (kind !== 'cached' || rates.cache_read !== undefined);

type Outcome = keyof Omit<Counts, 'models'>;
interface Compared {
  readonly outcome: Outcome;
  readonly ours: number | null;
  readonly theirs: number;
}

function compare(entry: ModelPrices, kind: CallKind, books: { readonly ours: PriceBook; readonly theirs: PriceBook }, at: number): Compared | null {
  if (!says(entry, kind)) return null;
  const call = callOf(entry, kind, at);
  const theirs = books.theirs.priceOf(call)?.costNanoUsd;
  if (theirs === undefined) return null;
  const ours = books.ours.priceOf(call)?.costNanoUsd ?? null;
  const isSame = ours !== null && Math.abs(ours - theirs) <= Math.max(1, SLACK * theirs);
  return { outcome: ours === null ? 'unknown' : isSame ? 'exact' : 'differ', ours, theirs };
} // prettier-ignore

const dollars = (nano: number | null): string => (nano === null ? 'unknown' : String(nano / 1e9));
/** A model counts once: what is wrong of any kind of call is wrong. */
const worst = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.includes('differ') ? 'differ' : outcomes.includes('unknown') ? 'unknown' : 'exact';

/** Holds the built-in book against a published price list at a time. CliError where the list cannot be read. */
export async function comparePriceList(file: string, at: number): Promise<PriceListReport> {
  const read = readPriceFile(await readFile(file, 'utf8'));
  if ('problem' in read) throw new CliError(`${file}: ${read.entry}: ${read.field} ${read.problem}`, "give LiteLLM's or genai-prices' published file"); // prettier-ignore
  const nobody: PriceBook = { priceOf: () => null };
  const list = { name: read.source, revision: read.revision, models: read.models };
  const books = { ours: createPriceBook(), theirs: withPriceFiles(nobody, [list]) };
  const all = { ...counts(), plain: counts(), cached: counts(), above_200k: counts() };
  const byProvider = new Map<string, Counts>();
  const differing: string[] = [];
  const seen = new Set<string>();
  for (const entry of read.models) {
    // One model has an entry for each of its dates.
    const name = `${entry.provider}/${entry.model}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const outcomes = KINDS.flatMap((kind) => {
      const compared = compare(entry, kind, books, at);
      if (!compared) return [];
      count(all[kind], compared.outcome);
      if (compared.outcome === 'differ') differing.push(`${name} ${kind}: ${dollars(compared.ours)} is not ${dollars(compared.theirs)}`);
      return [compared.outcome];
    });
    if (outcomes.length === 0) continue;
    const of = byProvider.get(entry.provider) ?? counts();
    byProvider.set(entry.provider, of);
    for (const into of [all, of]) count(into, worst(outcomes));
  }
  const most = [...byProvider].sort(([, a], [, b]) => b.models - a.models).slice(0, PROVIDERS_SHOWN);
  return { ...all, left_out: read.leftOut, by_provider: Object.fromEntries(most), differing: differing.slice(0, DIFFERING_SHOWN) };
} // prettier-ignore
