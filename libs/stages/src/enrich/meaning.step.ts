import { languageOf, nearHash, promptHash, toolCallHash } from '@telltale/domain-meaning';
import { lastWords } from '@telltale/domain-normalize';
import { withoutPlaceholders } from '@telltale/domain-privacy';
import { ok, type RangeContext, type Step } from '@telltale/engine';
import { type Draft } from './flow';
import { type KnownIntents } from './known-intents';

/** Says what was said before and what a turn wants. All of it is told from redacted content. */
export function createMeaningStep(intents: Pick<KnownIntents, 'of'>): Step<Draft, Draft, RangeContext> {
  return function meaning(draft) {
    const { event } = draft;
    if (event.kind === 'llm' && event.input !== '') {
      event.prompt_hash = promptHash(event.response_model || event.request_model, event.input);
      event.prompt_near_hash = nearHash(event.input);
    } else if (event.kind === 'tool' || event.kind === 'mcp')
      event.tool_call_hash = toolCallHash(event.tool_name, event.tool_arguments);
    else if (event.kind === 'turn' && event.input !== '') {
      const request = withoutPlaceholders(lastWords(event.input, 'user'));
      const { label, because } = intents.of(event.tenant, request);
      event.language = languageOf(request);
      event.intent = label;
      event.intent_because = [...because];
    }
    return ok(draft);
  };
}
