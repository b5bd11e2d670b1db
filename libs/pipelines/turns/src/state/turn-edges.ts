import { EDGE_LIMITS, type EdgesRecord, TOPICS, type TurnRecord } from '@telltale/contracts';
import {
  decodeUsers,
  encodeUsers,
  isUnhelped,
  joinUsers,
  NO_USERS,
  sketchOfUser,
  type UserSketch,
} from '@telltale/domain-metrics';
import { callsOfTurn, type TurnState } from '@telltale/domain-turn';
import { isoTime, MINUTE_MS, SECOND_MS, windowStart } from '@telltale/kernel';
import { type BatchState, createHeldBatches, type Effects } from '@telltale/streaming';

const PUBLISH_EVERY_MS = 10 * SECOND_MS;
/** So many minutes of tenants do not wait: a bound of memory. */
const MOST_MINUTES = 1_000;
const MAX_TEXT = 200;

type Service = EdgesRecord['services'][number];
type Operation = EdgesRecord['operations'][number];
type Edge = EdgesRecord['edges'][number];

interface ServiceSum extends Omit<Service, 'users' | 'fingerprints' | 'versions' | 'prompt_versions' | 'flags'> {
  users: UserSketch;
  readonly fingerprints: Map<string, number>;
  readonly versions: Set<string>;
  readonly prompts: Set<string>;
  readonly flags: Set<string>;
}
interface OperationSum extends Omit<Operation, 'users'> {
  users: UserSketch;
}
interface Minute {
  readonly services: Map<string, ServiceSum>;
  readonly operations: Map<string, OperationSum>;
  readonly edges: Map<string, Edge>;
}

type Minutes = Map<string, Map<number, Minute>>;

const cut = (text: string): string => text.slice(0, MAX_TEXT);
const plus = <T>(of: Map<string, T>, key: string, none: T, add: (before: T) => T): void =>
  void of.set(key, add(of.get(key) ?? none));

function addService(services: Minute['services'], one: Omit<Service, 'users'> & { readonly users: UserSketch }): void {
  const sum = services.get(one.service) ?? {
    service: one.service, turns: 0, bad_turns: 0, users: NO_USERS, cost_nano_usd: 0, fingerprints: new Map<string, number>(), versions: new Set<string>(), prompts: new Set<string>(), flags: new Set<string>(),
  }; // prettier-ignore
  services.set(one.service, sum);
  sum.turns += one.turns;
  sum.bad_turns += one.bad_turns;
  sum.users = joinUsers(sum.users, one.users);
  sum.cost_nano_usd += one.cost_nano_usd;
  for (const { fingerprint, bad_turns: turns } of one.fingerprints)
    plus(sum.fingerprints, fingerprint, 0, (before) => before + turns);
  one.versions.forEach((version) => sum.versions.add(version));
  one.prompt_versions.forEach((prompt) => sum.prompts.add(prompt));
  one.flags.forEach((flag) => sum.flags.add(flag));
}

const addOperation = (operations: Minute['operations'], one: OperationSum): void =>
  plus(operations, `${one.service}\u0000${one.operation}`, { ...one, turns: 0, bad_turns: 0, users: NO_USERS }, (before) => ({
    ...before,
    turns: before.turns + one.turns,
    bad_turns: before.bad_turns + one.bad_turns,
    users: joinUsers(before.users, one.users),
  }));

const addEdge = (edges: Minute['edges'], one: Edge): void =>
  plus(
    edges,
    [one.service, one.caller, one.callee_service, one.callee].join('\u0000'),
    { ...one, calls: 0, errors: 0 },
    (before) => ({
      ...before,
      calls: before.calls + one.calls,
      errors: before.errors + one.errors,
    }),
  );

function addTurn({ services, operations, edges }: Minute, turn: TurnRecord, events: TurnState): void {
  const { service_name: service, sampling_weight: weight } = turn;
  const isBad = isUnhelped(turn) || turn.status === 'error';
  const bad = isBad ? weight : 0;
  const users = sketchOfUser(turn.user_id);
  const version = turn.service_version || turn.release;
  addService(services, {
    service,
    turns: weight,
    bad_turns: bad,
    users,
    cost_nano_usd: Math.round((turn.cost_nano_usd ?? 0) * weight),
    fingerprints: isBad ? turn.error_fingerprints.map((fingerprint) => ({ fingerprint, bad_turns: weight })) : [],
    versions: version === '' ? [] : [`${cut(version)}\t${cut(turn.deployment_environment)}`],
    prompt_versions: turn.prompt_versions.map(cut),
    flags: Object.entries(turn.feature_flags).map(([name, value]) => cut(`${name}=${value}`)),
  });
  const found = callsOfTurn(events, service);
  for (const one of found.operations) addOperation(operations, { ...one, turns: weight, bad_turns: bad, users });
  for (const { calleeService, calls, errors, ...call } of found.calls)
    addEdge(edges, { ...call, callee_service: calleeService, calls: calls * weight, errors: errors * weight });
}

