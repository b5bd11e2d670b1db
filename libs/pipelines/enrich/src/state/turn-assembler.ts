import {
  callerOf, type EventDraft, factsOf, joinFacts, NO_FACTS, turnEventOf, type TurnFacts, withoutRepeatedUsage,
} from '@telltale/domain-normalize'; // prettier-ignore
import {
  joinOutcomeFacts,
  NO_OUTCOME,
  type OutcomeFacts,
  outcomeFactsOf,
  outcomeOf,
} from '@telltale/domain-conversation-analytics';
import { hashId, MINUTE_MS } from '@telltale/kernel';
import { type EventRecord } from '@telltale/contracts';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';
import { createSessionWindow } from './session-window';
import { type EnrichOptions } from '../options';

/** A turn whose root has not come by then is written without it. */
export const MISSING_ROOT_TIMEOUT_MS = MINUTE_MS;
/** Later operations are events like others, but amend nothing. */
export const FORGET_AFTER_MS = 10 * MINUTE_MS;
const MAX_TURNS = 20_000;
const MAX_REVISIONS = 20;

interface OpenTurn {
  readonly tenant: string;
  readonly traceId: string;
  /** Of spans alone: other producers say themselves what a turn is. */
  facts: TurnFacts;
  outcome: OutcomeFacts;
  /** Derived where the producer names none; it stays, so that a turn does not move. */
  session: string;
  /** Of the last event written; '' before. */
  written: string;
  revision: number;
  touched: number;
  received_at: string;
  expires_on: string;
  backfill: boolean;
}

/** Names are `<tenant>/<trace>`, values what is known of the turn, redacted. */
const SECTION = createStateSection('turn/', createStateCodec<OpenTurn>(1));

/** Turns of a task that operations still come to. One that arrives in pieces, in any order, is put together by its trace id. */
export interface TurnAssembler extends BatchState {
  /** Learns what an operation says of its turn; all of a batch, before any of it is correlated. */
  add(draft: EventDraft): void;
  /** Gives an operation what its turn knows: its session, the decision that asked for it; a turn how it ended. */
  correlate(draft: EventDraft): void;
  /** The turns to be written now, in order of first operation. */
  drain(): EventDraft[];
}

const isSpan = ({ event }: Pick<EventDraft, 'event'>): boolean => event.ingest_format === 'otlp-traces';

function setOutcome(event: EventRecord, facts: OutcomeFacts): void {
  const { outcome, evidence } = outcomeOf(facts);
  event.turn_outcome = outcome;
  event.turn_outcome_event_id = evidence.id;
  event.turn_outcome_reason = evidence.why;
}

const newTurn = (event: EventRecord, now: number): OpenTurn => ({
  tenant: event.tenant, traceId: event.trace_id, facts: NO_FACTS, outcome: NO_OUTCOME, session: '', written: '', revision: 0, touched: now, received_at: '', expires_on: '',
  backfill: true,
}); // prettier-ignore

export type TurnLimits = Pick<EnrichOptions, 'maxTurns' | 'maxSessionUsers'>;

