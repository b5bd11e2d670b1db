import {
  anomalyRecord,
  type AnomalyRecord,
  budgetAlertRecord,
  type BudgetAlertRecord,
  costRecord,
  type CostRecord,
  type DeployRow,
  detectorSettingRecord,
  type DetectorSettingRecord,
  edgesRecord,
  type EdgesRecord,
  TOPICS,
  triageRecord,
  type TriageRecord,
} from '@telltale/contracts';
import {
  addBudgetAlert,
  addCostSpike,
  type AlertAddress,
  closeNow,
  isIncident,
  isOver,
  type OpenIncident,
} from '@telltale/domain-incident';
import { isoTime } from '@telltale/kernel';
import {
  allOf,
  countCuts,
  createEffects,
  createTaskSettings,
  type LogRecord,
  madeOfSettings,
  readOrReject,
  type TaskProcessor,
  createBoundedMap,
} from '@telltale/streaming';
import { createBatchChanges } from './batch-changes';
import { deploysOfSettings } from './deploys-of-settings';
import { createJoinAnomalies, type JoinRules } from './join-anomalies';
import { createPublisher } from './publish-incidents';
import { createOpenIncidents, incidentKey } from './state/open-incidents';
import { createSeenDeploys, DEPLOY_BEFORE_MS } from './state/seen-deploys';
import { createSilencedAlerts } from './state/silenced-alerts';
import { createTenantCalls } from './state/tenant-calls';
import { createTenantClocks } from './state/tenant-clocks';
import { createTurnMinutes } from './state/turn-minutes';
import { triaged } from './take-triage';

export interface IncidentRules extends JoinRules, AlertAddress {
  /** Most open incidents of a tenant in a task. */
  readonly maxOpen: number;
}

const STEP = 'read_input';
/** What was done already: a record of triage that comes again does nothing. */
const DONE = { perTenant: 500, perTask: 5_000, idleMs: 24 * 3_600_000 };

