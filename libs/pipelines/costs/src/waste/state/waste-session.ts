import { type TurnWaste } from '@telltale/contracts';
import { createStateCodec, createStateSection, type StateWriter } from '@telltale/streaming';
import { type KeptTurn } from '../wasteful-turn';

/** Turns of a session that are looked at beside each other. Of earlier ones only the length of their first prompts is kept. */
const MAX_TURNS = 12;
const MAX_SCOPES = 4;
const SESSION_BYTES = 400;
const TURN_BYTES = 900;

/** Turns that are looked at beside each other. */
export interface WasteSession {
  readonly key: string;
  readonly tenant: string;
  readonly turns: Map<string, KeptTurn>;
  /** Input tokens of the first calls of turns that are gone, by scope. */
  firstInput: Readonly<Record<string, number>>;
  /** Start of the last turn that is gone. */
  goneUntil: string;
  touched: number;
}

type Head = Pick<WasteSession, 'firstInput' | 'goneUntil' | 'touched'>;
const heads = createStateSection('session/', createStateCodec<Head>(1));
const kept = createStateSection('turn/', createStateCodec<KeptTurn>(1));

export const newWasteSession = (key: string, tenant: string): WasteSession => ({
  key,
  tenant,
  turns: new Map(),
  firstInput: {},
  goneUntil: '',
  touched: 0,
});

const lengthOf = (waste: TurnWaste): number => (waste.calls?.length ?? 0) + (waste.claims?.length ?? 0) + (waste.embeddings?.length ?? 0) / 4; // prettier-ignore
/** About how much memory it takes; follows from what the state holds. */
export function bytesOfWasteSession({ turns }: WasteSession): number {
  let bytes = SESSION_BYTES;
  for (const { turn } of turns.values()) bytes += TURN_BYTES + Math.ceil(lengthOf(turn.waste) * 300);
  return bytes;
}

export const inOrder = ({ turns }: WasteSession): KeptTurn[] =>
  [...turns.values()].sort((a, b) => (a.ts !== b.ts ? (a.ts < b.ts ? -1 : 1) : a.id < b.id ? -1 : 1));

/** Takes the earliest turns beyond the limit out; answers which. */
export function dropEarliest(session: WasteSession): readonly string[] {
  const over = session.turns.size - MAX_TURNS;
  if (over <= 0) return [];
  const dropped = inOrder(session).slice(0, over);
  for (const { id, ts, turn } of dropped) {
    session.turns.delete(id);
    session.goneUntil = ts;
    for (const { scope, input } of turn.waste.calls ?? [])
      if (!(scope in session.firstInput) && Object.keys(session.firstInput).length < MAX_SCOPES)
        session.firstInput = { ...session.firstInput, [scope]: input };
  }
  return dropped.map(({ id }) => id);
}

/** State: `session/<tenant>/<hash>` → what is kept of turns that are gone; `turn/<tenant>/<hash>/<turn>` → a turn. */
export function saveWasteSession(changes: StateWriter, session: WasteSession, changed: Iterable<string>): void {
  for (const id of changed) kept.put(changes, `${session.key}/${id}`, session.turns.get(id) ?? null);
  const { firstInput, goneUntil, touched } = session;
  heads.put(changes, session.key, { firstInput, goneUntil, touched });
}
export function forgetWasteSession(changes: StateWriter, session: WasteSession, changed: Iterable<string>): void {
  for (const id of [...new Set([...session.turns.keys(), ...changed])].sort()) kept.put(changes, `${session.key}/${id}`, null);
  heads.put(changes, session.key, null);
}

export function restoreWasteSessions(restored: ReadonlyMap<string, Buffer>): WasteSession[] {
  const sessions = new Map<string, WasteSession>();
  for (const [key, head] of heads.restore(restored))
    sessions.set(key, { ...newWasteSession(key, key.slice(0, key.indexOf('/'))), ...head });
  for (const [key, turn] of kept.restore(restored)) {
    const [tenant = '', hash = ''] = key.split('/', 2);
    sessions.get(`${tenant}/${hash}`)?.turns.set(turn.id, turn);
  }
  return [...sessions.values()];
}
