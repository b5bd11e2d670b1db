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
const isBare = (draft: EventDraft): boolean => !hasContent(draft) && (draft.content.input === '' || draft.content.input === null);
const scopeOf = ({ content }: EventDraft): unknown => content.attributes['otel.scope.name'];
const end = ({ at, event }: EventDraft): number => at + (event.duration_ms ?? 0);
const areAtOnce = (a: EventDraft, b: EventDraft): boolean => a.at <= end(b) && b.at <= end(a);
const isRightBeneath = (a: EventDraft, b: EventDraft): boolean => above(a) === own(b) || above(b) === own(a);

function groupedBy(calls: readonly EventDraft[], keyOf: (call: EventDraft) => string | null): Map<string, EventDraft[]> {
  const groups = new Map<string, EventDraft[]>();
  for (const call of calls) {
    const key = keyOf(call);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return groups;
}

const isReported = (draft: EventDraft): boolean => hasTokens(draft) && !draft.event.usage_estimated;
const bucketsOf = ({ event }: EventDraft) => Object.fromEntries(USAGE_BUCKETS.map((name) => [name, event[name] ?? null]));

/** Makes one call of two reports: what was said by the one that shows it, the tokens by the inner one, which is the request. */
function mergeInto(call: EventDraft, other: EventDraft): void {
  const isInner = (other.event.duration_ms ?? 0) <= (call.event.duration_ms ?? 0);
  const takesTokens = isReported(other) && (isInner || !isReported(call));
  if (isReported(other)) keepTotals(other);
  if (takesTokens) Object.assign(call.event, bucketsOf(other), { usage_estimated: false });
  call.event.time_to_first_token_ms ??= other.event.time_to_first_token_ms;
  forget(other);
  other.event.kind = 'chain';
}

/**
 * Two instrumentations that do not know each other report one request beside each other: the same response, at the same time, under two
 * scopes. The one that shows what was said is the call; the other becomes a step, and its tokens are kept as attributes.
 */
function mergeSiblings(calls: readonly EventDraft[]): void {
  const byResponse = groupedBy(calls, ({ event, content }) => {
    const id = content.attributes['gen_ai.response.id'];
    return typeof id === 'string' && id !== '' ? `${event.tenant}/${event.trace_id}/${id}` : null;
  });
  for (const same of byResponse.values()) {
    const call = same.find(hasContent) ?? same[0];
    for (const other of same)
      if (call && scopeOf(other) !== scopeOf(call) && areAtOnce(call, other) && !isRightBeneath(call, other))
        mergeInto(call, other);
  }
}

/** A call that shows what was said, and right beneath it one that shows nothing, as a client makes that traces itself. */
function mergeNested(calls: readonly EventDraft[]): void {
  const beneath = groupedBy(calls, (call) => (call.event.parent_span_id === '' ? null : above(call)));
  for (const call of calls) {
    const [inner, ...others] = beneath.get(own(call)) ?? [];
    // Several are tries, and each of them is paid for.
    if (inner && others.length === 0 && hasContent(call) && isBare(inner) && isReported(inner)) mergeInto(call, inner);
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
  mergeNested(drafts.filter(isCall));
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
