import { anomalyRecord, type AnomalyRecord, costRecord, type CostRecord, TOPICS } from '@telltale/contracts';
import { addSpend, amendSpend, type SpikeRule, NO_SPEND, type SpendHistory } from '@telltale/domain-cost';
import {
  addAnomaly,
  addCostSpike,
  alertOf,
  resolveIfInactive,
  closeNow,
  closesAt,
  closesAtEvent,
  type IncidentStep,
  type OpenIncident,
} from '@telltale/domain-incident';
import { type TaskProcessor } from '@telltale/streaming';
import { DAY_MS } from '@telltale/kernel';
import { countCuts, createBoundedKeys, type TouchedKey } from '@telltale/streaming';
import { createTimerQueue } from '@telltale/streaming';
import { createEffects, type Effects } from '@telltale/streaming';
import { readRecord } from '@telltale/streaming';

export interface IncidentRules {
  readonly quietMs: number;
  readonly jump: SpikeRule;
  /** Most open incidents of a tenant in a task. */
  readonly maxOpen: number;
  /** Most services of a tenant whose spend is remembered in a task. */
  readonly maxServices: number;
}

const STEP = 'read_input';
const incidentKey = (tenant: string, service: string, kind: string, backfill: boolean): string =>
  `i/${JSON.stringify([tenant, service, kind, backfill])}`;
const spendKey = (tenant: string, service: string): string => `h/${JSON.stringify([tenant, service])}`;
/** How far the event time of a tenant's history has come. */
const clockKey = (tenant: string): string => `t/${tenant}`;
const tenantOf = (spendAt: string): string => String((JSON.parse(spendAt.slice(2)) as unknown[])[0]);

/** Spend this old is compared with nothing any more. */
const SPEND_IDLE_MS = 3 * DAY_MS;
/** An incident whose anomalies never end, for nothing comes that would end them. */
const INCIDENT_IDLE_MS = 7 * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;

/** State of a service, of which `at` is the batch time of the last change. */
type KeptSpend = SpendHistory & { readonly at: number };
type KeptClock = readonly [eventTime: number, at: number];

/**
 * One task of incidents: those that are open, spend by hour, and each tenant's event time. Services are named by tenants, so all of it is
 * bounded by tenant and removed when nothing touches it; an incident that has to go is closed.
 */
