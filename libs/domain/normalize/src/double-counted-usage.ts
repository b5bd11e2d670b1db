import {
  DUPLICATE_OF, duplicateCalls, INPUT_BUCKETS, OUTPUT_BUCKETS, reportedCallOf, SCOPE_NAME, tokensIn, USAGE_BUCKETS,
} from '@telltale/contracts'; // prettier-ignore
import { type EventDraft } from './draft';

/** Its totals stay to be read, where they were reported. */
function keepTotals({ event, content }: EventDraft): void {
  const keep = (name: string, tokens: number | null): void => {
    if (tokens !== null) content.attributes[name] = tokens;
  };
  keep('rollup.usage.input_tokens', tokensIn(event, INPUT_BUCKETS));
  keep('rollup.usage.output_tokens', tokensIn(event, OUTPUT_BUCKETS));
}

/**
 * A call that repeats one of another instrumentation is a step around it, as an agent is, and no call: it keeps what it reported as attributes
 * and names the call that counts, which takes over what of the content only the other one has.
 */
function markDuplicate(duplicate: EventDraft, kept: EventDraft): void {
  const { event, content } = duplicate;
  if (!event.usage_estimated) keepTotals(duplicate);
  Object.assign(event, Object.fromEntries(USAGE_BUCKETS.map((name) => [name, null])), { usage_estimated: false, kind: 'chain' });
  content.attributes[DUPLICATE_OF] = kept.event.span_id || kept.event.id;
  kept.event.time_to_first_token_ms ??= event.time_to_first_token_ms;
  if (kept.content.input === '') kept.content.input = content.input;
  if (kept.content.output !== '' || content.output === '') return;
  kept.content.output = content.output;
  kept.event.requested_tool_call_ids = event.requested_tool_call_ids;
  kept.event.decision_chosen = event.decision_chosen;
}

/** Most slices hold no call right beneath another, and calls of one instrumentation only. */
function canRepeat(calls: readonly EventDraft[]): boolean {
  const spans = new Set(calls.map(({ event }) => event.span_id));
  const scopes = new Set(calls.map(({ content }) => content.attributes[SCOPE_NAME]));
  return scopes.size > 1 || calls.some(({ event }) => event.parent_span_id !== '' && spans.has(event.parent_span_id));
}

/** Counts once each request to a model that two instrumentations report, by `duplicateCalls`. Calls that are not among `drafts` are not known. */
export function mergeDuplicateCalls(drafts: readonly EventDraft[]): void {
  const calls = drafts.filter(({ event }) => event.kind === 'llm' && event.trace_id !== '');
  if (!canRepeat(calls)) return;
  const reported = calls.map((draft) => ({ ...reportedCallOf(draft.event, draft.content.attributes, draft.at), draft }));
  for (const [duplicate, kept] of duplicateCalls(reported)) markDuplicate(duplicate.draft, kept.draft);
}
