/** What a provider charges for a call that may wait, or that may not. */
export const SERVICE_TIERS = ['standard', 'batch', 'flex', 'priority'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Names of tiers that cost what the price list says. Anthropic's priority is capacity bought before, at list price. */
const STANDARD: ReadonlySet<string> = new Set([
  '', 'auto', 'default', 'standard', 'on_demand', 'ondemand', 'on-demand', 'scale', 'standard_only', 'not_applicable', 'provisioned_throughput', 'performance', 'service_tier_unspecified', 'traffic_type_unspecified',
]); // prettier-ignore

/** The tier of a name as producers send it; null for a name nobody knows, whose price is unknown too. */
export function tierOf(name: string): ServiceTier | null {
  const plain = name.trim().toLowerCase();
  if (STANDARD.has(plain)) return 'standard';
  const found = SERVICE_TIERS.find((tier) => plain === tier || plain.endsWith(`_${tier}`) || plain.startsWith(`${tier}_`));
  return found ?? null;
}

type Rule = readonly [provider: RegExp, tier: ServiceTier, model: RegExp, factor: number];

/**
 * Factors on every rate of the list: half for batches and for flex, more for priority, which differs by model. As remembered of the
 * providers' public price lists, not looked up; settings override them. Where no factor is listed, the price is unknown.
 */
const RULES: readonly Rule[] = [
  [/^(?:openai|azure|anthropic|google|aws|mistral|groq)$/, 'batch', /^/, 0.5],
  [/^(?:openai|google|aws)$/, 'flex', /^/, 0.5],
  [/^groq$/, 'flex', /^/, 1],
  [/^anthropic$/, 'priority', /^/, 1],
  [/^openai$/, 'priority', /^gpt-5(?:\.\d)?-mini/, 1.8],
  [/^openai$/, 'priority', /^gpt-5(?:\.[12])?(?:-codex|-20\d\d|$)/, 2],
  [/^openai$/, 'priority', /^gpt-4\.1-nano/, 2],
  [/^openai$/, 'priority', /^gpt-4\.1/, 1.75],
  [/^openai$/, 'priority', /^gpt-4o-mini/, 5 / 3],
  [/^openai$/, 'priority', /^gpt-4o/, 1.7],
  [/^openai$/, 'priority', /^o3(?:-20\d\d|$)/, 1.75],
  [/^openai$/, 'priority', /^o4-mini/, 20 / 11],
  [/^aws$/, 'priority', /^/, 1.75],
];

/** What the list price is multiplied by; null when that is not known. */
export function tierFactor(provider: string, tier: ServiceTier, model: string): number | null {
  if (tier === 'standard') return 1;
  const found = RULES.find(([of, at, models]) => at === tier && of.test(provider) && models.test(model));
  return found ? found[3] : null;
}
