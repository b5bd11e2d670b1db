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
import { type CutKey, createBoundedKeys, type KeyLimits, type TouchedKey } from '@telltale/streaming';
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
type KeptTenant = FalseAlarmState & { readonly at: number };

/** What a task knows of its tenants and their services, within `limits`: the names of services are chosen by tenants. */
export interface FalseAlarmBudget {
  /** Begins a batch at its time. */
  begin(now: number): void;
  /** What a probability is worth among the tenant's series. */
  corrected(tenant: string, logP: number): number;
  /** Natural logarithm of the false deviations a day one of its series may have; `perDay` is the whole tenant's budget. */
  logAccepted(tenant: string, at: number, perDay: number): number;
  countEvaluation(tenant: string, logP: number): void;
  countActive(series: Series, at: number): void;
  discovered(tenant: string, at: number): void;
  /** A service says something at `start`. */
  sawService(tenant: string, service: string, start: number): void;
  lastOf(tenant: string, service: string): number;
  /** Whether something new in the service is worth a word; counts it if so. */
  takeNovelty(tenant: string, service: string, start: number): boolean;
  /** Writes what changed to the state; the keys that were over the limits. */
  flush(put: (key: string, value: string | null) => void): CutKey[];
  due(now: number): boolean;
}

const TENANT = 't/';
const SERVICE = 'v/';
const serviceKey = (tenant: string, service: string): string => SERVICE + JSON.stringify([tenant, service]);
const tenantOf = (key: string): string => String((JSON.parse(key.slice(SERVICE.length)) as unknown[])[0]);

export function createFalseAlarmBudget(
  tasks: number,
  limits: KeyLimits,
  restored: ReadonlyMap<string, Buffer>,
): FalseAlarmBudget {
  const states = new Map<string, FalseAlarmState>();
  const services = new Map<string, Service>();
  const changed = new Set<string>();
  const kept: TouchedKey[] = [];
  let now = 0;
  for (const [key, value] of restored) {
    if (key.startsWith(TENANT)) {
      const { at, ...state } = JSON.parse(value.toString()) as KeptTenant;
      states.set(key, state);
      kept.push({ tenant: key.slice(2), key, at });
    }
    if (key.startsWith(SERVICE)) {
      const service = JSON.parse(value.toString()) as Service;
      services.set(key, service);
      kept.push({ tenant: tenantOf(key), key, at: service.at });
    }
  }
  const bounded = createBoundedKeys(limits, kept);

  const stateOf = (tenant: string): FalseAlarmState => states.get(TENANT + tenant) ?? FALSE_ALARM_START;
  function touch(tenant: string, key: string): void {
    bounded.touch(tenant, key, now);
    changed.add(key);
  }
  function setState(tenant: string, state: FalseAlarmState): void {
    states.set(TENANT + tenant, state);
    touch(tenant, TENANT + tenant);
  }

  return {
    begin(time) {
      now = time;
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
      const key = serviceKey(tenant, service);
      const known = services.get(key);
      if (!known) services.set(key, { first: start, last: start, windows: 1, noveltyDay: 0, novelties: 0, at: now });
      else {
        known.last = Math.max(known.last, start);
        known.windows++;
        known.at = now;
      }
      touch(tenant, key);
    },
    lastOf: (tenant, service) => services.get(serviceKey(tenant, service))?.last ?? -Infinity,
    takeNovelty(tenant, service, start) {
      const known = services.get(serviceKey(tenant, service));
      if (!known || start - known.first < KNOWN_MS || known.windows < KNOWN_WINDOWS) return false;
      const day = Math.floor(start / DAY_MS);
      if (known.noveltyDay !== day) Object.assign(known, { noveltyDay: day, novelties: 0 });
      return ++known.novelties <= NOVELTIES_A_DAY;
    },
    flush(put) {
      const cut = bounded.cut(now);
      for (const { key } of cut) {
        states.delete(key);
        services.delete(key);
        changed.add(key);
      }
      for (const key of changed) {
        const state = states.get(key);
        const value = state ? ({ ...state, at: now } satisfies KeptTenant) : services.get(key);
        put(key, value ? JSON.stringify(value) : null);
      }
      changed.clear();
      return cut;
    },
    due: bounded.due,
  };
}
