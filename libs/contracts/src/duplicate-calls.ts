import { type EventRecord } from './event';
import { INPUT_BUCKETS, USAGE_BUCKETS, type UsageBucket } from './usage';

/** What of a call of a model says whether another one is the same request, reported by another instrumentation. */
export interface ReportedCall {
  readonly id: string;
  /** Calls of one turn meet; a call without a trace meets none. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  /** What it asked for and what answered; those it does not name are left out. */
  readonly models: readonly string[];
  /** When it started, ms since the epoch. */
  readonly at: number;
  readonly durationMs: number | null;
  /** In the order of USAGE_BUCKETS. */
  readonly usage: readonly (number | null)[];
  readonly isEstimated: boolean;
  readonly hasFailed: boolean;
  /** Instrumentation scope. */
  readonly scope: string;
  /** Id of the provider's answer. */
  readonly responseId: string;
}

/** Clocks of one process, read before and after another instrumentation does. */
const CLOCK_MS = 5;
const MAX_LEVELS = 64;
/** Calls that one is compared with: more start in the same moment only in an attack. */
const MAX_CANDIDATES = 32;

/** Names of the attribute that two instrumentations may give the id of an answer. */
const RESPONSE_IDS = ['gen_ai.response.id', 'llm.response.id', 'ai.response.id'] as const;
export function responseIdIn(attributes: Readonly<Record<string, unknown>>): string {
  for (const name of RESPONSE_IDS) if (typeof attributes[name] === 'string' && attributes[name] !== '') return attributes[name];
  return '';
}
export const SCOPE_NAME = 'otel.scope.name';
/** Attribute of a call that another instrumentation reports, too: the span, or else the event, of the one that counts. */
export const DUPLICATE_OF = 'telltale.duplicate_of.id';

type CallEvent = Pick<
  EventRecord,
  | 'id' | 'tenant' | 'trace_id' | 'span_id' | 'parent_span_id' | 'request_model' | 'response_model' | 'duration_ms' | 'usage_estimated' | 'status' | UsageBucket
>; // prettier-ignore
/** An event as such a call. `at`: when it started, ms since the epoch. */
export function reportedCallOf(event: CallEvent, attributes: Readonly<Record<string, unknown>>, at: number): ReportedCall {
  const scope = attributes[SCOPE_NAME];
  return {
    id: event.id,
    traceId: event.trace_id === '' ? '' : `${event.tenant}/${event.trace_id}`,
    spanId: event.span_id,
    parentSpanId: event.parent_span_id,
    models: [event.request_model, event.response_model].filter((model) => model !== ''),
    at,
    durationMs: event.duration_ms,
    usage: USAGE_BUCKETS.map((bucket) => event[bucket]),
    isEstimated: event.usage_estimated,
    hasFailed: event.status === 'error',
    scope: typeof scope === 'string' ? scope : '',
    responseId: responseIdIn(attributes),
  };
}

/** A model without who serves it, its date and its revision: `us.anthropic.claude-x-20250101-v1:0` and `claude-x` are one. */
export function modelFamily(model: string): string {
  let name = model
    .toLowerCase()
    .slice(model.lastIndexOf('/') + 1)
    .replace(/^[a-z_-]+:(?=[a-z])/, '')
    .replace(/^(?:[a-z]+\.)+(?=[a-z])/, '');
  for (let before = ''; before !== name;) {
    before = name;
    name = name.replace(/(?<=.)[-@:](?:\d{4}-\d{2}-\d{2}|\d{3,8}|latest|v\d+(?::\d+)?)$/, '');
  }
  return name;
}
const isOneModel = (a: ReportedCall, b: ReportedCall): boolean =>
  a.models.some((one) => b.models.some((other) => one === other || modelFamily(one) === modelFamily(other)));

const sumOf = (counts: readonly (number | null)[]): number | null =>
  counts.reduce((sum, count) => (count === null ? sum : (sum ?? 0) + count), null);
const inputOf = ({ usage }: ReportedCall): number | null => sumOf(usage.slice(0, INPUT_BUCKETS.length));
const outputOf = ({ usage }: ReportedCall): number | null => sumOf(usage.slice(INPUT_BUCKETS.length));

/** How much its token usage is worth: 2 reported, 1 estimated, 0 unknown. */
const rankOf = (call: ReportedCall): number => (sumOf(call.usage) === null ? 0 : call.isEstimated ? 1 : 2);
const endOf = ({ at, durationMs }: ReportedCall): number => at + (durationMs ?? 0);
/** Where a duration is unknown, any time fits. */
const overlaps = (a: ReportedCall, b: ReportedCall): boolean =>
  a.durationMs === null || b.durationMs === null || (a.at <= endOf(b) + CLOCK_MS && b.at <= endOf(a) + CLOCK_MS);

/** Whether a call right beneath another is the request of that other. One that failed inside one that did not is an attempt of its own. */
const isRequestOf = (inner: ReportedCall, outer: ReportedCall): boolean =>
  inner !== outer &&
  (inner.models.length === 0 || outer.models.length === 0 || isOneModel(inner, outer)) &&
  overlaps(inner, outer) &&
  (!inner.hasFailed || outer.hasFailed);

/** Whether two calls side by side can be one request at all: never where one instrumentation reported both. */
const canBeOne = (a: ReportedCall, b: ReportedCall): boolean =>
  a.scope !== '' && b.scope !== '' && a.scope !== b.scope && a.hasFailed === b.hasFailed && overlaps(a, b) && isOneModel(a, b);

