import {
  addDiscovery,
  correctedLogP,
  countActive,
  countEvaluation,
  FALSE_ALARM_START,
  type FalseAlarmRules,
  type FalseAlarmState,
  logAcceptedPerDay,
  PER_SERIES_DAY,
} from '@telltale/domain-detector';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import {
  type BatchState,
  countCuts,
  createBoundedKeys,
  createStateCodec,
  createStateSection,
  type KeyLimits,
} from '@telltale/streaming';
import { type Series } from './series';

/** Share of false ones among the anomalies that discoveries may add. */
const REWARD = 0.1;
/** A service must be known this long, and have been seen this often, before something in it is new. */
const KNOWN_MS = 6 * HOUR_MS;
const KNOWN_WINDOWS = 500;
const NOVELTIES_A_DAY = 10;

interface Service {
  readonly first: number;
  last: number;
  windows: number;
  noveltyDay: number;
  novelties: number;
  /** Batch time of the last window. */
  at: number;
}
/** `at`: batch time of the last change. */
type KeptTenant = FalseAlarmState & { readonly at: number };

/** What a task knows of its tenants and their services, within `limits`: the names of services are chosen by tenants. */
export interface FalseAlarmBudget extends BatchState {
  /** What a probability is worth among the tenant's series. */
  corrected(tenant: string, logP: number): number;
  /** Natural logarithm of the false deviations a day one of its series may have; `perDay` is the whole tenant's budget. */
  logAccepted(tenant: string, at: number, perDay: number): number;
  countEvaluation(tenant: string, logP: number): void;
  countActive(series: Series, at: number): void;
  discovered(tenant: string, at: number): void;
  /** A window of the service that starts at `start` was scored. */
  sawService(tenant: string, service: string, start: number): void;
  lastOf(tenant: string, service: string): number;
  /** Whether something new in the service is worth a word; counts it if so. */
  takeNovelty(tenant: string, service: string, start: number): boolean;
}

/** Names are tenants. */
const TENANTS = createStateSection('t/', createStateCodec<KeptTenant>(1));
/** Names are tenant and service, as JSON. */
const SERVICES = createStateSection('v/', createStateCodec<Service>(1));
const serviceKey = (tenant: string, service: string): string => JSON.stringify([tenant, service]);
const tenantOf = (key: string): string => String((JSON.parse(key) as unknown[])[0]);

export function createFalseAlarmBudget(
  tasks: number,
  limits: KeyLimits,
  restored: ReadonlyMap<string, Buffer>,
): FalseAlarmBudget {
  const states = new Map(TENANTS.restore(restored));
  const services = new Map(SERVICES.restore(restored));
  const changedTenants = new Set<string>();
  const changedServices = new Set<string>();
  /** Keys of the services of this batch, by tenant and service: to look one up is a quarter of the work of making it. */
  const keys = new Map<string, Map<string, string>>();
  let now = 0;
  // Keys of both kinds in one order: a service is a JSON list, a tenant is not.
  const bounded = createBoundedKeys(limits, [
    ...[...states].map(([tenant, { at }]) => ({ tenant, key: tenant, at })),
    ...[...services].map(([key, { at }]) => ({ tenant: tenantOf(key), key, at })),
  ]);

  function keyOf(tenant: string, service: string): string {
    let own = keys.get(tenant);
    if (!own) keys.set(tenant, (own = new Map()));
    let key = own.get(service);
    if (key === undefined) own.set(service, (key = serviceKey(tenant, service)));
    return key;
  }

  const stateOf = (tenant: string): FalseAlarmState => states.get(tenant) ?? FALSE_ALARM_START;
  function setState(tenant: string, state: FalseAlarmState & { readonly at?: number }): void {
    states.set(tenant, state.at === now ? (state as KeptTenant) : { ...state, at: now });
    bounded.touch(tenant, tenant, now);
    changedTenants.add(tenant);
  }

  return {
    startBatch(time) {
      now = time;
      keys.clear();
    },
    corrected: (tenant, logP) => correctedLogP(stateOf(tenant), logP),
    logAccepted(tenant, at, perDay) {
      // Series are spread over tasks by service, and tasks do not know of each other: each has its part of the budget.
      const rules: FalseAlarmRules = { perDay: perDay / tasks, perSeriesDay: PER_SERIES_DAY, reward: REWARD };
      return logAcceptedPerDay(stateOf(tenant), rules, at);
    },
    countEvaluation: (tenant, logP) => setState(tenant, countEvaluation(stateOf(tenant), logP)),
    countActive(series, at) {
      const hour = Math.floor(at / HOUR_MS);
      setState(series.tenant, countActive(stateOf(series.tenant), at, series.activeHour !== hour));
      series.activeHour = hour;
    },
    discovered: (tenant, at) => setState(tenant, addDiscovery(stateOf(tenant), at)),
    sawService(tenant, service, start) {
      const key = keyOf(tenant, service);
      const known = services.get(key);
      if (!known) services.set(key, { first: start, last: start, windows: 1, noveltyDay: 0, novelties: 0, at: now });
      else {
        known.last = Math.max(known.last, start);
        known.windows++;
        known.at = now;
      }
      bounded.touch(tenant, key, now);
      changedServices.add(key);
    },
    lastOf: (tenant, service) => services.get(keyOf(tenant, service))?.last ?? -Infinity,
    takeNovelty(tenant, service, start) {
      const known = services.get(keyOf(tenant, service));
      if (!known || start - known.first < KNOWN_MS || known.windows < KNOWN_WINDOWS) return false;
      const day = Math.floor(start / DAY_MS);
      if (known.noveltyDay !== day) Object.assign(known, { noveltyDay: day, novelties: 0 });
      return ++known.novelties <= NOVELTIES_A_DAY;
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        if (states.delete(key)) changedTenants.add(key);
        if (services.delete(key)) changedServices.add(key);
      }
      for (const tenant of changedTenants) TENANTS.put(effects, tenant, states.get(tenant) ?? null);
      for (const key of changedServices) SERVICES.put(effects, key, services.get(key) ?? null);
      changedTenants.clear();
      changedServices.clear();
      countCuts('services', cut, effects.count);
    },
    due: bounded.due,
  };
}
