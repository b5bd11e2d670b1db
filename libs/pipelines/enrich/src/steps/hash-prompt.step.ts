import { promptBlockHashes } from '@telltale/domain-conversation-analytics';
import { adding, ok } from '@telltale/streaming';
import { type EnrichStep, type Normalized, type PromptBlocks } from '../types';

const NONE: readonly string[] = [];

/**
 * Hashes the prompt of a call of a model block by block, keyed by tenant, so that calls whose prompts share a beginning can be found. It needs
 * the prompt as it came: what was redacted differs from call to call.
 */
export function createHashPromptStep(keyOf: (tenant: string) => Uint8Array): EnrichStep<Normalized, PromptBlocks> {
  return function hashPrompt(item) {
    const { event, content } = item.draft;
    if (event.kind !== 'llm' || content.input === '') return ok(adding(item, { promptBlocks: NONE }));
    const prompt = typeof content.input === 'string' ? content.input : JSON.stringify(content.input);
    return ok(adding(item, { promptBlocks: promptBlockHashes(prompt, keyOf(event.tenant)) }));
  };
}
