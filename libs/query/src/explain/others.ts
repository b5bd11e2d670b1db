import { conversationOfEvents, type Facts, joinFacts, mineFacts, outlineOf, type Outline } from '@telltale/domain-explain';
import { DAY_MS, groupBy } from '@telltale/kernel';
import { type RowsOf } from '../define/definition';
import { endingWith, eventsOfOthers, type ExplainedEvent } from './stored-events';

/** How far back calls that worked and similar conversations are looked for. */
const LOOK_BACK_MS = 30 * DAY_MS;
/** How they ended is often judged later than the conversation that is explained. */
const LOOK_AHEAD_MS = 7 * DAY_MS;
const MAX_TOOLS = 32;
const MAX_OF_TOOLS = 120;
/** The latest calls, among which those conversations are looked for: the table is read from its end, by minute, until there are so many. */
const MAX_CALLS = 5_000;
const MAX_ALIKE = 40;
/** The latest turns, among which those are looked for that are alike. */
const MAX_TURNS = 2_000;
/** 64 bits of which texts with the same words share nearly all. */
const NEAR_BITS = 12;

/** What other conversations are looked for by. */
export interface Sought {
  /** Tools that were called. */
  readonly tools: readonly string[];
  readonly intents: readonly string[];
  readonly fingerprints: readonly string[];
  /** Simhash of the request; '' when unknown. */
  readonly simhash: string;
  /** Session or trace that is explained itself. */
  readonly self: readonly string[];
  /** When it ended, ms since the epoch. */
  readonly at: number;
}

export interface Others {
  readonly facts: Facts;
  readonly outlines: readonly Outline[];
  /** How the last turn of each ended, where that is known. */
  readonly outcomes: ReadonlyMap<string, string>;
}

interface Found {
  readonly session: string;
  readonly trace: string;
  readonly outcome: string;
  /** ms since the epoch of what was found first of it. */
  readonly first: number;
}
const RANGE = "ts >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND ts < fromUnixTimestamp64Milli({until:Int64}, 'UTC')";

const rangeAround = (at: number) => ({ since: at - LOOK_BACK_MS, until: at + LOOK_AHEAD_MS });

/** Conversations that called the same tools with success, the latest first. */
async function withTools({ tools, at }: Sought, rowsOf: RowsOf): Promise<Found[]> {
  if (tools.length === 0) return [];
  const rows = await rowsOf({
    sql: `SELECT session_id AS session, if(session_id = '', trace_id, '') AS trace, toUnixTimestamp64Milli(min(ts)) AS first, max(ts) AS last FROM
      (SELECT session_id, trace_id, ts FROM telltale.events_core WHERE tenant = {tenant:String} AND ${RANGE} AND kind IN ('tool', 'mcp') AND status != 'error' AND tool_name IN {tools:Array(String)} AND trace_id != ''
       ORDER BY toStartOfMinute(ts) DESC LIMIT ${MAX_CALLS})
      GROUP BY session, trace ORDER BY last DESC, session, trace LIMIT ${MAX_OF_TOOLS}`,
    params: { tools: tools.slice(0, MAX_TOOLS), ...rangeAround(at) },
  });
  return rows.map((row) => ({
    session: String(row['session']),
    trace: String(row['trace']),
    outcome: '',
    first: Number(row['first']),
  }));
}

/** Conversations with a turn of the same intent, with the same error, or whose request is nearly the same. */
async function alike({ intents, fingerprints, simhash, at }: Sought, rowsOf: RowsOf): Promise<Found[]> {
  const isNear = '(length(request_simhash) = 16 AND bitHammingDistance(reinterpretAsUInt64(unhex(request_simhash)), reinterpretAsUInt64(unhex({simhash:String}))) <= {bits:UInt8})';
  const known = {
    intents: intents.filter(Boolean).slice(0, 8),
    fingerprints: fingerprints.filter(Boolean).slice(0, 8),
    ...(/^[0-9a-f]{16}$/.test(simhash) && { simhash, bits: NEAR_BITS }),
  };
  const near = known.simhash === undefined ? '0' : isNear;
  const conditions = [
    ...(known.intents.length > 0 ? ['intent IN {intents:Array(String)}'] : []),
    ...(known.fingerprints.length > 0 ? ['hasAny(error_fingerprints, {fingerprints:Array(String)})'] : []),
    ...(near === '0' ? [] : [near]),
  ];
  if (conditions.length === 0) return [];
  // Without FINAL, which takes twice as long: an earlier revision of a turn is of the same conversation.
  const rows = await rowsOf({
    sql: `SELECT session, trace, argMax(outcome, (ts, revision)) AS outcome, toUnixTimestamp64Milli(min(ts)) AS first, max(is_near) AS is_near, max(ts) AS last FROM
      (SELECT session_id AS session, if(session_id = '', trace_id, '') AS trace, outcome, revision, ts, ${near} AS is_near FROM telltale.turns
       PREWHERE tenant = {tenant:String} AND first_minute >= toStartOfMinute(fromUnixTimestamp64Milli({since:Int64}, 'UTC')) WHERE ${RANGE} AND trace_id != '' AND (${conditions.join(' OR ')})
       ORDER BY is_near DESC, ts DESC LIMIT ${MAX_TURNS})
      GROUP BY session, trace ORDER BY is_near DESC, last DESC, session, trace LIMIT ${MAX_ALIKE}`,
    params: { ...known, ...rangeAround(at) },
  });
  return rows.map((row) => ({ session: String(row['session']), trace: String(row['trace']), outcome: String(row['outcome']), first: Number(row['first']) }));
} // prettier-ignore

/** Events of conversations that were found, no more of the table than from a day before the first. */
function eventsOf(found: readonly Found[], at: number, rowsOf: RowsOf): Promise<ExplainedEvent[]> {
  const idsOf = (column: 'session' | 'trace'): string[] => [...new Set(found.map((one) => one[column]).filter(Boolean))];
  const { since, until } = rangeAround(at);
  const first = Math.min(...found.map((one) => one.first)) - DAY_MS;
  return eventsOfOthers(
    idsOf('session'),
    idsOf('trace'),
    { since: Number.isFinite(first) ? Math.max(since, first) : since, until },
    rowsOf,
  );
}

/**
 * Conversations of the 30 days before, and 7 after, that called the same tools or are about the same: what their calls have in common, and what each is
 * about. At most 160 of them.
 */
export async function othersLike(sought: Sought, rowsOf: RowsOf): Promise<Others> {
  const isOther = ({ session, trace }: Found): boolean => !sought.self.includes(session || trace);
  const like = (await alike(sought, rowsOf)).filter(isOther);
  const known = new Set(like.map(({ session, trace }) => session || trace));
  const using = (await withTools(sought, rowsOf)).filter((one) => isOther(one) && !known.has(one.session || one.trace));
  const events = [...(await eventsOf(like, sought.at, rowsOf)), ...(await eventsOf(using, sought.at, rowsOf))];
  const outcomes = new Map(like.map(({ session, trace, outcome }) => [session || trace, outcome]));
  const conversations = [...groupBy(events, ({ session_id: session, trace_id: trace }) => session || trace)].map(
    ([id, own]) => conversationOfEvents(id, own, endingWith(own, outcomes.get(id) ?? '')).conversation,
  );
  return {
    facts: conversations.map(mineFacts).reduce(joinFacts, new Map() as Facts),
    outlines: conversations.map(outlineOf),
    outcomes,
  };
}
