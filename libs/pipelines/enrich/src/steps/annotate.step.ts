import { type EventRecord } from '@telltale/contracts';
import { promptHash, simhash, toolCallHash } from '@telltale/domain-conversation-analytics';
import { adding, ok } from '@telltale/streaming';
import { type Annotated, type EnrichStep, type PromptBlocks, type Redacted } from '../types';

function setHashes(event: EventRecord): void {
  if (event.kind === 'llm' && event.input !== '') {
    event.prompt_hash = promptHash(event.response_model || event.request_model, event.input);
    event.prompt_simhash = simhash(event.input);
  } else if (event.kind === 'embedding' && event.input !== '')
    event.prompt_hash = promptHash(event.response_model || event.request_model, event.input);
  else if (event.kind === 'tool' || event.kind === 'mcp')
    event.tool_call_hash = toolCallHash(event.tool_name, event.tool_arguments);
}

/** Adds what tells repeated prompts and calls: hashes of the redacted ones, and those of the prompt and the conversation as they came. */
export function createAnnotateStep(): EnrichStep<Redacted & PromptBlocks, Annotated> {
  return function annotate(item) {
    setHashes(item.event);
    item.event.prompt_block_hashes = [...item.promptBlocks];
    item.event.conversation_hashes = [...item.conversation];
    return ok(adding(item, { isAnnotated: true as const }));
  };
}
