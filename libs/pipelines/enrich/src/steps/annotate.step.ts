import { languageOf, simhash, promptHash, toolCallHash } from '@telltale/domain-conversation-analytics';
import { lastWords } from '@telltale/domain-normalize';
import { withoutPlaceholders } from '@telltale/domain-privacy';
import { ok, type BatchContext, type Step } from '@telltale/streaming';
import { type EnrichingEvent } from '../types';
import { type IntentState } from '../state/intent-state';

/** Says what was said before and what a turn wants. All of it is reported from redacted content. */
export function createAnnotateStep(intents: Pick<IntentState, 'of'>): Step<EnrichingEvent, EnrichingEvent, BatchContext> {
  return function meaning(draft) {
    const { event } = draft;
    if (event.kind === 'llm' && event.input !== '') {
      event.prompt_hash = promptHash(event.response_model || event.request_model, event.input);
      event.prompt_simhash = simhash(event.input);
    } else if (event.kind === 'tool' || event.kind === 'mcp')
      event.tool_call_hash = toolCallHash(event.tool_name, event.tool_arguments);
    else if (event.kind === 'turn' && event.input !== '') {
      const request = withoutPlaceholders(lastWords(event.input, 'user'));
      const { label, because } = intents.of(event.tenant, request);
      event.language = languageOf(request);
      event.intent = label;
      event.intent_matched_terms = [...because];
    }
    return ok(draft);
  };
}
