import { conversationHashes, promptBlockHashes } from '@telltale/domain-conversation-analytics';
import { type EventDraft } from '@telltale/domain-normalize';
import { adding, ok } from '@telltale/streaming';
import { type EnrichStep, type Normalized, type PromptBlocks } from '../types';

const NONE: readonly string[] = [];

/** By what a turn finds the one before it: needed where nothing else says which session it is of, and known where a call was given all. */
function conversationOf({ event, content, heard }: EventDraft, key: Uint8Array): readonly string[] {
  if (event.session_id !== '' || event.user_id !== '' || heard) return NONE;
  return conversationHashes(content.input, content.output, key);
}

/**
 * Hashes the prompt of a call of a model block by block, keyed by tenant, so that calls whose prompts share a beginning can be found; and the
 * conversation in it. It needs the prompt as it came: what was redacted differs from call to call.
 */
export function createHashPromptStep(keyOf: (tenant: string) => Uint8Array): EnrichStep<Normalized, PromptBlocks> {
  return function hashPrompt(item) {
    const { event, content } = item.draft;
    if (event.kind !== 'llm' || content.input === '') return ok(adding(item, { promptBlocks: NONE, conversation: NONE }));
    const prompt = typeof content.input === 'string' ? content.input : JSON.stringify(content.input);
    const key = keyOf(event.tenant);
    return ok(adding(item, { promptBlocks: promptBlockHashes(prompt, key), conversation: conversationOf(item.draft, key) }));
  };
}
