import { type AlertRecord, type IncidentEventRow, type IncidentRecord, TOPICS } from '@telltale/contracts';
import {
  addImpact,
  type AlertAddress,
  type CallGraph,
  type Cause,
  fire,
  type Impact,
  impactOf,
  isToFire,
  type OpenIncident,
  resolve,
  scopeOf,
  settle,
  type TimelineEntry,
  type TurnSums,
} from '@telltale/domain-incident';
import { countUsers, joinUsers } from '@telltale/domain-metrics';
import { hashId, HOUR_MS, isoTime, MINUTE_MS, windowStart } from '@telltale/kernel';
import { type Effects } from '@telltale/streaming';
import { type Touched } from './batch-changes';
import { type OpenIncidents } from './state/open-incidents';
import { DEPLOY_BEFORE_MS, type SeenDeploys } from './state/seen-deploys';
import { type SilencedAlerts } from './state/silenced-alerts';
import { type TurnMinutes } from './state/turn-minutes';

/** Figures alone are written so seldom. */
const FIGURES_EVERY_MS = MINUTE_MS;
const FIGURES: readonly (keyof IncidentRecord)[] = ['turns_touched', 'bad_turns', 'users_touched', 'cost_nano_usd', 'updated_at'];

export interface PublishOptions {
  readonly open: OpenIncidents;
  readonly silencedAlerts: SilencedAlerts;
  readonly minutes: Pick<TurnMinutes, 'between'>;
  readonly deploys: Pick<SeenDeploys, 'near'>;
  readonly graphOf: (tenant: string) => CallGraph;
  readonly joinMs: number;
  readonly address: AlertAddress;
  /** One that was resolved may come back. */
  readonly onResolved: (key: string, incident: OpenIncident) => void;
}

const onsetOf = ({ members, record }: OpenIncident): number =>
  members.reduce((least, { startedAt }) => Math.min(least, startedAt), Date.parse(record.onset_at ?? record.opened_at));
const withoutFigures = (record: IncidentRecord): string =>
  JSON.stringify({ ...record, ...Object.fromEntries(FIGURES.map((name) => [name, 0])) });
const isSameScope = (impact: Impact, scope: readonly string[], since: number): boolean =>
  impact.since === since && impact.scope.length === scope.length && impact.scope.every((one, i) => one === scope[i]);

