import { type Operations } from '@telltale/api-client';
import { ALL_TENANTS, MAX_PART_MODELS, partName } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { type Client } from '../client/http-client';
import { UsageError } from '../terminal/errors';
import { type Io, note } from '../terminal/io';
import { createProgress } from '../terminal/progress';
import { printJson, printTable, timeOf, withExample, withJson } from './command';
import { type ModelPrices, type PriceList, readPriceList } from './read-price-list';

type Api = Client['api'];

const SERVICES = ['insights'];
/** A part is one record of a topic, and one body. */
const PART_CHARS = 250_000;

/** The models in parts of bounded length, in order. */
function partsOf(models: readonly ModelPrices[]): ModelPrices[][] {
  const parts: ModelPrices[][] = [];
  let chars = Infinity;
  for (const model of models) {
    const own = JSON.stringify(model).length;
    if (chars + own > PART_CHARS || (parts.at(-1)?.length ?? 0) >= MAX_PART_MODELS) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(model);
    chars += own;
  }
  return parts;
}

interface ImportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly name?: string;
  readonly tenant?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface Target {
  readonly name: string;
  readonly of: { readonly of_tenant?: string };
  readonly dates: { readonly from?: string; readonly to?: string };
}

function targetOf({ from, to, name, tenant }: ImportOptions, { source }: PriceList): Target {
  const [start, end] = [from, to].map((text, nth) => (text === undefined ? undefined : timeOf(nth === 0 ? '--from' : '--to', text)));
  if (start !== undefined && end !== undefined && start >= end) throw new UsageError('--from lies not before --to', 'give an earlier --from or a later --to');
  const dates = { ...(start !== undefined && { from: isoTime(start) }), ...(end !== undefined && { to: isoTime(end) }) };
  // A file that begins later stands beside the one before it, so that calls of before keep their prices.
  const usual = start === undefined ? source : `${source}-${isoTime(start).slice(0, 10)}`;
  return { name: name ?? usual, of: tenant === undefined ? {} : { of_tenant: tenant }, dates };
} // prettier-ignore

/** The file in force under this name, and the set of parts that is free. */
async function presentOf(api: Api, { name, of }: Target): Promise<{ readonly version: number; readonly slot: 'a' | 'b'; readonly parts: number; readonly revision: string } | null> {
  for (let cursor: string | undefined; ; ) {
    const page = await api.listSettings({ type: 'price_file', ...of, ...(cursor !== undefined && { cursor }) });
    const found = page.settings.find((one) => one.name === name);
    if (found) return { version: found.version, slot: found.value['slot'] === 'b' ? 'b' : 'a', parts: Number(found.value['parts'] ?? 0), revision: String(found.value['revision']) };
    if (page.next_cursor === undefined) return null;
    cursor = page.next_cursor;
  }
} // prettier-ignore

/** Writes the parts beside those in force, then switches to them with one record, then removes the former. */
async function put(io: Io, api: Api, read: PriceList, target: Target): Promise<void> {
  const { name, of, dates } = target;
  const before = await presentOf(api, target);
  const slot = before?.slot === 'a' ? 'b' : 'a';
  const parts = partsOf(read.models);
  const { source, revision } = read;
  const progress = createProgress(io, 'writing prices', parts.length);
  for (const [part, models] of parts.entries()) {
    const value = { file: name, revision, slot, part, models };
    await api.putSetting({ type: 'price_file_part', name: partName(name, slot, part), ...of, value, issued_by: 'cli' });
    progress.update(part + 1, `${models.length} models`);
  }
  const value = { source, revision, slot, parts: parts.length, models: read.models.length, ...dates };
  const expected = before ? { if_version: before.version } : {};
  await api.putSetting({ type: 'price_file', name, ...of, ...expected, value, issued_by: 'cli' });
  progress.end();
  for (let part = 0; part < (before?.parts ?? 0); part++)
    await api.deleteSetting({
      type: 'price_file_part',
      name: partName(name, before?.slot ?? slot, part),
      ...of,
      issued_by: 'cli',
    });
}