/** Without the id of an answer on both, times and tokens must be the same. */
function looksLikeOne(a: ReportedCall, b: ReportedCall): boolean {
  if (a.responseId !== '' && b.responseId !== '') return false;
  if (a.durationMs === null || b.durationMs === null || rankOf(a) < 2 || rankOf(b) < 2) return false;
  if (Math.abs(a.at - b.at) > CLOCK_MS || Math.abs(endOf(a) - endOf(b)) > CLOCK_MS) return false;
  const [input, output] = [inputOf(a), outputOf(a)];
  return input !== null && output !== null && input === inputOf(b) && output === outputOf(b);
}

const detailOf = ({ usage }: ReportedCall): number => usage.filter((count) => count !== null).length;
/** The one of several that says more of its usage; of equals the inner one, which started later. */
const speaksBefore = (a: ReportedCall, b: ReportedCall): number =>
  rankOf(b) - rankOf(a) || detailOf(b) - detailOf(a) || b.at - a.at || (a.id < b.id ? -1 : 1);

type Duplicates<C> = Map<C, C>;

/** Calls right beneath each other: the inner one counts, unless only the outer one knows its tokens. */
function findNested<C extends ReportedCall>(calls: readonly C[], found: Duplicates<C>): void {
  const beneath = new Map<string, C[]>();
  for (const call of calls)
    if (call.parentSpanId !== '') beneath.set(call.parentSpanId, [...(beneath.get(call.parentSpanId) ?? []), call]);
  const counted = new Map<C, C>();
  function countedOf(outer: C, levels: number): C {
    const known = counted.get(outer);
    if (known || levels === 0) return known ?? outer;
    counted.set(outer, outer);
    const inner = (outer.spanId === '' ? [] : (beneath.get(outer.spanId) ?? [])).filter((one) => isRequestOf(one, outer));
    const requests = [...new Set(inner.map((one) => countedOf(one, levels - 1)))].filter((one) => one !== outer);
    const [best] = requests.sort(speaksBefore);
    if (!best) return outer;
    if (rankOf(best) >= rankOf(outer)) {
      found.set(outer, best);
      counted.set(outer, best);
      return best;
    }
    for (const one of requests) found.set(one, outer);
    return outer;
  }
  for (const call of calls) countedOf(call, MAX_LEVELS);
}

/** Calls side by side, at most one of each instrumentation for each request: first by the id of the answer, then by times and tokens. */
function findSiblings<C extends ReportedCall>(calls: readonly C[], found: Duplicates<C>): void {
  if (new Set(calls.map(({ scope }) => scope)).size < 2) return;
  const inOrder = [...calls].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const requests: C[][] = [];
  /** Adds a call to the request that it is; answers the request that it begins where it is none of these. */
  const join = (call: C, among: readonly C[][], isOne: (a: C, b: C) => boolean): C[] | undefined => {
    const request = among
      .slice(-MAX_CANDIDATES)
      .find((of) => of.every((one) => canBeOne(one, call)) && of.some((one) => isOne(one, call)));
    if (request) return void request.push(call);
    requests.push([call]);
    return requests.at(-1);
  };
  const byResponse = new Map<string, C[][]>();
  for (const call of inOrder) {
    if (call.responseId === '') continue;
    const same = byResponse.get(call.responseId) ?? [];
    const begun = join(call, same, () => true);
    if (begun) byResponse.set(call.responseId, [...same, begun]);
  }
  for (const call of inOrder)
    if (call.responseId === '')
      join(call, requests.filter(([first]) => first && Math.abs(first.at - call.at) <= 2 * CLOCK_MS), looksLikeOne); // prettier-ignore
  for (const request of requests) {
    const [kept, ...others] = request.sort(speaksBefore);
    for (const other of others) if (kept) found.set(other, kept);
  }
}

function groupsOf<C>(calls: readonly C[], keyOf: (call: C) => string): C[][] {
  const groups = new Map<string, C[]>();
  for (const call of calls) {
    const group = groups.get(keyOf(call));
    if (group) group.push(call);
    else groups.set(keyOf(call), [call]);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** What is kept may be a report of a third one. */
function keptOf<C>(duplicate: C, found: ReadonlyMap<C, C>): C {
  let kept = found.get(duplicate) ?? duplicate;
  for (let left = found.size; left > 0 && found.has(kept); left--) kept = found.get(kept) ?? kept;
  return kept;
}

/**
 * Calls of models that are another instrumentation's report of a request, by what counts for it: two right beneath each other, or two side by
 * side with the same answer, or the same times and tokens. Depends on the set of calls alone. Those that one instrumentation reports side by
 * side are never one, whatever they share: a prompt may be sent twice.
 */
export function duplicateCalls<C extends ReportedCall>(calls: readonly C[]): ReadonlyMap<C, C> {
  const found: Duplicates<C> = new Map();
  for (const inTrace of groupsOf(calls, ({ traceId }) => traceId)) {
    if (inTrace[0]?.traceId === '') continue;
    const own: Duplicates<C> = new Map();
    inTrace.sort((a, b) => (a.id < b.id ? -1 : 1));
    findNested(inTrace, own);
    const left = inTrace.filter((call) => !own.has(call));
    for (const siblings of groupsOf(left, ({ parentSpanId }) => parentSpanId)) findSiblings(siblings, own);
    for (const duplicate of own.keys()) found.set(duplicate, keptOf(duplicate, own));
  }
  return found;
}
