import { type EdgesRecord } from '@telltale/contracts';
import { operationKey, type TurnSums } from '@telltale/domain-incident';
import { decodeUsers, encodeUsers, joinUsers, NO_USERS, type UserSketch } from '@telltale/domain-metrics';
import { HOUR_MS } from '@telltale/kernel';
import { type BatchState, createBoundedMap, type Form } from '@telltale/streaming';

const LIMITS = { perTenant: 240, perTask: 1_200, idleMs: 3 * HOUR_MS };
/** Of a minute: those that come first stay. */
const MAX_SERVICES = 100;
const MAX_OPERATIONS = 400;
const MAX_FINGERPRINTS = 32;

interface Sum {
  turns: number;
  badTurns: number;
  users: UserSketch;
}
interface ServiceSum extends Sum {
  costNano: number;
  readonly fingerprints: Map<string, number>;
}
interface Minute extends TurnSums {
  readonly operations: Map<string, Sum>;
  readonly services: Map<string, ServiceSum>;
}

type Written = readonly [
  operations: readonly (readonly [string, number, number, string])[],
  services: readonly (readonly [string, number, number, string, number, readonly (readonly [string, number])[]])[],
];

const FORM: Form<{ readonly at: number; readonly value: Minute }> = {
  encode: ({ at, value: { operations, services } }) => {
    const written: Written = [
      [...operations].map(([key, { turns, badTurns, users }]) => [key, turns, badTurns, encodeUsers(users)] as const),
      [...services].map(([key, { turns, badTurns, users, costNano, fingerprints }]) => [key, turns, badTurns, encodeUsers(users), costNano, [...fingerprints]] as const),
    ];
    return JSON.stringify([at, written]);
  },
  decode: (bytes) => {
    const [at, [operations, services]] = JSON.parse(bytes.toString('utf8')) as [number, Written];
    return {
      at,
      value: {
        operations: new Map(operations.map(([key, turns, badTurns, users]) => [key, { turns, badTurns, users: decodeUsers(users) }])),
        services: new Map(services.map(([key, turns, badTurns, users, costNano, fingerprints]) => [key, { turns, badTurns, users: decodeUsers(users), costNano, fingerprints: new Map(fingerprints) }])),
      },
    };
  },
}; // prettier-ignore

export interface BadTurns {
  readonly turns: number;
  /** ms since the epoch; Infinity where there is none. */
  readonly firstAt: number;
}

/** What turns of a tenant called and how they ended, by minute of their start, over the last hours. Counts `turn_minutes_*` where some had to go. */
export interface TurnMinutes extends BatchState {
  /** Adds a record; answers what it holds by itself. */
  add(record: EdgesRecord): TurnSums;
  /** Minutes that start in [from, to), in order. */
  between(tenant: string, from: number, to: number): TurnSums[];
  /** Turns of a service that ended badly with an error, from a moment on, and the minute of the first of them. */
  badTurnsWith(tenant: string, service: string, fingerprint: string, from: number): BadTurns;
}

function addTo(minute: Minute, record: EdgesRecord): Minute {
  for (const { service, operation, turns, bad_turns: badTurns, users } of record.operations) {
    const key = operationKey(service, operation);
    const sum = minute.operations.get(key) ?? { turns: 0, badTurns: 0, users: NO_USERS };
    if (!minute.operations.has(key) && minute.operations.size >= MAX_OPERATIONS) continue;
    minute.operations.set(key, { turns: sum.turns + turns, badTurns: sum.badTurns + badTurns, users: joinUsers(sum.users, decodeUsers(users)) });
  }
  for (const { service, turns, bad_turns: badTurns, users, cost_nano_usd: costNano, fingerprints } of record.services) {
    const sum = minute.services.get(service) ?? { turns: 0, badTurns: 0, users: NO_USERS, costNano: 0, fingerprints: new Map<string, number>() };
    if (!minute.services.has(service) && minute.services.size >= MAX_SERVICES) continue;
    minute.services.set(service, sum);
    sum.turns += turns;
    sum.badTurns += badTurns;
    sum.users = joinUsers(sum.users, decodeUsers(users));
    sum.costNano += costNano;
    for (const { fingerprint, bad_turns: of } of fingerprints)
      if (sum.fingerprints.has(fingerprint) || sum.fingerprints.size < MAX_FINGERPRINTS)
        sum.fingerprints.set(fingerprint, (sum.fingerprints.get(fingerprint) ?? 0) + of);
  }
  return minute;
} // prettier-ignore
const noTurns = (): Minute => ({ operations: new Map(), services: new Map() });

/** State: `minutes/<tenant>/<minute>`. */
export function createTurnMinutes(restored: ReadonlyMap<string, Buffer>): TurnMinutes {
  const kept = createBoundedMap<Minute>(restored, { prefix: 'minutes/', name: 'turn_minutes', limits: LIMITS, form: FORM });
  const within = (tenant: string, from: number, to: number): (readonly [at: number, sums: Minute])[] =>
    kept.ofTenant(tenant).flatMap(([minute, sums]) => {
      const at = Date.parse(minute);
      return at >= from && at < to ? [[at, sums] as const] : [];
    });

  return {
    ...kept,
    add(record) {
      kept.set(record.tenant, record.minute, addTo(kept.get(record.tenant, record.minute) ?? noTurns(), record));
      return addTo(noTurns(), record);
    },
    between: (tenant, from, to) => within(tenant, from, to).map(([, sums]) => sums),
    badTurnsWith(tenant, service, fingerprint, from) {
      let [turns, firstAt] = [0, Infinity];
      for (const [at, { services }] of within(tenant, from, Infinity)) {
        const bad = services.get(service)?.fingerprints.get(fingerprint) ?? 0;
        if (bad > 0) firstAt = Math.min(firstAt, at);
        turns += bad;
      }
      return { turns, firstAt };
    },
  };
}
