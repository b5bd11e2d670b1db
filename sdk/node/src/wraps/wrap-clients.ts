import { type Client } from '../client';
import { anthropicMessages } from './anthropic';
import { observed } from './observe';
import { openAiChat, openAiEmbeddings, openAiResponses } from './openai';
import { fieldsOf, type Reader } from './reading';

const WRAPPED = Symbol.for('telltale.sdk.wrapped');

/** Where a method is in a client, such as `chat.completions.create`. */
type Methods = readonly (readonly [path: string, reader: Reader])[];

function wrap<T extends object>(target: T, provider: string, methods: Methods, getClient: () => Client): T {
  for (const [path, reader] of methods) {
    const names = path.split('.');
    const name = names.pop() ?? '';
    let owner: unknown = target;
    for (const one of names) owner = fieldsOf(owner)[one];
    const resource = owner as Record<string | symbol, unknown> | undefined;
    const method = resource?.[name];
    if (!resource || typeof method !== 'function' || (method as { [WRAPPED]?: boolean })[WRAPPED]) continue;
    const wrapped = observed(getClient, provider, reader, method as (...args: unknown[]) => unknown);
    Object.defineProperty(wrapped, WRAPPED, { value: true });
    resource[name] = wrapped;
  }
  return target;
}

const OPENAI: Methods = [
  ['chat.completions.create', openAiChat],
  ['responses.create', openAiResponses],
  ['embeddings.create', openAiEmbeddings],
];
const ANTHROPIC: Methods = [
  ['messages.create', anthropicMessages],
  ['beta.messages.create', anthropicMessages],
];

/** Records the calls of an OpenAI client; answers the same client. `provider` names who is behind another base URL. */
export const wrapOpenAIWith = <T extends object>(getClient: () => Client, target: T, provider = 'openai'): T =>
  wrap(target, provider, OPENAI, getClient);

/** Records the calls of an Anthropic client; answers the same client. */
export const wrapAnthropicWith = <T extends object>(getClient: () => Client, target: T, provider = 'anthropic'): T =>
  wrap(target, provider, ANTHROPIC, getClient);
