import { languageOf, simhash, promptHash, toolCallHash } from '@telltale/domain-conversation-analytics';
import { lastWords } from '@telltale/domain-normalize';
import { withoutPlaceholders } from '@telltale/domain-privacy';
import { type EventRecord } from '@telltale/contracts';
import { adding, ok } from '@telltale/streaming';
import { type IntentState } from '../state/intent-state';
import { type Annotated, type EnrichStep, type Redacted } from '../types';

function annotateEvent(event: EventRecord, intents: Pick<IntentState, 'add'>): void {
  if (event.kind === 'llm' && event.input !== '') {
    event.prompt_hash = promptHash(event.response_model || event.request_model, event.input);
    event.prompt_simhash = simhash(event.input);
  } else if (event.kind === 'tool' || event.kind === 'mcp')
    event.tool_call_hash = toolCallHash(event.tool_name, event.tool_arguments);
  else if (event.kind === 'turn' && event.input !== '') {
    const request = withoutPlaceholders(lastWords(event.input, 'user'));
    const { label, because } = intents.add(event.tenant, request);
    event.language = languageOf(request);
    event.intent = label;
    event.intent_matched_terms = [...because];
  }
}

/** Adds hashes of prompts and calls, and what a turn wants, all from redacted content. */
export function createAnnotateStep(intents: Pick<IntentState, 'add'>): EnrichStep<Redacted, Annotated> {
  return function annotate(item) {
    annotateEvent(item.event, intents);
    return ok(adding(item, { isAnnotated: true as const }));
  };
}