export function createTurnAssembler(restored: ReadonlyMap<string, Buffer>, limits: TurnLimits = {}): TurnAssembler {
  const { maxTurns = MAX_TURNS, maxSessionUsers } = limits;
  const sessions = createSessionWindow(restored, maxSessionUsers);
  /** In order of last touch. */
  const turns = new Map<string, OpenTurn>();
  const touched = new Set<string>();
  const forgotten = new Set<string>();
  /** What the state holds. */
  const stored = new Set<string>();
  let now = 0;

  const kept = SECTION.restore(restored).map(([key, turn]) => ({ key, turn }));
  kept.sort((a, b) => a.turn.touched - b.turn.touched || (a.key < b.key ? -1 : 1));
  for (const { key, turn } of kept) {
    turns.set(key, turn);
    stored.add(key);
  }
  const bounded = createBoundedKeys(
    { perTenant: maxTurns, perTask: maxTurns, idleMs: FORGET_AFTER_MS },
    kept.map(({ key, turn }) => ({ tenant: turn.tenant, key, at: turn.touched })),
  );

  const keyOf = ({ event }: Pick<EventDraft, 'event'>): string => `${event.tenant}/${event.trace_id}`;
  const isOverdue = (turn: OpenTurn, at: number): boolean =>
    turn.revision === 0 && turn.facts.root === null && turn.facts.asked !== null && turn.touched + MISSING_ROOT_TIMEOUT_MS <= at;

  function sessionOf(turn: OpenTurn): string {
    const { session, user, service, root, from } = turn.facts;
    if (session) return session.value;
    if (turn.session === '' && user !== null)
      turn.session = sessions.add(turn.tenant, service?.value ?? '', user.value, root?.at ?? from);
    return turn.session;
  }
  function eventOf(turn: OpenTurn): EventDraft {
    const draft = turnEventOf(turn.tenant, turn.traceId, turn.facts, turn.revision);
    draft.event.session_id = sessionOf(turn);
    setOutcome(draft.event, turn.outcome);
    draft.event.received_at = turn.received_at;
    draft.event.expires_on = turn.expires_on;
    draft.event.backfill = turn.backfill;
    return draft;
  }
  /** What a reader would see change; not its id, revision or times of arrival. */
  function contentOf(turn: OpenTurn): string {
    const { event } = turnEventOf(turn.tenant, turn.traceId, turn.facts, 0);
    return hashId(16, sessionOf(turn), JSON.stringify(event), JSON.stringify(outcomeOf(turn.outcome)));
  }

  function forget(tenant: string, key: string): void {
    turns.delete(key);
    bounded.remove(tenant, key);
    touched.delete(key);
    if (stored.has(key)) forgotten.add(key);
  }

  function correlateSpan(draft: EventDraft, turn: OpenTurn): void {
    const { event } = draft;
    const { facts } = turn;
    event.session_id ||= sessionOf(turn);
    if (event.kind === 'tool' || event.kind === 'mcp') event.requested_by_span_id ||= callerOf(facts, event, draft.at);
    withoutRepeatedUsage(event, facts);
    if (!facts.root?.isTurn || facts.root.spanId !== event.span_id || event.kind !== 'turn') return;
    // The root is the turn itself: it goes out as such, with what is known by now.
    const whole = eventOf(turn).event;
    event.user_id ||= whole.user_id;
    event.agent_name ||= whole.agent_name;
    event.input ||= whole.input;
    event.output ||= whole.output;
    setOutcome(event, turn.outcome);
    if (turn.revision > 0 || turn.written !== '') return;
    turn.written = contentOf(turn);
    turn.revision = 1;
  }

  return {
    startBatch(time) {
      now = time;
      sessions.startBatch(time);
    },
    add(draft) {
      const { event, at } = draft;
      if (event.trace_id === '') return;
      const key = keyOf(draft);
      const turn = turns.get(key) ?? newTurn(event, now);
      turn.outcome = joinOutcomeFacts(turn.outcome, outcomeFactsOf(event));
      if (isSpan(draft)) turn.facts = joinFacts(turn.facts, factsOf(event, at));
      turn.touched = now;
      if (event.received_at > turn.received_at) turn.received_at = event.received_at;
      if (event.expires_on > turn.expires_on) turn.expires_on = event.expires_on;
      turn.backfill = turn.backfill && event.backfill;
      turns.delete(key);
      turns.set(key, turn);
      bounded.touch(event.tenant, key, now);
      touched.add(key);
    },
    correlate(draft) {
      const turn = draft.event.trace_id === '' ? undefined : turns.get(keyOf(draft));
      if (turn && isSpan(draft)) correlateSpan(draft, turn);
      else if (draft.event.kind === 'turn') {
        setOutcome(draft.event, turn?.outcome ?? outcomeFactsOf(draft.event));
        forget(draft.event.tenant, keyOf(draft));
      }
    },
    drain() {
      const due = new Set(touched);
      for (const [key, turn] of turns) {
        if (turn.touched + MISSING_ROOT_TIMEOUT_MS > now) break;
        if (isOverdue(turn, now)) due.add(key);
      }
      const events: EventDraft[] = [];
      for (const key of due) {
        const turn = turns.get(key);
        if (!turn || turn.revision >= MAX_REVISIONS || !(turn.facts.root || turn.revision > 0 || isOverdue(turn, now))) continue;
        const content = contentOf(turn);
        if (content === turn.written) continue;
        events.push(eventOf(turn));
        turn.written = content;
        turn.revision++;
        touched.add(key);
      }
      return events;
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { tenant, key } of cut) forget(tenant, key);
      countCuts('open_turns', cut, effects.count);
      for (const key of forgotten) {
        SECTION.put(effects, key, null);
        stored.delete(key);
      }
      for (const key of touched) {
        SECTION.put(effects, key, turns.get(key) ?? null);
        stored.add(key);
      }
      touched.clear();
      forgotten.clear();
      sessions.flush(effects);
    },
    due(time) {
      for (const turn of turns.values()) {
        if (turn.touched + MISSING_ROOT_TIMEOUT_MS > time) return false;
        if (isOverdue(turn, time) || turn.touched + FORGET_AFTER_MS <= time) return true;
      }
      return false;
    },
  };
}
