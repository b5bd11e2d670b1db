/** Service tiers of providers: slower and cheaper, or faster and more expensive. */
export const SERVICE_TIERS = ['standard', 'batch', 'flex', 'priority'] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Names of tiers that cost the list price. */
const STANDARD: ReadonlySet<string> = new Set([
  '', 'auto', 'default', 'standard', 'on_demand', 'ondemand', 'on-demand', 'scale', 'standard_only', 'not_applicable', 'provisioned_throughput', 'performance', 'service_tier_unspecified', 'traffic_type_unspecified',
]); // prettier-ignore

/** The tier by its name in telemetry; null for an unknown name, whose price is unknown too. */
export function tierOf(name: string): ServiceTier | null {
  const plain = name.trim().toLowerCase();
  if (STANDARD.has(plain)) return 'standard';
  const found = SERVICE_TIERS.find((tier) => plain === tier || plain.endsWith(`_${tier}`) || plain.startsWith(`${tier}_`));
  return found ?? null;
}

type Rule = readonly [provider: RegExp, tier: ServiceTier, model: RegExp, factor: number | null];

const OPENAI_AND_AZURE = /^(?:openai|azure)$/;
const GEMINI = /^gemini-(?:2\.5|[3-9]|flash|pro)/;
/** Claude, Llama and the small Novas have no flex and priority tiers there. */
const ON_AWS =
  /deepseek|gemma|glm|gpt-oss|grok|kimi|minimax|mistral\.(?!mistral-small)|nemotron|nova-(?:2|pro|premier)|palmyra|qwen/;

/**
 * Factors on every price of the list; the first match wins. Without a match, or with null, the price is unknown; settings can override it.
 * Sources: [L] per-model prices of LiteLLM 1.109.1 (`telltale eval tiers` counts how many agree), [G] comments of genai-prices 0.1.8, [Q]
 * console.groq.com/docs (batch, flex-processing). Without a source, and so not listed: priority of Anthropic, which is prepaid capacity,
 * and anything that no list has.
 */
const RULES: readonly Rule[] = [
  // [L] These differ from the other models of their provider.
  [/^openai$/, 'batch', /^(?:ft:gpt-4o-2024-08-06|gpt-3\.5-turbo-1106)/, null],
  [/^google$/, 'batch', /^(?:claude-opus-5-5|gemini-embedding-001)/, null],
  // [L] all of them; [G] google; [Q] groq; mistral: [L] has it for pages only.
  [/^(?:openai|azure|anthropic|google|aws|mistral|groq)$/, 'batch', /^/, 0.5],
  [/^x-ai$/, 'batch', /^grok-4/, 0.8], // [L]
  [/^openai$/, 'flex', /^(?:gpt-[56]|o3(?:-20\d\d|$)|o4-mini)/, 0.5], // [L]
  [/^azure$/, 'flex', /^gpt-5\.[456]/, 0.5], // [L]
  [/^google$/, 'flex', GEMINI, 0.5], // [L] [G]
  [/^aws$/, 'flex', ON_AWS, 0.5], // [L]
  [/^groq$/, 'flex', /^/, 1], // [Q]
  // [L] Azure lists fewer models than OpenAI, at the same factors.
  [OPENAI_AND_AZURE, 'priority', /^gpt-5(?:\.1)?-(?:codex-)?mini/, 1.8],
  [OPENAI_AND_AZURE, 'priority', /^gpt-5\.[13]-codex(?:-20\d\d|$)/, 2],
  [OPENAI_AND_AZURE, 'priority', /^gpt-5\.5(?:-20\d\d|$)/, 2.5],
  [OPENAI_AND_AZURE, 'priority', /^gpt-5(?:\.[1-46])?(?:-20\d\d|$)/, 2],
  [OPENAI_AND_AZURE, 'priority', /^gpt-5\.4-mini/, 2],
  [OPENAI_AND_AZURE, 'priority', /^gpt-(?:5\.6|6|6\.1)-(?:astra|sol|luna|terra)/, 2],
  [OPENAI_AND_AZURE, 'priority', /^gpt-4\.1(?:-mini)?(?:-20\d\d|$)/, 1.75],
  [/^openai$/, 'priority', /^gpt-4\.1-nano/, 2],
  [/^openai$/, 'priority', /^gpt-4o-mini(?:-20\d\d|$)/, 5 / 3],
  [/^openai$/, 'priority', /^gpt-4o-2024-05-13/, 1.75],
  [/^openai$/, 'priority', /^gpt-4o(?:-20\d\d|$)/, 1.7],
  [/^openai$/, 'priority', /^o3(?:-20\d\d|$)/, 1.75],
  [/^openai$/, 'priority', /^o4-mini(?:-20\d\d|$)/, 20 / 11],
  [/^google$/, 'priority', GEMINI, 1.8], // [L] [G]
  [/^aws$/, 'priority', ON_AWS, 1.75], // [L], where prices a thousand tokens are rounded: 1.70 to 1.86
];

/** The factor on the list price; null when unknown. */
export function tierFactor(provider: string, tier: ServiceTier, model: string): number | null {
  if (tier === 'standard') return 1;
  const found = RULES.find(([of, at, models]) => at === tier && of.test(provider) && models.test(model));
  return found ? found[3] : null;
}
