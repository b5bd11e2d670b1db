import { type EventRecord } from '@telltale/contracts';
import { lastWords } from './words';

/** Content a turn borrows from the calls inside it is cut here; the calls have it whole. */
const MAX_TEXT = 4_000;
/** Tool calls and nested calls remembered of one turn. */
const MAX_CALLS = 256;

/** A value and the operation it comes from: of two, that of the lower key holds, whatever came first. */
interface Claim {
  readonly key: string;
  readonly value: string;
}

/** The span without a parent, or what stands in for it. */
export interface TurnRoot {
  readonly key: string;
  readonly spanId: string;
  readonly at: number;
  readonly durationMs: number | null;
  readonly status: EventRecord['status'];
  readonly errorType: string;
  readonly errorMessage: string;
  readonly input: string;
  readonly output: string;
  readonly isTurn: boolean;
  /** Of a root that is the turn itself. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * What is known of one turn: a join of the facts of its operations, so that pieces may come in any order, apart and more than once.
 * All text in it is redacted.
 */
export interface TurnFacts {
  readonly root: TurnRoot | null;
  readonly name: Claim | null;
  readonly session: Claim | null;
  readonly user: Claim | null;
  readonly agent: Claim | null;
  readonly service: Claim | null;
  readonly version: Claim | null;
  readonly environment: Claim | null;
  /** Of the first call of a model. */
  readonly asked: Claim | null;
  /** Of the last call of a model that asked for no tool. */
  readonly answered: Claim | null;
  /** First start and last end of any operation, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Tool call id → the operation that asked for it. */
  readonly askers: Readonly<Record<string, string>>;
  /** Tool name → operations that asked for it without an id, as `<start>/<span>`, sorted. */
  readonly nameless: Readonly<Record<string, readonly string[]>>;
  /** Operations that have a call of a model with tokens right beneath them; `~` before one whose tokens are estimated. */
  readonly usageReporters: readonly string[];
}

export const NO_FACTS: TurnFacts = {
  root: null, name: null, session: null, user: null, agent: null, service: null, version: null, environment: null, asked: null, answered: null,
  from: Number.MAX_SAFE_INTEGER, to: 0, askers: {}, nameless: {}, usageReporters: [],
}; // prettier-ignore

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
/** Sorts as numbers do. */
export const timeKey = (ms: number): string => String(Math.max(0, Math.floor(ms))).padStart(14, '0');
const latestFirst = (ms: number): string => timeKey(99_999_999_999_999 - ms);

const claim = (key: string, value: string): Claim | null => (value === '' ? null : { key, value });
/** The one of the lower key; the same key twice is the same operation sent again, and the order must not matter then either. */
function lower<T extends { readonly key: string }>(a: T | null, b: T | null): T | null {
  if (!a || !b) return a ?? b;
  if (a.key !== b.key) return b.key < a.key ? b : a;
  return JSON.stringify(b) < JSON.stringify(a) ? b : a;
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
  b.length === 0 ? a : [...new Set([...a, ...b])].sort().slice(0, MAX_CALLS);

function joinAskers(a: TurnFacts['askers'], b: TurnFacts['askers']): TurnFacts['askers'] {
  if (Object.keys(b).length === 0) return a;
  const joined = new Map(Object.entries(a));
  for (const [id, span] of Object.entries(b)) joined.set(id, [joined.get(id) ?? span, span].sort()[0] ?? span);
  return Object.fromEntries([...joined].sort(([x], [y]) => (x < y ? -1 : 1)).slice(0, MAX_CALLS));
}
function joinNameless(a: TurnFacts['nameless'], b: TurnFacts['nameless']): TurnFacts['nameless'] {
  if (Object.keys(b).length === 0) return a;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().slice(0, MAX_CALLS);
  return Object.fromEntries(names.map((name) => [name, union(a[name] ?? [], b[name] ?? [])]));
}

/** Facts of both: associative, commutative, and the same again when said again (but for what is over the bounds). */
export function joinFacts(a: TurnFacts, b: TurnFacts): TurnFacts {
  return {
    root: lower(a.root, b.root),
    name: lower(a.name, b.name),
    session: lower(a.session, b.session),
    user: lower(a.user, b.user),
    agent: lower(a.agent, b.agent),
    service: lower(a.service, b.service),
    version: lower(a.version, b.version),
    environment: lower(a.environment, b.environment),
    asked: lower(a.asked, b.asked),
    answered: lower(a.answered, b.answered),
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    askers: joinAskers(a.askers, b.askers),
    nameless: joinNameless(a.nameless, b.nameless),
    usageReporters: union(a.usageReporters, b.usageReporters),
  };
}

/** Stands before a parent whose call was only estimated: it takes nothing from one that reported its tokens. */
export const ESTIMATED_SPENDER = '~';

const isOperation = ({ kind }: EventRecord): boolean => kind !== 'log' && kind !== 'evaluator' && kind !== 'feedback';
const spends = ({ usage_input_uncached: input, usage_output: output }: EventRecord): boolean => input !== null || output !== null;

function boundedMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let left = MAX_TEXT;
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => (left -= key.length + value.length) >= 0));
}

