import {
  addDiscovery,
  correctedLogP,
  countActive,
  countJudgement,
  FALSE_ALARM_START,
  type FalseAlarmRules,
  type FalseAlarmState,
  logAcceptedPerDay,
  PER_SERIES_DAY,
} from '@telltale/domain-baseline';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';
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
}

/** What a lane knows of its tenants and their services. */
export interface Tenants {
  /** What a probability is worth among the tenant's series. */
  corrected(tenant: string, logP: number): number;
  /** Natural logarithm of the false departures a day one of its series may have; `perDay` is the whole tenant's budget. */
  logAccepted(tenant: string, at: number, perDay: number): number;
  countJudgement(tenant: string, logP: number): void;
  countActive(series: Series, at: number): void;
  discovered(tenant: string, at: number): void;
  /** A service says something at `start`. */
  sawService(tenant: string, service: string, start: number): void;
  lastOf(tenant: string, service: string): number;
  /** Whether something new in the service is worth a word; counts it if so. */
  takeNovelty(tenant: string, service: string, start: number): boolean;
  flush(put: (key: string, value: string) => void): void;
}

const TENANT = 't/';
const SERVICE = 'v/';

export function createTenants(lanes: number, restored: ReadonlyMap<string, Buffer>): Tenants {
  const states = new Map<string, FalseAlarmState>();
  const services = new Map<string, Service>();
  const changed = new Set<string>();
  for (const [key, value] of restored) {
    if (key.startsWith(TENANT)) states.set(key.slice(2), JSON.parse(value.toString()) as FalseAlarmState);
    if (key.startsWith(SERVICE)) services.set(key.slice(2), JSON.parse(value.toString()) as Service);
  }

  const stateOf = (tenant: string): FalseAlarmState => states.get(tenant) ?? FALSE_ALARM_START;
  function setState(tenant: string, state: FalseAlarmState): void {
    states.set(tenant, state);
    changed.add(TENANT + tenant);
  }
  const serviceKey = (tenant: string, service: string): string => `${tenant}/${service}`;

  return {
    corrected: (tenant, logP) => correctedLogP(stateOf(tenant), logP),
    logAccepted(tenant, at, perDay) {
      // Series are spread over lanes by service, and lanes do not know of each other: each has its part of the budget.
      const rules: FalseAlarmRules = { perDay: perDay / lanes, perSeriesDay: PER_SERIES_DAY, reward: REWARD };
      return logAcceptedPerDay(stateOf(tenant), rules, at);
    },
    countJudgement: (tenant, logP) => setState(tenant, countJudgement(stateOf(tenant), logP)),
    countActive(series, at) {
      const hour = Math.floor(at / HOUR_MS);
      setState(series.tenant, countActive(stateOf(series.tenant), at, series.activeHour !== hour));
      series.activeHour = hour;
    },
    discovered: (tenant, at) => setState(tenant, addDiscovery(stateOf(tenant), at)),
    sawService(tenant, service, start) {
      const key = serviceKey(tenant, service);
      const known = services.get(key);
      if (!known) services.set(key, { first: start, last: start, windows: 1, noveltyDay: 0, novelties: 0 });
      else {
        known.last = Math.max(known.last, start);
        known.windows++;
      }
      changed.add(SERVICE + key);
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
      for (const key of changed) {
        const name = key.slice(2);
        put(key, JSON.stringify(key.startsWith(TENANT) ? stateOf(name) : services.get(name)));
      }
      changed.clear();
    },
  };
}