/** One task of incidents: anomalies, edges of budgets, turns and triage in; incidents, their timeline and deploys out, and alerts unless a silence holds them back. */
export function createIncidentsTask(rules: IncidentRules, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  let effects = createEffects();
  let now = 0;
  const count = (what: string, by = 1): void => effects.count(what, by);
  const open = createOpenIncidents(restored, rules);
  const clocks = createTenantClocks(restored);
  const calls = createTenantCalls(restored);
  const minutes = createTurnMinutes(restored);
  const deploys = createSeenDeploys(restored);
  const done = createBoundedMap<true>(restored, { prefix: 'triage/', name: 'triage', limits: DONE });
  const settings = createTaskSettings(['silence'], restored);
  const silencedAlerts = createSilencedAlerts(restored, {
    silencesOf: madeOfSettings(settings, (tenant) => settings.of('silence', tenant).map(({ value }) => value)),
    recordOf: (key) => open.get(key)?.record,
  });
  const changes = createBatchChanges(open);
  const anomalies = createJoinAnomalies(restored, { rules, open, changes, graphOf: calls.of, badTurnsWith: minutes.badTurnsWith, count });
  const publisher = createPublisher({ open, silencedAlerts, minutes, deploys, graphOf: calls.of, joinMs: rules.joinMs, address: rules, onResolved: anomalies.resolved });
  const state = allOf(clocks, calls, minutes, deploys, done, anomalies, open, silencedAlerts);

  const reasonOf = ({ record: { kind } }: OpenIncident): string => (kind === 'behavior' ? 'all of its anomalies are over and it was quiet since' : 'it was quiet since');
  function closeQuiet(key: string): void {
    const incident = open.get(key);
    if (!incident || !isOver(incident, clocks.eventTimeOf(incident.record.tenant), now, rules.quietMs)) return;
    changes.apply(key, closeNow(incident, reasonOf(incident), now, rules.quietMs));
    // What opens in its place is another one.
    publisher.publish(changes.take(), effects);
  }

  /** Event time of a tenant has come to `at`: closes the backfill incidents that are over by then. */
  function moveClock(tenant: string, at: number): void {
    if (!clocks.moveTo(tenant, Math.min(at, now))) return;
    for (const key of open.dueAtEvent(tenant, Math.min(at, now))) closeQuiet(key);
  }

  function onAnomaly(anomaly: AnomalyRecord): void {
    const { tenant, backfill, started_at: from, ended_at: to } = anomaly;
    if (backfill && anomaly.state === 'open') moveClock(tenant, Date.parse(from));
    anomalies.add(anomaly);
    if (backfill && to !== null) moveClock(tenant, Date.parse(to));
  }

  /** An hour that costs several times the usual is an incident of its service; what befalls a budget is one of that budget. */
  function onBudgetAlert(alert: BudgetAlertRecord): void {
    const { tenant, budget, value, backfill, kind, dimension } = alert;
    if (!isIncident(alert)) return;
    if (kind !== 'hourly_spike') {
      // All turns that cost too much for a budget belong together, whichever value they are of.
      const service = JSON.stringify([budget, kind === 'turn_cost' ? null : value]);
      const key = incidentKey({ tenant, service, kind: 'budget', backfill });
      const change = addBudgetAlert(open.get(key), alert, now);
      if (change) changes.apply(key, change);
      return;
    }
    // The incident ends by itself once the next hour has passed.
    if (alert.state === 'resolved') return;
    const service = dimension === '' ? null : value;
    const key = incidentKey({ tenant, service: service ?? '', kind: service === null ? 'cost of all' : 'cost', backfill });
    const [totalNano, medianNano] = [alert.spent_nano_usd, alert.usual_nano_usd ?? 0];
    const hour = Date.parse(alert.period_start ?? alert.at);
    const spike = { tenant, service, backfill, hour, totalNano, medianNano, factor: totalNano / Math.max(medianNano, 1) };
    changes.apply(key, addCostSpike(open.get(key), spike, Date.parse(alert.event_time ?? alert.at), now));
  }

  /** Spend says how far the event time of a tenant has come; later prices of old calls do not. */
  function onCost({ tenant, watermark, correction }: Pick<CostRecord, 'tenant' | 'watermark' | 'correction'>): void {
    if (!correction) moveClock(tenant, Date.parse(watermark));
  }

  function addDeploy(deploy: DeployRow): void {
    effects.row('deploys', JSON.stringify(deploy));
    for (const key of open.ofTenant(deploy.tenant)) {
      const incident = open.get(key);
      const onset = incident && Date.parse(incident.record.onset_at ?? incident.record.opened_at);
      if (!incident || !onset || Math.abs(Date.parse(deploy.at) - onset) > DEPLOY_BEFORE_MS) continue;
      if (![...incident.record.services, incident.record.service_name].includes(deploy.service_name)) continue;
      changes.apply(key, { incident, entries: [{ kind: 'deploy', at: Date.parse(deploy.at), text: deploy.text, ref: deploy.id }] });
    }
  }

  function onEdges(record: EdgesRecord): void {
    const { tenant } = record;
    calls.add(record);
    const sums = minutes.add(record);
    for (const deploy of deploys.changesIn(record)) addDeploy(deploy);
    const errors = new Map(record.services.map(({ service, fingerprints }) => [service, new Set(fingerprints.map(({ fingerprint }) => `error ${fingerprint}`))]));
    for (const key of open.ofTenant(tenant)) {
      const incident = open.get(key);
      if (incident?.record.kind !== 'behavior') continue;
      const counted = publisher.addTurns(incident, Date.parse(record.minute), sums);
      // A new kind of error has no end of its own: its incident lasts while turns go wrong with it.
      const goesOn = incident.members.every(({ isNovelty, service, shared }) => isNovelty && errors.get(service)?.has(shared));
      if (counted !== incident || goesOn) changes.apply(key, { incident: goesOn ? { ...counted, lastActivityAt: now } : counted, entries: [] });
    }
  }

  function onTriage(triage: TriageRecord): void {
    const { tenant, id } = triage;
    if (done.get(tenant, id)) return;
    done.set(tenant, id, true);
    if (triage.type === 'deploy') {
      const { service_name, version, environment, kind, deployed_at: at, text } = triage;
      const deploy: DeployRow = { tenant, id, at, service_name, version, environment, source: 'api', kind, text };
      if (deploys.add(deploy)) addDeploy(deploy);
      return;
    }
    const key = open.ofTenant(tenant).find((one) => open.get(one)?.record.id === triage.incident_id);
    const incident = key === undefined ? null : open.get(key);
    if (key !== undefined && incident) return changes.apply(key, triaged(incident, triage, now, rules.quietMs));
    if (triage.type !== 'note') return count('triage_ignored');
    effects.row('incident_events', JSON.stringify({ tenant, incident_id: triage.incident_id, id, at: isoTime(Math.min(Date.parse(triage.at), now)), kind: 'triage', text: triage.note, ref: id, by: triage.by }));
  }

  function onLabel(setting: DetectorSettingRecord): void {
    if (setting.type !== 'label_anomaly' || setting.label === 'real') return;
    anomalies.retract(setting.tenant, setting.anomaly_id, `${setting.issued_by} labelled it ${setting.label.replace('_', ' ')}`);
  }

  const HANDLERS: Readonly<Record<string, (record: LogRecord) => string | undefined>> = {
    [TOPICS.anomalies.name]: (record) => {
      const anomaly = readOrReject(record, anomalyRecord, STEP, effects);
      if (anomaly) onAnomaly(anomaly);
      return anomaly?.tenant;
    },
    [TOPICS.budgets.name]: (record) => {
      const alert = readOrReject(record, budgetAlertRecord, STEP, effects);
      if (alert) onBudgetAlert(alert);
      return undefined;
    },
    [TOPICS.costs.name]: (record) => {
      const cost = readOrReject(record, costRecord, STEP, effects);
      if (cost) onCost(cost);
      return undefined;
    },
    [TOPICS.edges.name]: (record) => {
      const edges = readOrReject(record, edgesRecord, STEP, effects);
      if (edges) onEdges(edges);
      return edges?.tenant;
    },
    [TOPICS.triage.name]: (record) => {
      const triage = readOrReject(record, triageRecord, STEP, effects);
      if (triage) onTriage(triage);
      return undefined;
    },
    [TOPICS.detectorSettings.name]: (record) => {
      const setting = readOrReject(record, detectorSettingRecord, STEP, effects);
      if (setting) onLabel(setting);
      return undefined;
    },
  };

  function closeOverLimit(): void {
    const cut = open.overLimit();
    for (const { key } of cut) {
      const incident = open.get(key);
      if (incident) changes.apply(key, closeNow(incident, 'more incidents are open than may be', now, rules.quietMs));
    }
    countCuts('incidents', cut, effects.count);
  }

  return {
    process(records, { now: at }) {
      effects = createEffects();
      now = at;
      state.startBatch(now);
      publisher.startBatch(now);
      for (const deploy of deploysOfSettings(records)) if (deploys.add(deploy)) addDeploy(deploy);
      const rest = settings.take(records, effects);
      for (let key = open.nextDue(); key !== undefined; key = open.nextDue()) closeQuiet(key);
      const tenants = new Set<string>();
      for (const record of rest) {
        const tenant = HANDLERS[record.topic]?.(record);
        if (tenant !== undefined) tenants.add(tenant);
      }
      for (const tenant of [...tenants].sort()) anomalies.placeNovelties(tenant);
      closeOverLimit();
      publisher.publish(changes.take(), effects);
      publisher.sendReleased(effects);
      state.flush(effects);
      settings.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
} // prettier-ignore