function rootOf(event: EventRecord, at: number, key: string): TurnRoot {
  return {
    key,
    spanId: event.span_id,
    at,
    durationMs: event.duration_ms,
    status: event.status,
    errorType: event.error_type,
    errorMessage: event.error_message,
    input: event.kind === 'llm' ? '' : cut(lastWords(event.input, 'user')),
    output: event.kind === 'llm' ? '' : cut(lastWords(event.output, 'assistant')),
    isTurn: event.kind === 'turn',
    attributes: event.kind === 'turn' ? boundedMap(event.attributes) : {},
  };
}

/** What one operation, redacted, says of its turn. A root's word holds over that of what is inside it. */
export function factsOf(event: EventRecord, at: number): TurnFacts {
  if (!isOperation(event)) return NO_FACTS;
  const isRoot = event.parent_span_id === '';
  const key = `${isRoot ? 0 : 1}/${timeKey(at)}/${event.span_id}`;
  const end = at + (event.duration_ms ?? 0);
  const isLlm = event.kind === 'llm';
  const names =
    event.requested_tool_call_ids.length > 0 || !isLlm || event.decision_chosen === '' ? [] : event.decision_chosen.split(', ');
  const place = `${timeKey(at)}/${event.span_id}`;
  return {
    root: isRoot ? rootOf(event, at, key) : null,
    name: claim(key, event.name),
    session: claim(key, event.session_id),
    user: claim(key, event.user_id),
    agent: claim(key, event.agent_name),
    service: claim(key, event.service_name === 'unknown_service' ? '' : event.service_name),
    version: claim(key, event.service_version),
    environment: claim(key, event.deployment_environment),
    asked: isLlm ? claim(place, cut(lastWords(event.input, 'user'))) : null,
    answered:
      isLlm && event.decision_chosen === ''
        ? claim(`${latestFirst(end)}/${event.span_id}`, cut(lastWords(event.output, 'assistant')))
        : null,
    from: at,
    to: end,
    askers: isLlm ? Object.fromEntries(event.requested_tool_call_ids.slice(0, MAX_CALLS).map((id) => [id, event.span_id])) : {},
    nameless: Object.fromEntries(names.map((name) => [name, [place]])),
    usageReporters:
      isLlm && spends(event) && event.parent_span_id !== ''
        ? [`${event.usage_estimated ? ESTIMATED_SPENDER : ''}${event.parent_span_id}`]
        : [],
  };
}

/** The operation that asked for a tool's call: by its id, else the nearest before it that asked for a tool of its name; '' when none is known. */
export function callerOf(facts: TurnFacts, event: EventRecord, at: number): string {
  if (event.tool_call_id !== '' && Object.hasOwn(facts.askers, event.tool_call_id)) return facts.askers[event.tool_call_id] ?? '';
  const places = Object.hasOwn(facts.nameless, event.tool_name) ? (facts.nameless[event.tool_name] ?? []) : [];
  const until = timeKey(at + 1);
  const before = places.filter((place) => place < until).at(-1);
  return before?.split('/')[1] ?? '';
}
