/** Names of providers in telemetry and in price lists that differ from those of the built-in table. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'gcp.gen_ai': 'google',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  'aws.bedrock': 'aws',
  'aws-bedrock': 'aws',
  bedrock: 'aws',
  gemini: 'google',
  vertex_ai: 'google',
  google_genai: 'google',
  google_vertexai: 'google',
  azure_openai: 'azure',
  xai: 'x-ai',
  x_ai: 'x-ai',
  mistral_ai: 'mistral',
  moonshot_ai: 'moonshotai',
};

/** The provider by its name in the built-in table. */
export const canonicalProvider = (provider: string): string => PROVIDERS[provider] ?? provider;

/** Gateways and frameworks that put their own name where the provider's belongs, and pass on the price of the model they call. */
const GATEWAYS: ReadonlySet<string> = new Set([
  'openrouter', 'github', 'github_models', 'litellm', 'litellm_proxy', 'litellm-proxy', 'portkey', 'helicone', 'vercel', 'vercel_ai_gateway', 'gateway', 'ai_gateway',
  'cloudflare', 'requesty', 'strands-agents', 'strands agents', 'langchain', 'langgraph', 'llamaindex', 'llama_index', 'crewai', 'pydantic_ai', 'pydantic-ai',
  'autogen', 'agno', 'haystack', 'mlflow',
]); // prettier-ignore
const isGateway = (provider: string): boolean => provider === '' || GATEWAYS.has(provider);

/** A provider and a model by its name there. */
export type Place = readonly [provider: string, model: string];

/** Paths of Google's APIs; elsewhere a path may name a region, whose price is another. */
const PATH = /^(?:models|publishers|projects|tunedmodels)\//i;

/**
 * Where the price of a model is looked for, in order: at its provider, by its whole name and by what stands behind a path that says nothing of the price
 * (`models/`, the provider's own name); for a gateway, which may be no provider of its own, at the maker that its name names, then anywhere.
 */
export function placesOf(provider: string, model: string): readonly Place[] {
  const own = canonicalProvider(provider.toLowerCase());
  const slash = model.lastIndexOf('/');
  const last = model.slice(slash + 1);
  const places: Place[] = [[own, model]];
  const first = canonicalProvider(model.slice(0, Math.max(0, model.indexOf('/'))).toLowerCase());
  if (!isGateway(own)) return slash > 0 && (first === own || PATH.test(model)) ? [...places, [own, last]] : places;
  if (slash > 0) places.push([first, last]);
  if (own !== '') places.push(['', model]);
  return slash < 0 ? places : [...places, ['', last]];
}
