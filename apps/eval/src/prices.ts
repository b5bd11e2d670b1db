import { calcPrice, type Usage } from '@pydantic/genai-prices';
import { disjointUsage, readUsage, type UsageForm } from '@telltale/domain-normalize';
import { createPriceBook, type PriceBook } from '@telltale/domain-pricing';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '@telltale/cli';
import { type Anchor, type AnchorResult, callOf, checkAnchor } from './price-anchors';
import { comparePriceList, type PriceListReport } from './price-list';

interface Expectation {
  readonly provider_id: string;
  readonly api_flavor: string;
  readonly input_price?: string;
  readonly output_price?: string;
}
interface Recorded {
  readonly model: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly extracted: readonly { readonly usage: Usage; readonly extractors: readonly Expectation[] }[];
}

export interface PriceReport {
  readonly anchors_right: number;
  readonly anchors: number;
  /** Of the expectations that are of the installed table's version, those priced right to a nano-dollar. */
  readonly expectations_share: number;
  /** What was priced wrong: bills by their id, then the first expectations. */
  readonly wrong: readonly string[];
  /** Models without a price, where one was expected, and how often. */
  readonly unpriced: Readonly<Record<string, number>>;
}
export interface PriceDetails extends PriceReport {
  readonly expectations: number;
  /** The table has other prices now: the library makes something else of the usage recorded with the expectation. */
  readonly other_version: number;
}

/** How each API of a provider reports usage, by the names of the data set. */
function formOf({ provider_id: provider, api_flavor: flavor }: Expectation): UsageForm {
  if (flavor === 'chat') return 'openai-chat';
  if (flavor === 'responses') return 'openai-responses';
  if (flavor === 'embeddings') return 'embeddings';
  if (flavor === 'anthropic' || provider === 'anthropic') return 'anthropic';
  if (provider === 'google') return 'gemini';
  if (provider === 'aws') return 'bedrock';
  if (provider === 'cohere') return 'cohere';
  return 'openai-chat';
}

const usageIn = (body: Recorded['body']): unknown => body['usage'] ?? body['usageMetadata'] ?? body['meta'];
const isPriced = (one: Expectation): boolean => one.input_price !== undefined || one.output_price !== undefined;
const dollarsOf = (one: Expectation): number => Number(one.input_price ?? 0) + Number(one.output_price ?? 0);
const NANO = 1e-9;
/** Sums of binary fractions, and one rounding of ours. */
const SLACK = 1.01 * NANO;

function isOfThisVersion(usage: Usage, model: string, expected: Expectation, at: number): boolean {
  const now = calcPrice(usage, model, { providerId: expected.provider_id, timestamp: new Date(at) });
  return now !== null && Math.abs(now.input_price + now.output_price - dollarsOf(expected)) <= SLACK;
}

async function readJson<T>(file: string): Promise<T> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new CliError(`${file} cannot be read`, 'give the folder of billing-anchor-cases.json and genai-prices-usages.json');
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new CliError(`${file} is not JSON`, 'fetch the data again');
  }
}

function checkExpectations(recorded: readonly Recorded[], book: PriceBook, at: number) {
  let all = 0;
  let ofVersion = 0;
  let rightOfVersion = 0;
  const wrong: string[] = [];
  const gaps: Record<string, number> = {};
  for (const { model, body, extracted } of recorded)
    for (const { usage, extractors } of extracted)
      for (const expected of extractors.filter(isPriced)) {
        if (model === null) continue;
        const counts = readUsage(usageIn(body), formOf(expected));
        const found = counts && book.priceOf(callOf(disjointUsage(counts), expected.provider_id, model, at));
        const isRight = found !== null && Math.abs(found.costNanoUsd * NANO - dollarsOf(expected)) <= SLACK;
        const name = `${expected.provider_id}/${model}`;
        all++;
        if (!isOfThisVersion(usage, model, expected, at)) continue;
        ofVersion++;
        if (isRight) rightOfVersion++;
        else
          wrong.push(
            `${name} (${expected.api_flavor}): ${String(found && found.costNanoUsd * NANO)} is not ${dollarsOf(expected)}`,
          );
        if (found === null) gaps[name] = (gaps[name] ?? 0) + 1;
      }
  return { all, ofVersion, rightOfVersion, wrong, gaps };
}

/** Prices what is in the folder at its newest table; `at` is the time prices are of. CliError where a file is missing. */
export async function measurePrices(folder: string, at: number): Promise<PriceDetails> {
  const anchors = await readJson<Anchor[]>(join(folder, 'billing-anchor-cases.json'));
  const recorded = await readJson<Recorded[]>(join(folder, 'genai-prices-usages.json'));
  const book = createPriceBook();
  const results = anchors.map((anchor) => checkAnchor(anchor, book, at));
  const { all, ofVersion, rightOfVersion, wrong, gaps } = checkExpectations(recorded, book, at);
  return {
    anchors_right: results.filter((one) => one.right).length,
    anchors: results.length,
    expectations_share: ofVersion === 0 ? 0 : rightOfVersion / ofVersion,
    expectations: all,
    other_version: all - ofVersion,
    wrong: [...results.filter((one) => !one.right).map(tellWrong), ...new Set(wrong)].slice(0, MOST_TOLD),
    unpriced: gaps,
  };
}

const MOST_TOLD = 20;
const tellWrong = ({ id, by, expected, found }: AnchorResult): string => `${id} by ${by}: ${String(found)} is not ${expected}`;

export async function evaluatePrices(folder: string): Promise<PriceReport> {
  const { anchors_right, anchors, expectations_share, wrong, unpriced } = await measurePrices(folder, Date.now());
  return { anchors_right, anchors, expectations_share, wrong, unpriced };
}

/** Prices recorded usage and known bills of a folder; a file is a published price list, whose prices are compared with ours. */
export const evaluatePriceData = (path: string): Promise<PriceReport | PriceListReport> =>
  existsSync(path) && statSync(path).isFile() ? comparePriceList(path, Date.now()) : evaluatePrices(path);
