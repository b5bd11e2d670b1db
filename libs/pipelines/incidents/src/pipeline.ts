import {
  type AlertRecord,
  anomalyRecord,
  type AnomalyRecord,
  budgetAlertRecord,
  type BudgetAlertRecord,
  costRecord,
  type CostRecord,
  TOPICS,
} from '@telltale/contracts';
import {
  addAnomaly,
  addBudgetAlert,
  addCostSpike,
  alertOf,
  closeNow,
  isIncident,
  type IncidentStep,
  resolveIfInactive,
} from '@telltale/domain-incident';
import { isoTime } from '@telltale/kernel';
import { allOf, countCuts, createEffects, createTaskSettings, type Effects, madeOfSettings, readOrReject, type TaskProcessor } from '@telltale/streaming'; // prettier-ignore
import { createOpenIncidents, incidentKey } from './state/open-incidents';
import { createSilencedAlerts } from './state/silenced-alerts';
import { createTenantClocks } from './state/tenant-clocks';

export interface IncidentRules {
  readonly quietMs: number;
  /** Most open incidents of a tenant in a task. */
  readonly maxOpen: number;
}

const STEP = 'read_input';

/** One task of incidents: anomalies and edges of budgets in; incidents out, and alerts where one opens or resolves, unless a silence holds them back. */
export function createIncidentsTask(rules: IncidentRules, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const incidents = createOpenIncidents(restored, rules);
  const clocks = createTenantClocks(restored);
  const settings = createTaskSettings(['silence'], restored);
  const silencedAlerts = createSilencedAlerts(restored, {
    silencesOf: madeOfSettings(settings, (tenant) => settings.of('silence', tenant).map(({ value }) => value)),
    recordOf: (key) => incidents.get(key)?.record,
  });
  const state = allOf(clocks, incidents, silencedAlerts);

  function send(alert: AlertRecord, effects: Effects): void {
    const json = JSON.stringify(alert);
    effects.output(TOPICS.alerts, alert.tenant, json);
    effects.row('alerts', json);
  }

  /** Keeps what an incident has become, and publishes it where it changed for its readers. */
  function apply(key: string, { incident, record, transition }: IncidentStep, effects: Effects): void {
    if (incident === incidents.get(key)) return;
    if (incident) incidents.add(key, incident);
    else incidents.remove(key);
    if (!record || !transition) return;
    const json = JSON.stringify(record);
    effects.output(TOPICS.incidents, record.tenant, json);
    effects.row('incidents', json);
    effects.count(`incidents_${transition}`);
    const alert = alertOf(record, transition);
    if (!alert) return;
    if (alert.status === 'firing' && silencedAlerts.hold(key, record)) return effects.count('alerts_silenced');
    // Who never heard that it fires does not hear that it is over.
    if (alert.status === 'resolved' && silencedAlerts.drop(key)) return;
    send(alert, effects);
  }

  /** Sends the alerts of incidents that are still open when the last silence about them is over. */
  function sendReleased(now: number, effects: Effects): void {
    for (const record of silencedAlerts.takeReleased()) {
      const alert = alertOf(record, 'opened', isoTime(now));
      if (alert) send(alert, effects);
    }
  }

  function closeQuiet(key: string, now: number, effects: Effects): void {
    const incident = incidents.get(key);
    if (!incident) return;
    apply(key, resolveIfInactive(incident, clocks.eventTimeOf(incident.record.tenant), now, rules.quietMs), effects);
  }

  /** Event time of a tenant has come to `at`: closes the backfill incidents that are over by then. */
  function moveClock(tenant: string, at: number, now: number, effects: Effects): void {
    if (!clocks.moveTo(tenant, at)) return;
    for (const key of incidents.dueAtEvent(tenant, at)) closeQuiet(key, now, effects);
  }

  function onAnomaly(anomaly: AnomalyRecord, now: number, effects: Effects): void {
    const { tenant, dimensions, backfill, started_at, ended_at } = anomaly;
    if (backfill && anomaly.state === 'open') moveClock(tenant, Math.min(Date.parse(started_at), now), now, effects);
    const key = incidentKey({ tenant, service: dimensions['service_name'] ?? '', kind: 'behavior', backfill });
    // What deviates while it is being worked on is no incident.
    if (!anomaly.in_maintenance) apply(key, addAnomaly(incidents.get(key), anomaly, now), effects);
    if (backfill && ended_at !== null) moveClock(tenant, Math.min(Date.parse(ended_at), now), now, effects);
  }

  /** An hour that costs several times the usual is an incident of its service; what befalls a budget is one of that budget. */
  function onBudgetAlert(alert: BudgetAlertRecord, now: number, effects: Effects): void {
    const { tenant, budget, value, backfill, kind, dimension } = alert;
    if (!isIncident(alert)) return;
    if (kind !== 'hourly_spike') {
      // All turns that cost too much for a budget belong together, whichever value they are of.
      const service = JSON.stringify([budget, kind === 'turn_cost' ? null : value]);
      const key = incidentKey({ tenant, service, kind: 'budget', backfill });
      return apply(key, addBudgetAlert(incidents.get(key), alert, now), effects);
    }
    // The incident ends by itself once the next hour has passed.
    if (alert.state === 'resolved') return;
    const service = dimension === '' ? null : value;
    const key = incidentKey({ tenant, service: service ?? '', kind: service === null ? 'cost of all' : 'cost', backfill });
    const [totalNano, medianNano] = [alert.spent_nano_usd, alert.usual_nano_usd ?? 0];
    const hour = Date.parse(alert.period_start ?? alert.at);
    const spike = { tenant, service, backfill, hour, totalNano, medianNano, factor: totalNano / Math.max(medianNano, 1) };
    apply(key, addCostSpike(incidents.get(key), spike, Date.parse(alert.event_time ?? alert.at), now), effects);
  }

  /** Spend says how far the event time of a tenant has come; later prices of old calls do not. */
  function onCost(cost: Pick<CostRecord, 'tenant' | 'watermark' | 'correction'>, now: number, effects: Effects): void {
    if (!cost.correction) moveClock(cost.tenant, Math.min(Date.parse(cost.watermark), now), now, effects);
  }

  function closeOverLimit(now: number, effects: Effects): void {
    const cut = incidents.overLimit();
    for (const { key } of cut) {
      const incident = incidents.get(key);
      if (incident) apply(key, closeNow(incident, now, rules.quietMs), effects);
    }
    countCuts('incidents', cut, effects.count);
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      state.startBatch(now);
      const rest = settings.take(records, effects);
      for (let key = incidents.nextDue(); key !== undefined; key = incidents.nextDue()) closeQuiet(key, now, effects);
      for (const record of rest) {
        if (record.topic === TOPICS.anomalies.name) {
          const anomaly = readOrReject(record, anomalyRecord, STEP, effects);
          if (anomaly) onAnomaly(anomaly, now, effects);
        } else if (record.topic === TOPICS.budgets.name) {
          const alert = readOrReject(record, budgetAlertRecord, STEP, effects);
          if (alert) onBudgetAlert(alert, now, effects);
        } else {
          const cost = readOrReject(record, costRecord, STEP, effects);
          if (cost) onCost(cost, now, effects);
        }
      }
      closeOverLimit(now, effects);
      sendReleased(now, effects);
      state.flush(effects);
      settings.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
}
