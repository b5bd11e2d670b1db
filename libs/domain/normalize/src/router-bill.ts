import { BILLED_COST } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { parseJson } from './parse-json';

type Payload = Readonly<Record<string, unknown>>;

/** Prefixes of attributes that hold a router's usage, a name for each of its fields. */
const PREFIXES = ['gen_ai.usage', 'openrouter.usage', 'litellm.usage', 'llm.usage', 'usage'] as const;
/** Attributes that hold it as one object. */
const OBJECTS = ['usage', 'openrouter.usage', 'logfire.response.usage'] as const;
/** Where gateways say that they answered from their own cache: no provider was asked, and nobody charges. */
const CACHE_HITS = [
  'gen_ai.response.cache_hit', 'llm.response.cache_hit', 'litellm.cache_hit', 'metadata.cache_hit', 'langfuse.observation.metadata.cache_hit', 'cache_hit',
] as const; // prettier-ignore

const objectIn = (value: unknown): Payload | null => {
  const plain = typeof value === 'string' && value.startsWith('{') ? parseJson(value) : value;
  return isRecord(plain) ? plain : null;
};
const amountOf = (value: unknown): number | null => {
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : null;
};
const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === 'True';

/**
 * What a router charged, by the usage of its answer in OpenRouter's form, in dollars; null where it says no bill. With a key of one's own (BYOK) `cost` is the
 * router's fee, and the provider charges `upstream_inference_cost` beside it; else that cost is in `cost` already.
 * https://openrouter.ai/docs/use-cases/usage-accounting
 */
function billIn(usage: Payload): number | null {
  const details = objectIn(usage['cost_details'] ?? usage['costDetails']);
  const byok = usage['is_byok'] ?? usage['isByok'];
  // Other tools call the cost that they reckon so, too: a bill has what only the router knows.
  if (byok === undefined && details === null) return null;
  const cost = amountOf(usage['cost']);
  if (cost === null) return null;
  const upstream = amountOf(details?.['upstream_inference_cost'] ?? details?.['upstreamInferenceCost']);
  const isByok = byok === undefined ? cost === 0 && upstream !== null : isTrue(byok);
  if (!isByok) return cost;
  return upstream === null ? null : cost + upstream;
}

/** The usage whose fields are attributes of their own. */
function usageUnder(prefix: string, attributes: Payload): Payload | null {
  const cost = attributes[`${prefix}.cost`];
  if (cost === undefined) return null;
  const upstream = attributes[`${prefix}.cost_details.upstream_inference_cost`];
  const details = attributes[`${prefix}.cost_details`] ?? (upstream === undefined ? undefined : { upstream_inference_cost: upstream });
  const byok = attributes[`${prefix}.is_byok`];
  return { cost, ...(byok !== undefined && { is_byok: byok }), ...(details !== undefined && { cost_details: details }) };
} // prettier-ignore

function usagesOf(output: unknown, attributes: Payload): (Payload | null)[] {
  const answer = typeof output === 'string' && !output.includes('"cost"') ? null : objectIn(output);
  const metadata = objectIn(attributes['ai.response.providerMetadata'])?.['openrouter'];
  return [
    answer && objectIn(answer['usage']),
    isRecord(metadata) ? objectIn(metadata['usage']) : null,
    ...OBJECTS.map((name) => objectIn(attributes[name])),
    ...PREFIXES.map((prefix) => usageUnder(prefix, attributes)),
  ];
}

/** Keeps what was charged for a call of a model, where its router or gateway says so: that is its cost, whatever a price table has. */
export function keepBill(output: unknown, attributes: Record<string, unknown>): void {
  if (attributes[BILLED_COST] !== undefined) return;
  if (CACHE_HITS.some((name) => isTrue(attributes[name]))) {
    attributes[BILLED_COST] = 0;
    return;
  }
  for (const usage of usagesOf(output, attributes)) {
    const bill = usage && billIn(usage);
    if (bill === null) continue;
    attributes[BILLED_COST] = bill;
    return;
  }
}