function addRecord({ services, operations, edges }: Minute, record: EdgesRecord): void {
  for (const one of record.services) addService(services, { ...one, users: decodeUsers(one.users) });
  for (const one of record.operations) addOperation(operations, { ...one, users: decodeUsers(one.users) });
  for (const one of record.edges) addEdge(edges, one);
}

function minuteOf(minutes: Minutes, tenant: string, at: number): Minute {
  const ofTenant = minutes.get(tenant) ?? new Map<number, Minute>();
  minutes.set(tenant, ofTenant);
  const minute = ofTenant.get(at) ?? { services: new Map(), operations: new Map(), edges: new Map() };
  ofTenant.set(at, minute);
  return minute;
}

/** The `most` with the highest value, in order of key: the same whatever the order in which they came. */
const most = <T>(of: ReadonlyMap<string, T>, limit: number, value: (one: T) => number): [string, T][] =>
  [...of]
    .sort(([a, x], [b, y]) => value(y) - value(x) || (a < b ? -1 : 1))
    .slice(0, limit)
    .sort(([a], [b]) => (a < b ? -1 : 1));
const named = (of: ReadonlySet<string>): string[] => [...of].sort().slice(0, EDGE_LIMITS.changes);

function recordOf(tenant: string, minute: number, source: string, { services, operations, edges }: Minute): EdgesRecord {
  return {
    tenant,
    source,
    minute: isoTime(minute),
    services: most(services, EDGE_LIMITS.services, ({ turns }) => turns).map(([, { prompts, ...sum }]) => ({
      ...sum,
      users: encodeUsers(sum.users),
      fingerprints: most(sum.fingerprints, EDGE_LIMITS.fingerprints, (turns) => turns).map(([fingerprint, bad_turns]) => ({ fingerprint, bad_turns })),
      versions: named(sum.versions),
      prompt_versions: named(prompts),
      flags: named(sum.flags),
    })),
    operations: most(operations, EDGE_LIMITS.operations, ({ turns }) => turns).map(([, sum]) => ({ ...sum, users: encodeUsers(sum.users) })),
    edges: most(edges, EDGE_LIMITS.edges, ({ calls }) => calls).map(([, edge]) => edge),
  };
} // prettier-ignore

const recordsOf = (minutes: Minutes, source: string): EdgesRecord[] =>
  [...minutes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([tenant, ofTenant]) =>
      [...ofTenant].sort(([a], [b]) => a - b).map(([minute, sums]) => recordOf(tenant, minute, source, sums)),
    );

/** What turns called, by tenant and minute, until it is published. */
export interface TurnEdges extends BatchState {
  /** A turn that is written for the first time: its revisions do not count again. */
  add(turn: TurnRecord, events: TurnState): void;
  /** Ends a batch: publishes what there is, every ten seconds; else holds it in the state. */
  release(source: string, effects: Effects): void;
}

export function createTurnEdges(restored: ReadonlyMap<string, Buffer>): TurnEdges {
  const held = createHeldBatches<readonly EdgesRecord[]>(restored, PUBLISH_EVERY_MS, 'edges-');
  const minutes: Minutes = new Map();
  const ofBatch: Minutes = new Map();
  const keep = (record: EdgesRecord): void => addRecord(minuteOf(minutes, record.tenant, Date.parse(record.minute)), record);
  held.restored.flat().forEach(keep);

  return {
    ...held,
    add: (turn, events) => addTurn(minuteOf(ofBatch, turn.tenant, windowStart(Date.parse(turn.ts), MINUTE_MS)), turn, events),
    release(source, effects) {
      const batch = recordsOf(ofBatch, source);
      ofBatch.clear();
      batch.forEach(keep);
      if (minutes.size === 0) return;
      const size = [...minutes.values()].reduce((sum, ofTenant) => sum + ofTenant.size, 0);
      if (!held.isDue() && size < MOST_MINUTES) {
        if (batch.length > 0) held.hold(batch);
        return;
      }
      held.release();
      for (const record of recordsOf(minutes, source)) effects.output(TOPICS.edges, record.tenant, JSON.stringify(record));
      minutes.clear();
    },
  };
}