export function createIncidentsTask(rules: IncidentRules, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const open = new Map<string, OpenIncident>();
  const spend = new Map<string, SpendHistory>();
  const openKeys: TouchedKey[] = [];
  const spendKeys: TouchedKey[] = [];
  const clocks = new Map<string, number>();
  const closing = createTimerQueue(); // by range time
  const closingByEvent = new Map<string, Set<string>>(); // keys of backfill incidents, by tenant

  function watch(key: string, incident: OpenIncident): void {
    const at = closesAt(incident, rules.quietMs);
    if (at < Infinity) closing.add({ at, key });
    if (!incident.record.backfill) return;
    const { tenant } = incident.record;
    const keys = closingByEvent.get(tenant) ?? new Set();
    closingByEvent.set(tenant, keys.add(key));
  }

  for (const [key, value] of restored) {
    const text = value.toString();
    if (key.startsWith('h/')) {
      const { hours, at } = JSON.parse(text) as KeptSpend;
      spend.set(key, { hours });
      spendKeys.push({ tenant: tenantOf(key), key, at });
    } else if (key.startsWith('t/')) {
      const [eventTime, at] = JSON.parse(text) as KeptClock;
      clocks.set(key, eventTime);
      spendKeys.push({ tenant: key.slice(2), key, at });
    } else if (key.startsWith('i/')) {
      const incident = JSON.parse(text) as OpenIncident;
      open.set(key, incident);
      openKeys.push({ tenant: incident.record.tenant, key, at: incident.lastActivityAt });
      watch(key, incident);
    }
  }
  const limits = (perTenant: number, idleMs: number) => ({ perTenant, perTask: LARGEST_TENANTS * perTenant, idleMs });
  const boundedOpen = createBoundedKeys(limits(rules.maxOpen, INCIDENT_IDLE_MS), openKeys);
  const boundedSpend = createBoundedKeys(limits(rules.maxServices, SPEND_IDLE_MS), spendKeys);

  function take(key: string, { incident, record, transition }: IncidentStep, effects: Effects): void {
    const before = open.get(key);
    if (incident === (before ?? null)) return;
    if (incident) {
      open.set(key, incident);
      boundedOpen.touch(incident.record.tenant, key, incident.lastActivityAt);
      watch(key, incident);
    } else if (before) {
      const { tenant } = before.record;
      open.delete(key);
      boundedOpen.remove(tenant, key);
      const keys = closingByEvent.get(tenant);
      if (keys?.delete(key) && keys.size === 0) closingByEvent.delete(tenant);
    }
    effects.state(key, incident ? JSON.stringify(incident) : null);
    if (!record || !transition) return;
    const json = JSON.stringify(record);
    effects.output(TOPICS.incidents, record.tenant, json);
    effects.row('incidents', json);
    effects.count(`incidents_${transition}`);
    const alert = alertOf(record, transition);
    if (!alert) return;
    const alertJson = JSON.stringify(alert);
    effects.output(TOPICS.alerts, alert.tenant, alertJson);
    effects.row('alerts', alertJson);
  }

  function closeQuiet(key: string, now: number, effects: Effects): void {
    const incident = open.get(key);
    if (incident)
      take(key, resolveIfInactive(incident, clocks.get(clockKey(incident.record.tenant)) ?? 0, now, rules.quietMs), effects);
  }

  /** Event time of a tenant has come to `at`: closes the backfill incidents that are over by then. */
  function moveClock(tenant: string, at: number, now: number, effects: Effects): void {
    const key = clockKey(tenant);
    if (at <= (clocks.get(key) ?? 0)) return;
    clocks.set(key, at);
    boundedSpend.touch(tenant, key, now);
    effects.state(key, JSON.stringify([at, now] satisfies KeptClock));
    for (const incidentAt of [...(closingByEvent.get(tenant) ?? [])].sort()) {
      const incident = open.get(incidentAt);
      if (incident && closesAtEvent(incident, rules.quietMs) <= at) closeQuiet(incidentAt, now, effects);
    }
  }

  function onAnomaly(anomaly: AnomalyRecord, now: number, effects: Effects): void {
    const { tenant, dimensions, backfill, state, started_at, ended_at } = anomaly;
    if (backfill && state === 'open') moveClock(tenant, Math.min(Date.parse(started_at), now), now, effects);
    const key = incidentKey(tenant, dimensions['service_name'] ?? '', 'behavior', backfill);
    // What departs while it is being worked on is no incident.
    if (!anomaly.in_maintenance) take(key, addAnomaly(open.get(key) ?? null, anomaly, now), effects);
    if (backfill && ended_at !== null) moveClock(tenant, Math.min(Date.parse(ended_at), now), now, effects);
  }

  function onCost(cost: CostRecord, now: number, effects: Effects): void {
    const { tenant, service_name: service, backfill } = cost;
    const eventAt = Math.min(Date.parse(cost.watermark), now);
    const historyAt = spendKey(tenant, service);
    const before = spend.get(historyAt) ?? NO_SPEND;
    const hour = Date.parse(cost.hour);
    // A later price of old calls: what is usual changes, nothing happened, and no time went by.
    const { history, jump } = cost.correction
      ? { history: amendSpend(before, hour, cost.cost_nano_usd), jump: null }
      : addSpend(before, hour, cost.cost_nano_usd, rules.jump);
    spend.set(historyAt, history);
    boundedSpend.touch(tenant, historyAt, now);
    effects.state(historyAt, JSON.stringify({ ...history, at: now } satisfies KeptSpend));
    if (cost.correction) return;
    if (jump) {
      const key = incidentKey(tenant, service, 'cost', backfill);
      take(key, addCostSpike(open.get(key) ?? null, { tenant, service, backfill, ...jump }, eventAt, now), effects);
    }
    moveClock(tenant, eventAt, now, effects);
  }

  function cut(now: number, effects: Effects): void {
    const spent = boundedSpend.cut(now);
    for (const { key } of spent) {
      spend.delete(key);
      clocks.delete(key);
      effects.state(key, null);
    }
    countCuts('spend_histories', spent, effects.count);
    const closed = boundedOpen.cut(now);
    for (const { key } of closed) {
      const incident = open.get(key);
      if (incident) take(key, closeNow(incident, now, rules.quietMs), effects);
    }
    countCuts('incidents', closed, effects.count);
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      for (let due = closing.takeUntil(now); due; due = closing.takeUntil(now)) closeQuiet(due.key, now, effects);
      for (const record of records) {
        if (record.topic === TOPICS.anomalies.name) {
          const read = readRecord(record, anomalyRecord, STEP);
          if (read.kind === 'ok') onAnomaly(read.value, now, effects);
          else if (read.kind === 'rejected') effects.reject(read.rejection);
        } else {
          const read = readRecord(record, costRecord, STEP);
          if (read.kind === 'ok') onCost(read.value, now, effects);
          else if (read.kind === 'rejected') effects.reject(read.rejection);
        }
      }
      cut(now, effects);
      return effects.done();
    },
    due: (now) => (closing.peek()?.at ?? Infinity) <= now || boundedOpen.due(now) || boundedSpend.due(now),
  };
}
