import { INPUT_BUCKETS, OUTPUT_BUCKETS, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';
import { type EventDraft } from './draft';

const own = ({ event }: EventDraft): string => `${event.tenant}/${event.trace_id}/${event.span_id}`;
const above = ({ event }: EventDraft): string => `${event.tenant}/${event.trace_id}/${event.parent_span_id}`;
const isCall = ({ event }: EventDraft): boolean => event.kind === 'llm' && event.trace_id !== '';
const hasTokens = ({ event }: EventDraft): boolean => event.usage_input_uncached !== null || event.usage_output !== null;

/** Its totals stay to be read, where they were reported. */
function keepTotals({ event, content }: EventDraft): void {
  content.attributes['rollup.usage.input_tokens'] = String(tokensIn(event, INPUT_BUCKETS) ?? 0);
  content.attributes['rollup.usage.output_tokens'] = String(tokensIn(event, OUTPUT_BUCKETS) ?? 0);
}

/**
 * Takes the tokens from calls of models that have such a call right beneath them: two instrumentations saw one request, and the inner one
 * is the request. What the outer one reported is kept as attributes; what was estimated for it is not, and what it reported is not
 * given up for an estimate. Calls that are not among `drafts` are not known.
 */
export function mergeUsageReports(drafts: readonly EventDraft[]): void {
  const calls = drafts.filter((draft) => isCall(draft) && hasTokens(draft));
  const reported = new Set<string>();
  const estimated = new Set<string>();
  for (const call of calls)
    if (call.event.parent_span_id !== '') (call.event.usage_estimated ? estimated : reported).add(above(call));
  for (const call of calls) {
    const { event } = call;
    const isRepeated = reported.has(own(call)) || (event.usage_estimated && estimated.has(own(call)));
    if (event.span_id === '' || !isRepeated) continue;
    if (!event.usage_estimated) keepTotals(call);
    Object.assign(event, Object.fromEntries(USAGE_BUCKETS.map((name) => [name, null])), { usage_estimated: false });
  }
}
