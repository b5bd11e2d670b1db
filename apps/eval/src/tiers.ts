import { tierFactor } from '@telltale/domain-pricing';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '@telltale/cli';

const FILE = 'model_prices_and_context_window.json';
/** Endings of the fields that hold a tier's price. */
const TIERS = [
  ['batch', '_batches'],
  ['flex', '_flex'],
  ['priority', '_priority'],
] as const;
const RATES = ['input_cost_per_token', 'output_cost_per_token'] as const;
/** As the list names providers, and as we do. */
const PROVIDERS: readonly (readonly [listed: RegExp, ours: string])[] = [
  [/^(?:text-completion-)?openai$/, 'openai'],
  [/^azure/, 'azure'],
  [/^anthropic$/, 'anthropic'],
  [/^(?:gemini|vertex_ai)/, 'google'],
  [/^bedrock/, 'aws'],
  [/^xai$/, 'x-ai'],
  [/^mistral$/, 'mistral'],
  [/^groq$/, 'groq'],
];
/** Prices are rounded to a few digits. */
const SLACK = 0.01;

type Entry = Readonly<Record<string, unknown>>;
interface Counts {
  agree: number;
  differ: number;
  /** The list has a price, and ours is unknown. */
  unknown: number;
}
export interface TierReport extends Counts {
  readonly by: Readonly<Record<string, Counts>>;
  /** `provider/model tier: ours, theirs`. */
  readonly differing: readonly string[];
}

async function readList(path: string): Promise<Readonly<Record<string, Entry>>> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, FILE) : path;
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, Entry>;
  } catch {
    throw new CliError(`${path} has no price list that can be read`, `give ${FILE}, as LiteLLM publishes it, or its folder`);
  }
}

/** What a list charges for a tier as a multiple of its standard price, for input and output; none where it has no price. */
function factorsOf(entry: Entry, ending: string): number[] {
  return RATES.flatMap((rate) => {
    const [plain, tiered] = [entry[rate], entry[`${rate}${ending}`]];
    return typeof plain === 'number' && typeof tiered === 'number' && plain > 0 && tiered > 0 ? [tiered / plain] : [];
  });
}

/** Holds our factors of service tiers against a list that has prices per model and tier. CliError without one. */
export async function evaluateTiers(path: string): Promise<TierReport> {
  const total: Counts = { agree: 0, differ: 0, unknown: 0 };
  const by: Record<string, Counts> = {};
  const differing: string[] = [];
  for (const [name, entry] of Object.entries(await readList(path))) {
    const provider = PROVIDERS.find(([listed]) => listed.test(String(entry['litellm_provider'])))?.[1];
    const model = (name.split('/').at(-1) ?? name).split('@')[0] ?? name;
    if (provider === undefined) continue;
    for (const [tier, ending] of TIERS) {
      const theirs = factorsOf(entry, ending);
      if (theirs.length === 0) continue;
      const ours = tierFactor(provider, tier, model.toLowerCase());
      const isSame = (factor: number): boolean => ours !== null && Math.abs(factor - ours) <= SLACK * ours;
      const found = ours === null ? 'unknown' : theirs.every(isSame) ? 'agree' : 'differ';
      total[found]++;
      (by[`${provider} ${tier}`] ??= { agree: 0, differ: 0, unknown: 0 })[found]++;
      if (found === 'differ')
        differing.push(`${provider}/${name} ${tier}: ${String(ours)}, ${theirs.map((f) => f.toFixed(3)).join(' and ')}`);
    }
  }
  return { ...total, by, differing };
}