async function importFile(io: Io, path: string, options: ImportOptions): Promise<void> {
  const read = await readPriceList(path);
  const target = targetOf(options, read);
  if (!options.dryRun) await withClient(io, [...SERVICES, 'settings'], ({ api }) => put(io, api, read, target));
  const { source, revision, models, leftOut } = read;
  const report = {
    name: target.name,
    source,
    revision,
    models: models.length,
    left_out: leftOut,
    ...target.dates,
    applied: !options.dryRun,
  };
  if (options.json) return printJson(io, report);
  io.out(`${models.length} models of ${source} ${options.dryRun ? 'would be' : 'are'} in force as price_file ${target.name}, revision ${revision}`);
  for (const [reason, count] of Object.entries(leftOut)) note(io, `left out: ${count} entries, ${reason}`);
  if (!options.dryRun) note(io, 'calls from now on have these prices; earlier ones with: telltale costs reprice --from … --to …');
} // prettier-ignore

type Prices = NonNullable<Operations['getPrice']['answer']['in_force']>;
const RATES = ['input', 'output', 'cache_read', 'cache_write', 'cache_write_1h'] as const;
const usd = (rate: number | null): string => (rate === null ? '?' : String(rate));
const large = ({ usd_per_million: plain, usd_per_million_at_300k: at }: Prices): string =>
  RATES.filter((name) => plain[name] !== at[name]).map((name) => `${name} ${usd(at[name])}`).join(', '); // prettier-ignore
const shown = (prices: Prices) => ({
  ...Object.fromEntries(RATES.map((name) => [name, usd(prices.usd_per_million[name])])),
  at_300k: large(prices),
  version: prices.version,
});

interface ShowOptions {
  readonly provider?: string;
  readonly at?: string;
  readonly json?: boolean;
}

async function show(io: Io, model: string, { provider, at, json }: ShowOptions): Promise<void> {
  const asked = {
    model,
    ...(provider !== undefined && { provider }),
    ...(at !== undefined && { at: isoTime(timeOf('--at', at)) }),
  };
  const answer = await withClient(io, SERVICES, ({ api }) => api.getPrice(asked));
  if (json) return printJson(io, answer);
  if (!answer.in_force) return note(io, `no price is known of ${model}: its calls are counted, and their cost is unknown`);
  const rows = [
    { source: 'in force', ...shown(answer.in_force) },
    ...answer.sources.map(({ source, ...prices }) => ({ source, ...shown(prices) })),
  ];
  printTable(io, rows);
  note(io, 'dollars per million tokens; of the sources the first counts');
}

interface GapsOptions {
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
}
const dollars = (nano: number | null): string => (nano === null ? '?' : `$${(nano / 1e9).toFixed(2)}`);

async function gaps(io: Io, { since, until, json }: GapsOptions): Promise<void> {
  const { gaps: found } = await withClient(io, SERVICES, ({ api }) =>
    api.listPriceGaps({ since, ...(until !== undefined && { until }) }),
  );
  if (json) return printJson(io, { gaps: found });
  if (found.length === 0) return note(io, 'every call with usage has a price');
  const rows = found.map(({ least_nano_usd: least, most_nano_usd: most, family, priced_now: now, ...gap }) => ({
    provider: gap.provider, model: gap.model, tier: gap.service_tier, calls: gap.calls, input: gap.input_tokens, output: gap.output_tokens,
    hidden: least === null ? 'unknown' : `${dollars(least)} to ${dollars(most)}`, by: family ?? '', known_now: now ? 'yes' : '',
  })); // prettier-ignore
  printTable(io, rows);
  note(io, 'hidden: what these calls would cost at the cheapest and the most expensive known model of the family');
  if (found.some(({ priced_now: now }) => now)) note(io, 'known_now: telltale costs reprice --from … --to … puts the price on these calls');
} // prettier-ignore

interface Difference {
  readonly change: 'new' | 'changed' | 'gone';
  readonly model: string;
  readonly before: Prices | null;
  readonly after: Prices | null;
}

async function namesInForce(api: Api): Promise<string[]> {
  const names: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await api.listFileModels({ limit: 5_000, ...(cursor !== undefined && { cursor }) });
    names.push(...page.models);
    if (page.next_cursor === undefined) return names;
    cursor = page.next_cursor;
  }
}

