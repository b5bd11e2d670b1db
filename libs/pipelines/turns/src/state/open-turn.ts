import { joinOutcomeFacts, NO_OUTCOME, type OutcomeFacts, outcomeFactsOf } from '@telltale/domain-conversation-analytics';
import {
  addEvent,
  addOperation,
  eventsIn,
  makesTurn,
  newTurn,
  type Operation,
  type TurnEvent,
  turnIdOf,
  type TurnState,
} from '@telltale/domain-turn';
import { createStateCodec, createStateSection, type StateWriter } from '@telltale/streaming';

/** Of a turn beside its events: its head, and its places in maps. */
const HEAD_BYTES = 600;
/** Of a thing said beside its text, and its key and id, which the key ends with. */
const SAID_BYTES = 60;

/** A turn that events still come to, or that is remembered so that none begin it again. */
export interface OpenTurn {
  readonly key: string;
  readonly tenant: string;
  readonly turnId: string;
  readonly traceId: string;
  readonly expiresOn: string;
  events: TurnState;
  outcome: OutcomeFacts;
  /** Whether its events make a turn at all. */
  isTurn: boolean;
  /** Its events come at once: they came long after their own time, as those of an import, or in whole conversations. */
  isBackfill: boolean;
  /** Batch time of its last event, ms since the epoch. */
  touched: number;
  /** Minute of its start when it was first written; 0 before. */
  firstMinute: number;
  /** Revision last written; 0 before. */
  written: number;
  /** How often it was written. */
  writes: number;
  /** Key of its last record; '' before. */
  sentTo: string;
  /** It takes no more events, and has none any more. */
  isSealed: boolean;
  /** How many chunks of events the state has. */
  chunks: number;
  /** Events that the state does not have yet. */
  unsaved: Operation[];
  /** Its events in detail as JSON, while it is at rest: then `events` has none of them. */
  atRest: Buffer | null;
}

/** A format whose requests hold conversations that are over, with times that were made at arrival. */
const WHOLE_CONVERSATIONS = 'openai-chat';

type Head = Pick<OpenTurn, 'traceId' | 'expiresOn' | 'outcome' | 'isTurn' | 'isBackfill' | 'touched' | 'firstMinute' | 'written' | 'writes' | 'sentTo' | 'isSealed' | 'chunks'> &
  Pick<TurnState, 'request' | 'answer'>; // prettier-ignore

const heads = createStateSection('turn/', createStateCodec<Head>(1));
const chunks = createStateSection('events/', createStateCodec<readonly Operation[]>(1));
// Tenants have no slash; ids of turns may.
const keyOf = (tenant: string, turnId: string): string => `${tenant}/${turnId}`;
const chunkKey = ({ tenant, turnId }: OpenTurn, nth: number): string => `${tenant}/${nth}/${turnId}`;

export const keyOfEvent = (event: TurnEvent): string => keyOf(event.tenant, turnIdOf(event));

export const openTurnOf = (event: TurnEvent): OpenTurn => ({
  key: keyOfEvent(event),
  tenant: event.tenant,
  turnId: turnIdOf(event),
  traceId: event.trace_id,
  expiresOn: event.expires_on,
  events: newTurn(),
  outcome: NO_OUTCOME,
  isTurn: false,
  isBackfill: true,
  touched: 0,
  firstMinute: 0,
  written: 0,
  writes: 0,
  sentTo: '',
  isSealed: false,
  chunks: 0,
  unsaved: [],
  atRest: null,
});

/** What events say of the outcome is texts. */
function outcomeBytes(outcome: OutcomeFacts): number {
  let bytes = 0;
  for (const said of Object.values(outcome) as OutcomeFacts[keyof OutcomeFacts][])
    if (typeof said === 'object') bytes += SAID_BYTES + 2 * said.key.length + said.text.length;
  return bytes;
}

/** About how much memory a turn takes. Follows from what the state holds, so that a restored task cuts the same. */
export const bytesOf = ({ key, events, outcome }: OpenTurn): number =>
  HEAD_BYTES +
  2 * key.length +
  events.bytes +
  (events.request?.value.length ?? 0) +
  (events.answer?.value.length ?? 0) +
  outcomeBytes(outcome);

/** Whether it has events that no row tells of. */
export const isUnwritten = (turn: OpenTurn): boolean =>
  turn.isTurn && !turn.isSealed && turn.atRest === null && eventsIn(turn.events) > turn.written;

