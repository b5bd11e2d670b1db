import { type EventKind, USAGE_BUCKETS } from '@telltale/contracts';
import { isCall, isFailed, isPaid, type Operation, operationOf, speaksBefore } from './operation';
import { type TurnEvent } from './turn-event';
import { beginningOf, lastWords } from './words';

/** Events of one turn that are kept one by one. Those after them, in the order in which they speak, count in totals only. */
export const MAX_DETAILED = 1_000;
/** Events of one turn that count at all. */
export const MAX_EVENTS = 5_000;
const MAX_REQUEST = 2_000;
const MAX_ANSWER = 400;
/** Of an event beside its text: what the engine keeps of an object and its place in a map. */
const OBJECT_BYTES = 200;
/** Of a field beside its value, and of a number. */
const FIELD_BYTES = 16;
const NUMBER_BYTES = 8;

/** A text and the event it comes from: of two, that of the lower key holds. */
export interface Claim {
  readonly key: string;
  readonly value: string;
}

/** Sums over operations. */
export interface Totals {
  events: number;
  readonly calls: Partial<Record<EventKind, number>>;
  readonly errors: Partial<Record<EventKind, number>>;
  readonly usage: (number | null)[];
  costNano: number | null;
  unpriced: number;
}

export const noTotals = (): Totals => ({
  events: 0,
  calls: {},
  errors: {},
  usage: USAGE_BUCKETS.map(() => null),
  costNano: null,
  unpriced: 0,
});

/**
 * `counted`: the operation that is the same call, reported by another instrumentation, so that this one is no call, and spends nothing; its
 * failure counts where the other did not fail. Null where that one is not here, undefined where there is none.
 */
export function addToTotals(totals: Totals, operation: Operation, counted?: Operation | null): void {
  const { kind, usage, costNano } = operation;
  totals.events++;
  if (counted === undefined && isCall(operation)) totals.calls[kind] = (totals.calls[kind] ?? 0) + 1;
  if (isFailed(operation) && kind !== 'turn' && !(counted && isFailed(counted)))
    totals.errors[kind] = (totals.errors[kind] ?? 0) + 1;
  if (counted !== undefined || !isPaid(operation)) return;
  usage?.forEach((count, bucket) => {
    if (count !== null) totals.usage[bucket] = (totals.usage[bucket] ?? 0) + count;
  });
  if (costNano === undefined) totals.unpriced++;
  else totals.costNano = (totals.costNano ?? 0) + costNano;
}

/**
 * What is known of one turn: the set of its events. An event that comes twice is in it once, and what is made of it depends on the set
 * alone, so that pieces may come in any order. Text in it is redacted.
 */
export interface TurnState {
  /** At most MAX_DETAILED, by event id. */
  readonly detailed: Map<string, Operation>;
  /** Ids of the others. */
  readonly others: Set<string>;
  readonly totalsOfOthers: Totals;
  request: Claim | null;
  answer: Claim | null;
  /** About how much memory it takes. */
  bytes: number;
  /** The detailed one that speaks last, once there are as many as may be. */
  last: Operation | null;
}

export const newTurn = (): TurnState => ({
  detailed: new Map(),
  others: new Set(),
  totalsOfOthers: noTotals(),
  request: null,
  answer: null,
  bytes: 0,
  last: null,
});

export const eventsIn = ({ detailed, others }: TurnState): number => detailed.size + others.size;

/** Whether an operation makes its trace a turn: one without a root in which no model was called is none. */
export const makesTurn = ({ kind, rootRank }: Operation): boolean => rootRank !== undefined || kind === 'llm';

/** About how long a value is as text. */
const lengthOf = (value: unknown): number =>
  typeof value === 'string' ? value.length : typeof value === 'object' ? JSON.stringify(value).length : NUMBER_BYTES;

function bytesOf(operation: Operation): number {
  let bytes = OBJECT_BYTES;
  let field: keyof Operation;
  for (field in operation) bytes += FIELD_BYTES + lengthOf(operation[field]);
  return bytes;
}

function moveToOthers(state: TurnState, operation: Operation): void {
  if (state.detailed.delete(operation.id)) state.bytes -= bytesOf(operation);
  state.others.add(operation.id);
  state.bytes += OBJECT_BYTES / 4 + operation.id.length;
  addToTotals(state.totalsOfOthers, operation, operation.isDuplicate ? null : undefined);
}

const lastOf = (state: TurnState): Operation | null =>
  [...state.detailed.values()].reduce<Operation | null>((last, one) => (last && speaksBefore(one, last) < 0 ? last : one), null);

/** Adds an operation; false when the turn has it, or has as many as it takes. */
export function addOperation(state: TurnState, operation: Operation): boolean {
  const { detailed, others } = state;
  if (detailed.has(operation.id) || others.has(operation.id) || eventsIn(state) >= MAX_EVENTS) return false;
  if (detailed.size < MAX_DETAILED) {
    detailed.set(operation.id, operation);
    state.bytes += bytesOf(operation);
    return true;
  }
  const last = state.last ?? lastOf(state);
  if (!last || speaksBefore(operation, last) > 0) {
    state.last = last;
    moveToOthers(state, operation);
    return true;
  }
  moveToOthers(state, last);
  detailed.set(operation.id, operation);
  state.bytes += bytesOf(operation);
  state.last = null;
  return true;
}

const lower = (a: Claim | null, b: Claim | null): Claim | null => (!a || !b ? (a ?? b) : b.key < a.key ? b : a);
/** Sorts as numbers do. */
const timeKey = (ms: number): string => String(Math.max(0, Math.floor(ms))).padStart(14, '0');
const claim = (key: string, value: string): Claim | null => (value === '' ? null : { key, value });

/** The words of the root hold over those of the calls inside: of these, the first request and the last answer. */
function addWords(state: TurnState, event: TurnEvent, operation: Operation): void {
  const { kind, at, id, rootRank } = operation;
  const isLlm = kind === 'llm';
  if (!isLlm && rootRank === undefined) return;
  const rank = isLlm ? 3 : rootRank;
  const request = claim(`${rank}/${timeKey(at)}/${id}`, beginningOf(lastWords(event.input, 'user'), MAX_REQUEST));
  const end = isLlm ? 99_999_999_999_999 - at - (operation.durationMs ?? 0) : at;
  const answer =
    !isLlm || operation.isAnswer
      ? claim(`${rank}/${timeKey(end)}/${id}`, beginningOf(lastWords(event.output, 'assistant'), MAX_ANSWER))
      : null;
  state.request = lower(state.request, request);
  state.answer = lower(state.answer, answer);
}

export type Added =
  { readonly kind: 'added'; readonly operation: Operation } | { readonly kind: 'repeated' } | { readonly kind: 'over_limit' };

/** Adds an event, redacted, to its turn. `dimensions`: names of attributes that its tenant groups turns by. */
export function addEvent(state: TurnState, event: TurnEvent, dimensions: readonly string[] = []): Added {
  if (state.detailed.has(event.id) || state.others.has(event.id)) return { kind: 'repeated' };
  if (eventsIn(state) >= MAX_EVENTS) return { kind: 'over_limit' };
  const operation = operationOf(event, dimensions);
  addOperation(state, operation);
  addWords(state, event, operation);
  return { kind: 'added', operation };
}
