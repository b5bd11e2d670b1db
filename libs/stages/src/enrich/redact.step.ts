import {
  createTally,
  type Pseudonyms,
  redactField,
  redactIdentifier,
  redactName,
  redactText,
  type Tally,
} from '@telltale/domain-privacy';
import { ok, type RangeContext, type Step } from '@telltale/engine';
import { type Draft } from './flow';

// Every field a producer can write is in one of these lists; a test holds the contract to them.
export const TEXTS = ['name', 'error_type', 'error_message', 'error_stack', 'agent_name', 'tool_name', 'decision_chosen', 'decision_why', 'prompt_name', 'score_name', 'score_label'] as const; // prettier-ignore
/** Words of few values, in which digits are versions and not phone numbers. */
export const NAMES = ['service_name', 'service_version', 'deployment_environment', 'release', 'provider', 'request_model', 'response_model', 'prompt_version'] as const; // prettier-ignore
export const IDS = ['id', 'session_id', 'trace_id', 'span_id', 'parent_span_id', 'tool_call_id'] as const;
export const VALUES = ['input', 'output', 'tool_arguments', 'tool_result', 'body'] as const;
export const LISTS = ['decision_options', 'finish_reasons'] as const;
export const MAPS = ['attributes', 'feature_flags'] as const;

function redactMap(map: Readonly<Record<string, unknown>>, tally: Tally): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const key of Object.keys(map)) masked[redactName(key, tally)] = redactField(key, map[key], tally);
  return masked;
}

/** Masks everything a producer wrote, and makes text of what is not; the user becomes a pseudonym. */
export function createRedactStep(pseudonyms: Pseudonyms, onTally: (tally: Tally) => void): Step<Draft, Draft, RangeContext> {
  return function redact(draft) {
    const { event, content } = draft;
    const { tenant } = event;
    const tally = createTally();
    const pseudonymOf = (id: string): string => pseudonyms.of(tenant, id);
    for (const field of TEXTS) if (event[field] !== '') event[field] = redactText(event[field], tally);
    for (const field of NAMES) if (event[field] !== '') event[field] = redactName(event[field], tally);
    for (const field of IDS) if (event[field] !== '') event[field] = redactIdentifier(event[field], tally, pseudonymOf);
    for (const field of VALUES) event[field] = content[field] === '' ? '' : redactField('', content[field], tally);
    for (const field of LISTS) if (event[field].length > 0) event[field] = event[field].map((text) => redactText(text, tally));
    for (const field of MAPS) event[field] = redactMap(content[field], tally);
    if (event.user_id !== '') event.user_id = `u_${pseudonymOf(event.user_id)}`;
    event.redactions = tally.masked + tally.failed;
    onTally(tally);
    return ok(draft);
  };
}