/**
 * Most turns that are written get no further events: until they are sealed their events are kept as bytes, a quarter of what objects take.
 * What is counted as their memory stays the same, for a restored task has them as objects first.
 */
export function restTurn(turn: OpenTurn): void {
  const { detailed, others, bytes } = turn.events;
  if (turn.isSealed || turn.atRest || turn.unsaved.length > 0 || turn.written < eventsIn(turn.events) || others.size > 0) return;
  const json = JSON.stringify([...detailed.values()]);
  // Memory of its own: a piece of the pool would keep what was beside it, too.
  turn.atRest = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
  turn.atRest.write(json);
  turn.events = { ...newTurn(), request: turn.events.request, answer: turn.events.answer, bytes };
}

/** Has the events of a turn as objects again. */
export function wakeTurn(turn: OpenTurn): void {
  if (!turn.atRest) return;
  const operations = JSON.parse(turn.atRest.toString()) as Operation[];
  turn.atRest = null;
  turn.events = { ...newTurn(), request: turn.events.request, answer: turn.events.answer };
  for (const operation of operations) addOperation(turn.events, operation);
}

/** Adds an event that came in a batch of time `now`. */
export function addToTurn(
  turn: OpenTurn,
  event: TurnEvent,
  dimensions: readonly string[],
  now: number,
): ReturnType<typeof addEvent> {
  wakeTurn(turn);
  const added = addEvent(turn.events, event, dimensions);
  if (added.kind !== 'added') return added;
  turn.unsaved.push(added.operation);
  turn.outcome = joinOutcomeFacts(turn.outcome, outcomeFactsOf(event));
  turn.isTurn ||= makesTurn(added.operation);
  turn.isBackfill &&= event.backfill || event.ingest_format === WHOLE_CONVERSATIONS;
  turn.touched = now;
  return added;
}

/** State: `turn/<tenant>/<id>` → what is known of a turn; `events/<tenant>/<n>/<id>` → the events of it that its nth batch brought. */
export function saveTurn(changes: StateWriter, turn: OpenTurn): void {
  if (turn.isSealed) forgetEvents(changes, turn);
  else if (turn.unsaved.length > 0) chunks.put(changes, chunkKey(turn, turn.chunks++), turn.unsaved);
  turn.unsaved = [];
  const { traceId, expiresOn, outcome, isTurn, isBackfill, touched, firstMinute, written, writes, sentTo, isSealed } = turn;
  const { request, answer } = turn.events;
  heads.put(changes, turn.key, { traceId, expiresOn, outcome, isTurn, isBackfill, touched, firstMinute, written, writes, sentTo, isSealed, chunks: turn.chunks, request, answer }); // prettier-ignore
}

function forgetEvents(changes: StateWriter, turn: OpenTurn): void {
  for (let nth = 0; nth < turn.chunks; nth++) chunks.put(changes, chunkKey(turn, nth), null);
  turn.chunks = 0;
}

export function forgetTurn(changes: StateWriter, turn: OpenTurn): void {
  forgetEvents(changes, turn);
  heads.put(changes, turn.key, null);
}

/** Gives up its events. */
export function sealTurn(turn: OpenTurn): void {
  turn.isSealed = true;
  turn.atRest = null;
  turn.events = newTurn();
  turn.outcome = NO_OUTCOME;
}

/** The turns of a task's state, in order of key. */
export function restoreTurns(restored: ReadonlyMap<string, Buffer>): OpenTurn[] {
  const turns = new Map<string, OpenTurn>();
  for (const [key, { request, answer, ...head }] of heads.restore(restored)) {
    const slash = key.indexOf('/');
    const events = { ...newTurn(), request, answer };
    turns.set(key, {
      key,
      tenant: key.slice(0, slash),
      turnId: key.slice(slash + 1),
      events,
      unsaved: [],
      atRest: null,
      ...head,
    });
  }
  for (const [key, operations] of chunks.restore(restored)) {
    const [tenant = '', nth = ''] = key.split('/', 2);
    const turn = turns.get(keyOf(tenant, key.slice(tenant.length + nth.length + 2)));
    if (turn) for (const operation of operations) addOperation(turn.events, operation);
  }
  return [...turns.values()];
}
