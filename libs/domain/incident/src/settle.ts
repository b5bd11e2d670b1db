import { type IncidentRecord } from '@telltale/contracts';
import { isoTime, MINUTE_MS } from '@telltale/kernel';
import { type CallGraph } from './call-graph';
import { type Cause, isBetter, rankCauses, titleOf } from './cause';
import { figuresOf, type impactOf, isMoreSevere, severityOf } from './impact';
import { servicesBehind } from './relation';
import { type Impact, type IncidentChange, type OpenIncident, type TimelineEntry } from './state';

/** So long after its opening an incident takes the name of whichever cause ranks first: what comes in one minute comes in any order. */
const SETTLE_MS = MINUTE_MS;

const isSettling = ({ opened_at: openedAt }: IncidentRecord, now: number): boolean => now - Date.parse(openedAt) <= SETTLE_MS;

export interface SettleContext {
  readonly graph: CallGraph;
  readonly joinMs: number;
  readonly now: number;
  /** What the incident touched, with this cause. */
  readonly touched: (incident: OpenIncident, cause: Cause) => ReturnType<typeof impactOf>;
  readonly countUsers: (users: Impact['users']) => number;
}

/** The cause that an incident is named by: the first; once people have heard of one, only a better supported one, or where that one left. */
function causeOf({ record, members, fired }: OpenIncident, { graph, joinMs, now }: SettleContext): Cause | undefined {
  const ranked = rankCauses(members, graph, joinMs);
  const [first] = ranked;
  const current = ranked.find(({ members: of }) => of.some(({ id }) => id === record.cause_anomaly_id));
  if (!first || !current || !fired || isSettling(record, now)) return first;
  return isBetter(first, current, joinMs) ? first : current;
}

/** A title that people have heard of changes only with its cause, or where that turns out to be wider. */
function named(before: OpenIncident, cause: Cause, now: number): IncidentChange {
  const { record, fired, namedServices } = before;
  const isSame = cause.members.some(({ id }) => id === record.cause_anomaly_id);
  const isWider = cause.services.length > namedServices;
  if (fired && isSame && !isWider && !isSettling(record, now)) return { incident: before, entries: [] };
  const title = titleOf(cause);
  const { id: ref, summary, service } = cause.member;
  const entries: TimelineEntry[] =
    record.title === '' || title === record.title
      ? []
      : [{ kind: 'cause', at: now, text: `cause is now ${title}, before ${record.title}`, ref }];
  return {
    incident: {
      ...before,
      namedServices: cause.services.length,
      record: { ...record, title, cause_anomaly_id: ref, probable_cause: summary, service_name: service },
    },
    entries,
  };
}

function phased(before: OpenIncident, previous: OpenIncident | null, now: number): IncidentChange {
  const { record, members, mostOpen } = before;
  // What has just begun, or come back, is neither better nor worse.
  if (!previous) return { incident: before, entries: [] };
  const evidence = members.filter(({ isNovelty }) => !isNovelty);
  const open = evidence.filter(({ isOpen }) => isOpen);
  const worst = Math.max(0, ...open.map(({ score }) => score));
  const was = new Set(previous.members.map(({ id }) => id));
  const fresh = open.find(({ id }) => !was.has(id));
  const isLater = !isSettling(record, now);
  let [phase, reason] = [record.phase, record.phase_reason];
  if (isLater && fresh && (open.length > previous.mostOpen || fresh.score > previous.record.peak_score))
    [phase, reason] = ['worsening', `${fresh.phrase}, too`];
  else if (open.length > 0 && isMoreSevere(record.severity, previous.record.severity) && phase !== 'reopened')
    [phase, reason] = ['worsening', `it is ${record.severity} now`];
  else if (evidence.length === 0) return { incident: before, entries: [] };
  else if (open.length === 0) [phase, reason] = ['improving', 'all of its anomalies are over'];
  else if (2 * open.length <= mostOpen) [phase, reason] = ['improving', `${mostOpen - open.length} of ${mostOpen} anomalies are over`];
  else if (2 * worst <= record.peak_score) [phase, reason] = ['improving', 'the worst of its anomalies is over'];
  else if (phase === 'improving' && fresh) [phase, reason] = ['worsening', `${fresh.phrase} again`];
  if (phase === record.phase && reason === record.phase_reason) return { incident: before, entries: [] };
  const entries: TimelineEntry[] = phase === record.phase ? [] : [{ kind: 'phase', at: now, text: `${phase}: ${reason}` }];
  return { incident: { ...before, record: { ...record, phase, phase_reason: reason } }, entries };
} // prettier-ignore

/** Services whose anomalies it has; before any of them deviates by itself, those that what deviates over all of them is about. */
function servicesOf({ members }: OpenIncident, graph: CallGraph): string[] {
  const own = members.filter(({ wide }) => !wide).map(({ service }) => service);
  const all = own.length > 0 ? own : members.flatMap((member) => servicesBehind(member, graph));
  return [...new Set(all)].sort();
}

/** At the end of a batch: cause, title, figures, severity and phase of a behavior incident as its members have them. `previous`: as it was before the batch. */
export function settle(before: OpenIncident, previous: OpenIncident | null, context: SettleContext): IncidentChange {
  const { now, countUsers } = context;
  const cause = causeOf(before, context);
  if (!cause) return { incident: before, entries: [] };
  const name = named(before, cause, now);
  const impact = context.touched(before, cause);
  const users = countUsers(impact.users);
  const found = severityOf(impact, users, cause.members.some(({ isFailure }) => isFailure));
  const { record } = name.incident;
  const severity = isMoreSevere(found, record.severity) ? found : record.severity;
  const services = servicesOf(before, context.graph);
  const onset = before.members.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
  const withFigures: OpenIncident = {
    ...name.incident,
    impact,
    record: { ...record, ...figuresOf(impact, users), severity, services, onset_at: record.onset_at !== null && Date.parse(record.onset_at) <= onset ? record.onset_at : isoTime(onset) },
  };
  const phase = phased(withFigures, previous, now);
  const rose: TimelineEntry[] =
    previous && severity !== previous.record.severity ? [{ kind: 'severity', at: now, text: `${severity}, before ${previous.record.severity}` }] : [];
  return { incident: phase.incident, entries: [...name.entries, ...rose, ...phase.entries] };
} // prettier-ignore
