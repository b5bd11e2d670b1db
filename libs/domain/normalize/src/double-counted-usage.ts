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

const hasContent = ({ content }: EventDraft): boolean => content.output !== '' && content.output !== null;
const scopeOf = ({ content }: EventDraft): unknown => content.attributes['otel.scope.name'];
const end = ({ at, event }: EventDraft): number => at + (event.duration_ms ?? 0);
const areAtOnce = (a: EventDraft, b: EventDraft): boolean => a.at <= end(b) && b.at <= end(a);
const isRightBeneath = (a: EventDraft, b: EventDraft): boolean => above(a) === own(b) || above(b) === own(a);

/**
 * Two instrumentations that do not know each other report one request beside each other: the same response, at the same time, under two
 * scopes. The one that shows more is the call; the other becomes a step, and its tokens are kept as attributes.
 */
function mergeSiblings(calls: readonly EventDraft[]): void {
  const byResponse = new Map<string, EventDraft[]>();
  for (const call of calls) {
    const id = call.content.attributes['gen_ai.response.id'];
    if (typeof id !== 'string' || id === '') continue;
    const key = `${call.event.tenant}/${call.event.trace_id}/${id}`;
    byResponse.set(key, [...(byResponse.get(key) ?? []), call]);
  }
  const worth = (call: EventDraft): number => (hasTokens(call) && !call.event.usage_estimated ? 2 : 0) + (hasContent(call) ? 1 : 0);
  for (const same of byResponse.values()) {
    const [best, ...others] = [...same].sort((a, b) => worth(b) - worth(a));
    for (const other of others) {
      if (!best || scopeOf(other) === scopeOf(best) || !areAtOnce(best, other) || isRightBeneath(best, other)) continue;
      if (hasTokens(other) && !other.event.usage_estimated) keepTotals(other);
      forget(other);
      other.event.kind = 'chain';
    }
  }
}

function forget({ event }: EventDraft): void {
  Object.assign(event, Object.fromEntries(USAGE_BUCKETS.map((name) => [name, null])), { usage_estimated: false });
}

/**
 * Takes the tokens from calls of models that have such a call right beneath them: two instrumentations saw one request, and the inner one
 * is the request. What the outer one reported is kept as attributes; what was estimated for it is not, and what it reported is not
 * given up for an estimate. So does a call that is reported a second time beside itself. Calls that are not among `drafts` are not known.
 */
export function mergeUsageReports(drafts: readonly EventDraft[]): void {
  mergeSiblings(drafts.filter(isCall));
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
    forget(call);
  }
}
