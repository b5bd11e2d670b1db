import { type TurnRecord } from '@telltale/contracts';
import { simhash } from '@telltale/domain-conversation-analytics';
import { type JourneyStep, journeyStepOf } from '@telltale/domain-journey';
import { type Continuing, joinSessionParts, NO_SETTING, type SessionPart, sessionPartOf } from '@telltale/domain-turn';
import { hashId } from '@telltale/kernel';
import { createStateCodec, createStateSection, type StateWriter } from '@telltale/streaming';

/** Turns of a group that are kept one by one. The earliest of more are kept as one sum, which no revision changes any more. */
export const MAX_TURNS = 1_000;
const GROUP_BYTES = 600;
const TURN_BYTES = 1_500;

/** A turn of a group as it was last heard of. */
export interface GroupedTurn extends Continuing {
  readonly revision: number;
  readonly expiresOn: string;
  /** Absent of turns that a release kept which knew no journeys. */
  readonly step?: JourneyStep;
}

/** A session as it was last written. */
export interface WrittenSession {
  readonly revision: number;
  readonly expiresOn: string;
  readonly firstMinute: string;
  /** Of what the row says. */
  readonly content: string;
  /** The turn it is named by; '' for one that its producer names. */
  readonly anchor: string;
}

/**
 * The turns among which sessions are looked for: those of one named session, those of one user of one service that name none, or those of one service that
 * name no user either and of conversations that began with the same request.
 */
export interface SessionGroup {
  readonly key: string;
  readonly tenant: string;
  /** Id of the session; '' where none is named. */
  readonly session: string;
  readonly service: string;
  /** '' where none is named. */
  readonly user: string;
  readonly turns: Map<string, GroupedTurn>;
  /** The earliest turns of a named session with more than are kept. */
  summed: SessionPart | null;
  /** By session id. */
  written: Record<string, WrittenSession>;
  touched: number;
}

type Head = Pick<SessionGroup, 'session' | 'service' | 'user' | 'summed' | 'written' | 'touched'>;
const jsonForm = <T>() => ({
  encode: (value: T) => JSON.stringify(value),
  decode: (bytes: Buffer) => JSON.parse(bytes.toString()) as T,
});
const withSetting = (part: SessionPart): SessionPart => ({ ...part, setting: NO_SETTING });
/** Version 1 had parts without the setting. */
const heads = createStateSection(
  'group/',
  createStateCodec<Head>(2, jsonForm<Head>(), {
    1: (bytes) => {
      const head = jsonForm<Head>().decode(bytes);
      return { ...head, summed: head.summed && withSetting(head.summed) };
    },
  }),
);
const grouped = createStateSection(
  'turn/',
  createStateCodec<GroupedTurn>(2, jsonForm<GroupedTurn>(), {
    1: (bytes) => {
      const turn = jsonForm<GroupedTurn>().decode(bytes);
      return { ...turn, part: withSetting(turn.part) };
    },
  }),
);

type GroupName = Pick<SessionGroup, 'key' | 'tenant' | 'session' | 'service' | 'user'>;

/** The group that a turn belongs to; null for one that shows neither a session nor a user nor a conversation. */
export function groupOf(turn: TurnRecord): GroupName | null {
  const { tenant, session_id: session, service_name: service, user_id: user } = turn;
  const [request] = turn.conversation_hashes;
  if (session !== '') return { key: `${tenant}/${hashId(32, 'session', session)}`, tenant, session, service: '', user: '' };
  if (user !== '') return { key: `${tenant}/${hashId(32, 'user', service, user)}`, tenant, session, service, user };
  return request ? { key: `${tenant}/${hashId(32, 'conversation', service, request)}`, tenant, session, service, user } : null;
}

/** Whether its sessions are recognized by their messages. */
export const isByMessages = ({ session, user }: Pick<SessionGroup, 'session' | 'user'>): boolean => session === '' && user === '';

export const newGroup = (name: GroupName): SessionGroup => ({ ...name, turns: new Map(), summed: null, written: {}, touched: 0 });
export function groupedTurnOf(turn: TurnRecord): GroupedTurn {
  const [, before = '', after = ''] = turn.conversation_hashes;
  return {
    turnId: turn.turn_id,
    revision: turn.revision,
    expiresOn: turn.expires_on,
    part: sessionPartOf(turn),
    step: journeyStepOf(turn, simhash(turn.output_preview)),
    ...(turn.conversation_hashes.length > 0 ? { before, after } : {}),
  };
}

/** The turn as the first of its conversation, whatever it was given; without an answer nothing continues it. */
export const beginningOf = ({ before, after, ...turn }: GroupedTurn): GroupedTurn =>
  after === undefined || after === before ? turn : { ...turn, before: '', after };

export const bytesOfGroup = ({ turns, written }: SessionGroup): number =>
  GROUP_BYTES + TURN_BYTES * turns.size + GROUP_BYTES * Object.keys(written).length;

const isEarlier = (a: GroupedTurn, b: GroupedTurn): number => (a.part.first.key < b.part.first.key ? -1 : 1);

/** Takes the earliest turns over `MAX_TURNS` out of a named session into its sum; answers which. */
export function sumEarliest(group: SessionGroup): readonly GroupedTurn[] {
  const over = group.turns.size - MAX_TURNS;
  if (over <= 0) return [];
  const earliest = [...group.turns.values()].sort(isEarlier).slice(0, over);
  for (const { turnId, part } of earliest) {
    group.turns.delete(turnId);
    group.summed = group.summed ? joinSessionParts(group.summed, part) : part;
  }
  return earliest;
}

/** Whether a turn started in the time of those of which only a sum is kept. */
export const isSummed = ({ summed }: SessionGroup, { part }: GroupedTurn): boolean =>
  summed !== null && part.first.key <= summed.last.key;

const turnKey = (group: SessionGroup, turnId: string): string => `${group.key}/${turnId}`;

/** State: `group/<tenant>/<hash>` → what was written of a group; `turn/<tenant>/<hash>/<turn>` → one of its turns. */
export function saveGroup(changes: StateWriter, group: SessionGroup, changed: Iterable<string>): void {
  for (const turnId of changed) grouped.put(changes, turnKey(group, turnId), group.turns.get(turnId) ?? null);
  const { session, service, user, summed, written, touched } = group;
  heads.put(changes, group.key, { session, service, user, summed, written, touched });
}
export function forgetGroup(changes: StateWriter, group: SessionGroup, changed: Iterable<string>): void {
  for (const turnId of [...new Set([...group.turns.keys(), ...changed])].sort())
    grouped.put(changes, turnKey(group, turnId), null);
  heads.put(changes, group.key, null);
}

export function restoreGroups(restored: ReadonlyMap<string, Buffer>): SessionGroup[] {
  const groups = new Map<string, SessionGroup>();
  for (const [key, head] of heads.restore(restored))
    groups.set(key, { key, tenant: key.slice(0, key.indexOf('/')), turns: new Map(), ...head });
  for (const [key, turn] of grouped.restore(restored)) {
    const [tenant = '', hash = ''] = key.split('/', 2);
    groups.get(`${tenant}/${hash}`)?.turns.set(turn.turnId, turn);
  }
  return [...groups.values()];
}
