import { readFile } from 'node:fs/promises';
import { CliError, UsageError } from '../terminal/errors';

/** Its price table is large, and few commands need it. */
const pricing = () => import('@telltale/domain-pricing');

type Read = ReturnType<Awaited<ReturnType<typeof pricing>>['readPriceFile']>;
export type PriceList = Exclude<Read, { problem: string }>;
export type ModelPrices = PriceList['models'][number];

/** A price list in one of its published forms. The error names the entry and the field that are wrong. */
export async function readPriceList(path: string): Promise<PriceList> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new UsageError(
      `${path} cannot be read`,
      "give LiteLLM's model_prices_and_context_window.json or genai-prices' data.json",
    );
  }
  const { readPriceFile } = await pricing();
  const read = readPriceFile(text);
  if (!('problem' in read)) return read;
  const { entry, field, problem } = read;
  throw new CliError(`${path}: ${entry}: ${field ? `${field} ` : ''}${problem}`, 'nothing was applied; mend this entry');
}
