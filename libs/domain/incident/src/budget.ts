import { type BudgetAlertRecord, type IncidentSeverity } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { isMoreSevere } from './impact';
import { FRESH, type IncidentChange, MAX_MEMBERS, type Member, NO_IMPACT, type OpenIncident } from './state';

/** What tells least comes last: the cause that an incident names is the worst of what still holds. */
const RANKS: Readonly<Record<BudgetAlertRecord['severity'], number>> = {
  hard: 4,
  fast: 3,
  slow: 2,
  warning: 1,
  soft: 0,
  ticket: 0,
};

/** Whether an edge of a budget is one to be called for: soft levels and slow leaks can wait for office hours. */
export const isIncident = ({ severity }: BudgetAlertRecord): boolean => RANKS[severity] > 0;

/** A limit that is passed is worse than one that will be. */
const SEVERITIES: Readonly<Record<BudgetAlertRecord['severity'], IncidentSeverity>> = {
  hard: 'critical',
  fast: 'warning',
  slow: 'warning',
  warning: 'info',
  soft: 'info',
  ticket: 'info',
};

function phraseOf({ kind, burn_rate: rate }: BudgetAlertRecord): string {
  if (kind === 'level') return 'its limit is passed';
  if (kind === 'burn_rate') return `it is used up ${Number((rate ?? 0).toPrecision(2))} times as fast as it lasts`;
  return kind === 'turn_cost' ? 'a turn costs more than it may' : 'too many calls have no known price';
}

const scoreOf = ({ burn_rate: rate, spent_nano_usd: spent, limit_nano_usd: limit, unpriced_share: share }: BudgetAlertRecord): number =>
  Number((rate ?? (limit ? spent / limit : (share ?? 0))).toPrecision(4)); // prettier-ignore

/** Of what holds, the worst; of what held, the last. */
const causeOf = (members: readonly Member[]): Member | undefined =>
  [...members].sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || a.depth - b.depth || b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1))[0]; // prettier-ignore

/** An edge of one budget, or of one value of it: opens an incident, joins the open one, or ends within it. */
export function addBudgetAlert(before: OpenIncident | null, alert: BudgetAlertRecord, now: number): IncidentChange | null {
  const { tenant, budget, value, alert_id: id, state, severity } = alert;
  const earlier = before?.members ?? [];
  const known = earlier.find((member) => member.id === id);
  if (state === 'resolved' && !known) return null;
  if (!known && before && earlier.length >= MAX_MEMBERS)
    return { incident: { ...before, lastActivityAt: now }, entries: [] };
  const score = scoreOf(alert);
  const member: Member = {
    id,
    // Money of a turn is spent: there is no end to wait for.
    isOpen: state === 'firing' && alert.kind !== 'turn_cost',
    startedAt: known?.startedAt ?? now,
    endedAt: now,
    score: Math.max(known?.score ?? 0, score),
    depth: RANKS.hard - RANKS[severity],
    summary: state === 'firing' ? alert.summary : (known?.summary ?? alert.summary),
    phrase: state === 'firing' ? phraseOf(alert) : (known?.phrase ?? phraseOf(alert)),
    seriesId: '',
    service: alert.service_name,
    operation: '',
    shared: '',
    provider: '',
    subject: '',
    parentId: '',
    isFailure: false,
    isNovelty: false,
    isNoise: false,
  };
  const members = known ? earlier.map((one) => (one.id === id ? member : one)) : [...earlier, member];
  const cause = causeOf(members);
  const divided = alert.dimension === '' ? '' : `, ${alert.dimension} ${value || '(none)'}`;
  const level = before && isMoreSevere(before.record.severity, SEVERITIES[severity]) ? before.record.severity : SEVERITIES[severity];
  const record = {
    ...(before?.record ?? FRESH),
    tenant,
    id: before?.record.id ?? hashId(24, tenant, 'budget', budget, value, id),
    state: 'open' as const,
    opened_at: before?.record.opened_at ?? isoTime(now),
    closed_at: null,
    updated_at: isoTime(now),
    title: `Budget ${budget}${divided}: ${cause?.phrase ?? ''}`,
    service_name: before?.record.service_name ?? alert.service_name,
    kind: 'cost' as const,
    anomaly_ids: [],
    open_anomalies: 0,
    probable_cause: cause?.summary.replace(/\.$/, '') ?? '',
    peak_score: Math.max(before?.record.peak_score ?? 0, member.score),
    backfill: false,
    severity: state === 'firing' ? level : (before?.record.severity ?? level),
    services: alert.service_name === '' ? [] : [alert.service_name],
    onset_at: before?.record.onset_at ?? isoTime(now),
  };
  const kept = before ?? { fired: null, impact: NO_IMPACT, mostOpen: 0, namedServices: 0, left: [] };
  const kind = before ? (state === 'firing' ? 'anomaly_joined' : 'anomaly_ended') : 'onset';
  return {
    incident: { ...kept, record, members, lastEvidenceAt: now, lastActivityAt: now, mostOpen: Math.max(kept.mostOpen, members.filter(({ isOpen }) => isOpen).length) },
    entries: [{ kind, at: now, text: state === 'firing' ? alert.summary : `over: ${member.summary}`, ref: id }],
  };
} // prettier-ignore