async function differencesOf(api: Api, { models }: PriceList, at: string | undefined): Promise<{ readonly same: number; readonly found: Difference[] }> {
  let same = 0;
  const found: Difference[] = [];
  for (const part of partsOf(models)) {
    const answer = await api.comparePrices({ models: part.map((one) => ({ ...one })), ...(at !== undefined && { at }) });
    same += answer.same;
    for (const change of ['new', 'changed'] as const)
      found.push(...answer[change].map((one) => ({ change, model: `${one.provider}/${one.model}`, before: one.in_force, after: one.listed })));
  }
  const listed = new Set(models.map(({ provider, model }) => `${provider}/${model}`));
  for (const model of await namesInForce(api)) if (!listed.has(model)) found.push({ change: 'gone', model, before: null, after: null });
  return { same, found };
} // prettier-ignore

/** `input 3 → 2` of each price that differs. */
function changesIn({ before, after }: Difference): string {
  const one = (
    prices: Prices | null,
    field: 'usd_per_million' | 'usd_per_million_at_300k',
    name: (typeof RATES)[number],
  ): string => (prices ? usd(prices[field][name]) : '?');
  const of = (field: 'usd_per_million' | 'usd_per_million_at_300k', label: string): string[] =>
    RATES.map((name) => [name, one(before, field, name), one(after, field, name)] as const)
      .filter(([, was, is]) => was !== is)
      .map(([name, was, is]) => `${name}${label} ${was} → ${is}`);
  const plain = of('usd_per_million', '');
  return (plain.length > 0 ? plain : of('usd_per_million_at_300k', ' at 300k')).join(', ');
}

async function diff(io: Io, path: string, { at, json }: { readonly at?: string; readonly json?: boolean }): Promise<void> {
  const read = await readPriceList(path);
  const time = at === undefined ? undefined : isoTime(timeOf('--at', at));
  const { same, found } = await withClient(io, SERVICES, ({ api }) => differencesOf(api, read, time));
  const of = (change: Difference['change']): Difference[] => found.filter((one) => one.change === change);
  if (json)
    return printJson(io, {
      revision: read.revision,
      same,
      new: of('new'),
      changed: of('changed'),
      gone: of('gone').map(({ model }) => model),
    });
  if (found.length > 0) printTable(io, found.map((one) => ({ change: one.change, model: one.model, prices: one.change === 'gone' ? '' : changesIn(one) }))); // prettier-ignore
  note(io, `${same} as in force, ${of('new').length} new, ${of('changed').length} changed, ${of('gone').length} gone`);
}

export function registerPrices(costs: Command, io: Io): void {
  const prices = costs.command('prices').description('price tables: what a model costs, which have no price, and price files');
  withExample(prices, 'telltale costs prices import model_prices_and_context_window.json --dry-run', 'telltale costs prices show gpt-4o --provider openai'); // prettier-ignore
  withJson(
    prices
      .command('import')
      .description("put a price file in force: LiteLLM's model_prices_and_context_window.json or genai-prices' data.json")
      .argument('<file>', 'the file; one bad entry and nothing is applied')
      .option('--from <time>', 'first moment its prices hold, ISO 8601; ever since when left out')
      .option('--to <time>', 'first moment they do not hold any more')
      .option('--name <name>', 'name of the setting; litellm or genai-prices, with the day of --from, when left out')
      .option('--tenant <name>', `of another tenant, or ${ALL_TENANTS} for all; needs a key with the scope operator`)
      .option('--dry-run', 'only read and check the file'),
  ).action((file: string, options: ImportOptions) => importFile(io, file, options));
  withJson(
    prices
      .command('show')
      .description('what a model costs, by which source, and what the others say')
      .argument('<model>', 'as events name it')
      .option('--provider <name>', 'as events name it')
      .option('--at <time>', 'time of the call; now when left out'),
  ).action((model: string, options: ShowOptions) => show(io, model, options));
  withJson(
    prices
      .command('gaps')
      .description('models that were called and have no price, with an estimate of the spend they hide')
      .option('--since <age>', 'from this age or time on', '7d')
      .option('--until <time>', 'first moment after the range; now when left out'),
  ).action((options: GapsOptions) => gaps(io, options));
  withJson(
    prices
      .command('diff')
      .description('a price file against the list prices in force: new, changed, gone')
      .argument('<file>', 'as for import')
      .option('--at <time>', 'time that prices are of; now when left out'),
  ).action((file: string, options: { at?: string; json?: boolean }) => diff(io, file, options));
}
