/** Spellings of producers → `gen_ai.provider.name` of the conventions. */
const CANONICAL: Readonly<Record<string, string>> = {
  gemini: 'gcp.gemini',
  google: 'gcp.gen_ai',
  'google.generative-ai': 'gcp.gemini',
  google_genai: 'gcp.gemini',
  'google-gla': 'gcp.gemini',
  vertex_ai: 'gcp.vertex_ai',
  vertexai: 'gcp.vertex_ai',
  'google-vertex': 'gcp.vertex_ai',
  'google.vertex': 'gcp.vertex_ai',
  google_vertexai: 'gcp.vertex_ai',
  'az.ai.openai': 'azure.ai.openai',
  'az.ai.inference': 'azure.ai.inference',
  azure: 'azure.ai.openai',
  azure_openai: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  aws: 'aws.bedrock',
  bedrock: 'aws.bedrock',
  aws_bedrock: 'aws.bedrock',
  'amazon-bedrock': 'aws.bedrock',
  watsonx: 'ibm.watsonx.ai',
  xai: 'x_ai',
  'x-ai': 'x_ai',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  moonshot: 'moonshot_ai',
  moonshotai: 'moonshot_ai',
  openai: 'openai',
  anthropic: 'anthropic',
  cohere: 'cohere',
  groq: 'groq',
  deepseek: 'deepseek',
  perplexity: 'perplexity',
};

/** Frameworks that write their own name where the provider's belongs: whose model it is, its name has to say. */
const FRAMEWORKS: ReadonlySet<string> = new Set([
  'strands-agents', 'strands agents', 'langchain', 'langgraph', 'llamaindex', 'llama_index', 'crewai', 'pydantic_ai', 'pydantic-ai', 'autogen',
  'agno', 'haystack', 'mlflow', 'litellm',
]); // prettier-ignore

/**
 * The provider by the name the conventions give it, or as it was sent when none is known. Products add their API to the name
 * (`openai.responses`, `anthropic.messages`): what stands before a dot is looked up when the whole is not known.
 */
export function providerOf(sent: string): string {
  const name = sent.trim().toLowerCase();
  if (FRAMEWORKS.has(name)) return '';
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const known = name.slice(0, end);
    if (Object.hasOwn(CANONICAL, known)) return CANONICAL[known] ?? sent;
    if (NAMES.has(known)) return known;
  }
  return sent;
}
const NAMES: ReadonlySet<string> = new Set(Object.values(CANONICAL));
