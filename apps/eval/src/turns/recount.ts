import {
  attributesOf,
  DUPLICATE_OF,
  duplicateCalls,
  type EventRecord,
  INPUT_BUCKETS,
  reportedCallOf,
  type SessionRecord,
  tokensIn,
  type TurnRecord,
  USAGE_BUCKETS,
} from '@telltale/contracts';
import { joinOutcomeFacts, NO_OUTCOME, outcomeFactsOf, outcomeOf } from '@telltale/domain-conversation-analytics';
import { groupBy, MINUTE_MS } from '@telltale/kernel';

/** What is compared: a plain count over all events of a trace, written apart from the fold that the service uses. */
export type CountedTurn = Pick<
  TurnRecord,
  | 'turn_id' | 'revision' | 'session_id' | 'user_id' | 'ts' | 'duration_ms' | 'has_root' | 'status' | 'outcome' | 'service_name' | 'agents' | 'models' | 'tools' | 'calls' | 'errors'
  | 'cost_nano_usd' | 'unpriced_calls' | 'max_context_tokens' | (typeof USAGE_BUCKETS)[number]
>; // prettier-ignore
export type CountedSession = Pick<
  SessionRecord,
  'turns' | 'events' | 'failed_turns' | 'errors' | 'started_at' | 'calls' | 'cost_nano_usd' | 'unpriced_calls' | 'user_id' | 'derived' | 'outcomes'
>; // prettier-ignore

const NO_PART = ['feedback', 'evaluator', 'session'];
const isPart = (event: EventRecord): boolean => !NO_PART.includes(event.kind) && (event.kind === 'turn' || event.trace_id !== '');
const startOf = (event: EventRecord): number => Date.parse(event.ts);
const endOf = (event: EventRecord): number => startOf(event) + (event.duration_ms ?? 0);
const byStart = (a: EventRecord, b: EventRecord): number => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1);

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
const distinct = (names: readonly string[]): string[] => [...new Set(names.filter((name) => name !== ''))].sort();
const sumOf = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce<number | null>((sum, one) => (one === null ? sum : (sum ?? 0) + one), null);

function rootOf(events: readonly EventRecord[]): EventRecord | undefined {
  const own = events.filter(({ kind, parent_span_id: parent }) => kind === 'turn' && parent === '');
  const spans = events.filter(({ kind, parent_span_id: parent, ingest_format: format }) => kind !== 'turn' && kind !== 'log' && parent === '' && format === 'otlp-traces'); // prettier-ignore
  const nested = events.filter(({ kind, parent_span_id: parent }) => kind === 'turn' && parent !== '');
  return [own, spans, nested].find(({ length }) => length > 0)?.sort(byStart)[0];
}

/** Reports of a call that another report counts for; null where that one is not among these. */
function repeatsIn(events: readonly EventRecord[]): ReadonlyMap<EventRecord, EventRecord | null> {
  const calls = events.filter(({ kind }) => kind === 'llm').map((event) => ({ ...reportedCallOf({ ...event, request_model: event.response_model || event.request_model }, attributesOf(event), startOf(event)), event }));
  return new Map([
    ...events.flatMap((event) => (attributesOf(event)[DUPLICATE_OF] === undefined ? [] : [[event, null] as const])),
    ...[...duplicateCalls(calls)].map(([duplicate, kept]) => [duplicate.event, kept.event] as const),
  ]);
} // prettier-ignore

/** Calls of models, and those of tools that have a price. */
const isPaid = ({ kind, price_version: version }: EventRecord): boolean =>
  kind === 'llm' || kind === 'embedding' || (kind === 'tool' && version !== '');