/** Writes what incidents have become: records, rows, timeline and alerts. */
export function createPublisher({ open, silencedAlerts, minutes, deploys, graphOf, joinMs, address, onResolved }: PublishOptions) {
  let now = 0;

  /** Turns of the cause since the onset: as counted so far, or counted again where it is another cause. */
  function touched(incident: OpenIncident, cause: Cause): Impact {
    const { tenant } = incident.record;
    const scope = scopeOf(cause, graphOf(tenant));
    const since = windowStart(onsetOf(incident), MINUTE_MS);
    if (isSameScope(incident.impact, scope, since)) return incident.impact;
    return impactOf({ scope, since }, minutes.between(tenant, since - HOUR_MS, since), minutes.between(tenant, since, Infinity), joinUsers);
  }

  function writeEntries({ record }: OpenIncident, entries: readonly TimelineEntry[], effects: Effects): void {
    entries.forEach(({ kind, text, at, ref = '', by = '' }, nth) => {
      const row: IncidentEventRow = { tenant: record.tenant, incident_id: record.id, id: hashId(20, record.id, kind, ref, at, now, nth, text), at: isoTime(at), kind, text, ref, by };
      effects.row('incident_events', JSON.stringify(row));
    });
  }

  function send(alert: AlertRecord, effects: Effects): TimelineEntry {
    const json = JSON.stringify(alert);
    effects.output(TOPICS.alerts, alert.tenant, json);
    effects.row('alerts', json);
    return { kind: 'alert', at: Date.parse(alert.at), text: `${alert.status}, ${alert.severity ?? ''}: ${alert.title}`, ref: alert.id };
  }

  /** Sends the firing alert of an open incident unless something holds it back. */
  function fireOf(key: string, incident: OpenIncident, isFresh: boolean, entries: TimelineEntry[], effects: Effects): OpenIncident {
    // One that a silence holds back is sent when that is over.
    if (!isToFire(incident) || (incident.fired === null && !isFresh)) return incident;
    const { silenced_until: until } = incident.record;
    const isHeld = silencedAlerts.hold(key, incident.record);
    // Who heard that it fires is to hear that it is over: only a first alert waits.
    if (isHeld && incident.fired !== null && !incident.fired.isResolved) silencedAlerts.drop(key);
    if (isHeld || (until !== null && Date.parse(until) > now)) {
      effects.count('alerts_silenced');
      return incident;
    }
    const { alert, fired } = fire(incident, now, address);
    entries.push(send(alert, effects));
    return { ...incident, fired };
  }

  function resolveOf(key: string, incident: OpenIncident, entries: TimelineEntry[], effects: Effects): OpenIncident {
    // Who never heard that it fires does not hear that it is over.
    const wasHeld = silencedAlerts.drop(key);
    const done = wasHeld ? null : resolve(incident, now, address);
    if (!done) return incident;
    entries.push(send(done.alert, effects));
    return { ...incident, fired: done.fired };
  }

  function deploysOf(incident: OpenIncident): TimelineEntry[] {
    const { tenant, services, service_name: service } = incident.record;
    const onset = onsetOf(incident);
    return deploys
      .near(tenant, new Set([...services, service]), onset - DEPLOY_BEFORE_MS, onset + joinMs)
      .map(({ id, at, text }) => ({ kind: 'deploy', at: Date.parse(at), text, ref: id }));
  }

  /** An incident of one anomaly's time is the same as before but for what only moves on. */
  function isUnchanged({ previous, entries }: Touched, { record }: OpenIncident): boolean {
    if (!previous || entries.length > 0 || withoutFigures(previous.record) !== withoutFigures(record)) return false;
    return now - Date.parse(previous.record.updated_at) < FIGURES_EVERY_MS || FIGURES.every((name) => name === 'updated_at' || previous.record[name] === record[name]);
  }

  function write(one: Touched, settled: OpenIncident, more: readonly TimelineEntry[], effects: Effects): void {
    const { key, previous } = one;
    const entries = [...one.entries, ...more, ...(previous === null ? deploysOf(settled) : [])];
    if (isUnchanged({ ...one, entries }, settled)) return open.add(key, { ...settled, record: previous?.record ?? settled.record });
    const isClosed = settled.record.state === 'closed';
    const { record } = settled;
    const dated = isClosed || record.backfill || previous === null ? settled : { ...settled, record: { ...record, updated_at: isoTime(now) } };
    const json = JSON.stringify(dated.record);
    effects.output(TOPICS.incidents, record.tenant, json);
    effects.row('incidents', json);
    effects.count(`incidents_${isClosed ? 'closed' : previous === null ? 'opened' : 'changed'}`);
    const after = isClosed ? resolveOf(key, dated, entries, effects) : fireOf(key, dated, previous === null, entries, effects);
    if (!isClosed) open.add(key, after);
    else if (record.merged_into === '' && record.kind === 'behavior' && record.anomaly_ids.length > 0) onResolved(key, after);
    writeEntries(after, entries, effects);
  }

  return {
    startBatch(time: number) {
      now = time;
    },
    publish(all: readonly Touched[], effects: Effects): void {
      for (const one of all) {
        const { incident, previous } = one;
        if (incident.record.kind !== 'behavior' || incident.record.merged_into !== '') {
          write(one, incident, [], effects);
          continue;
        }
        const { incident: settled, entries } = settle(incident, previous, { graph: graphOf(incident.record.tenant), joinMs, now, touched, countUsers });
        // What closed stays so, whatever its members are.
        const { phase, phase_reason } = incident.record;
        const isClosed = incident.record.state === 'closed';
        write(one, isClosed ? { ...settled, record: { ...settled.record, phase, phase_reason } } : settled, isClosed ? entries.filter(({ kind }) => kind !== 'phase') : entries, effects);
      }
    },
    /** Sends the alerts of incidents that are still open when the last silence about them is over. */
    sendReleased(effects: Effects): void {
      for (const record of silencedAlerts.takeReleased()) {
        const key = open.ofTenant(record.tenant).find((one) => open.get(one)?.record.id === record.id);
        const incident = key === undefined ? null : open.get(key);
        if (key === undefined || !incident) continue;
        const entries: TimelineEntry[] = [];
        // What was held back has not fired, whatever fired before it came back.
        const unheard = { ...incident, fired: incident.fired?.isResolved ? incident.fired : null };
        open.add(key, fireOf(key, unheard, true, entries, effects));
        writeEntries(incident, entries, effects);
      }
    },
    /** Turns that came add to what incidents of their tenant touched. */
    addTurns(incident: OpenIncident, minute: number, sums: TurnSums): OpenIncident {
      const { impact } = incident;
      if (impact.scope.length === 0 || minute < impact.since) return incident;
      const next = addImpact(impact, sums, joinUsers);
      return next === impact ? incident : { ...incident, impact: next };
    },
  };
} // prettier-ignore