function countTurn(turnId: string, events: readonly EventRecord[]): CountedTurn {
  const root = rootOf(events);
  const speakers = [...(root ? [root] : []), ...events.filter((event) => event !== root).sort(byStart)];
  const said = (of: (event: EventRecord) => string): string => speakers.map(of).find((value) => value !== '') ?? '';
  const repeats = repeatsIn(events);
  const calls = events.filter((event) => event.kind !== 'turn' && event.kind !== 'log' && !repeats.has(event));
  const failed = events.filter((event) => repeats.get(event)?.status !== 'error').filter(({ kind, status, severity }) => (kind === 'log' ? ['error', 'fatal'].includes(severity) || status === 'error' : kind !== 'turn' && status === 'error')); // prettier-ignore
  const paid = calls.filter(isPaid);
  const start = Math.min(...events.map(startOf));
  const modelCalls = events.filter(({ kind }) => ['llm', 'embedding', 'rerank'].includes(kind));
  return {
    turn_id: turnId,
    revision: events.length,
    session_id: said((event) => event.session_id),
    user_id: said((event) => event.user_id),
    ts: new Date(start).toISOString(),
    duration_ms:
      root?.duration_ms ??
      Math.round((Math.max(...events.filter(({ kind }) => kind !== 'log').map(endOf), start) - start) * 1_000) / 1_000,
    has_root: root !== undefined,
    status: root?.status ?? 'unset',
    outcome: outcomeOf(events.map(outcomeFactsOf).reduce(joinOutcomeFacts, NO_OUTCOME)).outcome,
    service_name: said((event) => (event.service_name === 'unknown_service' ? '' : event.service_name)) || 'unknown_service',
    agents: distinct(events.map((event) => event.agent_name)).slice(0, 16),
    models: distinct(modelCalls.map((call) => call.response_model || call.request_model)).slice(0, 16),
    tools: distinct(events.map((event) => event.tool_name)).slice(0, 32),
    calls: countBy(calls.map(({ kind }) => kind)),
    errors: countBy(failed.map(({ kind }) => kind)),
    cost_nano_usd: sumOf(paid.map((call) => call.cost_nano_usd)),
    unpriced_calls: paid.filter((call) => call.cost_nano_usd === null).length,
    max_context_tokens: paid.map((call) => tokensIn(call, INPUT_BUCKETS)).reduce<number | null>((most, one) => (one === null ? most : Math.max(most ?? 0, one)), null),
    ...(Object.fromEntries(USAGE_BUCKETS.map((bucket) => [bucket, sumOf(paid.map((call) => call[bucket]))])) as Pick<CountedTurn, (typeof USAGE_BUCKETS)[number]>),
  }; // prettier-ignore
}

/** The turns that are in these events, by turn. */
export function recountTurns(events: Iterable<EventRecord>): Map<string, CountedTurn> {
  const byTurn = new Map<string, Map<string, EventRecord>>();
  for (const event of events) {
    if (!isPart(event)) continue;
    const turnId = event.trace_id || event.id;
    byTurn.set(turnId, (byTurn.get(turnId) ?? new Map<string, EventRecord>()).set(event.id, event));
  }
  const turns = new Map<string, CountedTurn>();
  for (const [turnId, found] of byTurn) {
    const all = [...found.values()];
    if (rootOf(all) || all.some(({ kind }) => kind === 'llm')) turns.set(turnId, countTurn(turnId, all));
  }
  return turns;
}

const GAP_MS = 30 * MINUTE_MS;

function countSession(turns: readonly CountedTurn[], derived: boolean): CountedSession {
  const inOrder = [...turns].sort((a, b) => (`${a.ts}/${a.turn_id}` < `${b.ts}/${b.turn_id}` ? -1 : 1));
  const sumCounts = (of: (turn: CountedTurn) => Readonly<Record<string, number>>): Record<string, number> =>
    countBy(turns.flatMap((turn) => Object.entries(of(turn)).flatMap(([name, count]) => Array<string>(count).fill(name))));
  return {
    derived,
    turns: turns.length,
    events: turns.reduce((sum, { revision }) => sum + revision, 0),
    failed_turns: turns.filter(({ status }) => status === 'error').length,
    errors: Object.values(sumCounts(({ errors }) => errors)).reduce((sum, count) => sum + count, 0),
    started_at: inOrder[0]?.ts ?? '',
    calls: sumCounts(({ calls }) => calls),
    cost_nano_usd: sumOf(turns.map((turn) => turn.cost_nano_usd)),
    unpriced_calls: turns.reduce((sum, turn) => sum + turn.unpriced_calls, 0),
    user_id: inOrder.find((turn) => turn.user_id !== '')?.user_id ?? '',
    outcomes: countBy(turns.map(({ outcome }) => outcome)),
  };
}

/** The sessions that these turns make; those that no producer names are in order of user and start. */
export function recountSessions(turns: Iterable<CountedTurn>): CountedSession[] {
  const named = groupBy(turns, ({ session_id: session }) => session);
  const unnamed = (named.get('') ?? []).filter(({ user_id: user }) => user !== '');
  named.delete('');
  const users = groupBy(unnamed, ({ service_name: service, user_id: user }) => JSON.stringify([service, user]));
  const sessions = [...named.values()].map((list) => countSession(list, false));
  for (const list of users.values()) {
    let current: CountedTurn[] = [];
    let until = -Infinity;
    for (const turn of [...list].sort((a, b) => (a.ts < b.ts ? -1 : 1))) {
      if (current.length > 0 && Date.parse(turn.ts) > until + GAP_MS) {
        sessions.push(countSession(current, true));
        current = [];
      }
      current.push(turn);
      until = Math.max(until, Date.parse(turn.ts) + turn.duration_ms);
    }
    sessions.push(countSession(current, true));
  }
  return sessions;
}
