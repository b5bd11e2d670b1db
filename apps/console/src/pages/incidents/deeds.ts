import { timeOf } from '../../format/times';
import { durationOf } from '../../format/numbers';
import { type IncidentAnswer } from './questions';

/** What somebody does with an incident, or with an anomaly of it. */
export type Deed =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'assign'; readonly owner: string }
  | { readonly kind: 'silence'; readonly forMs: number; readonly note: string }
  | { readonly kind: 'resolve'; readonly note: string }
  | { readonly kind: 'note'; readonly note: string }
  | { readonly kind: 'label'; readonly anomalyId: string; readonly label: Label; readonly forMs: number };
export type Label = 'expected' | 'false_positive' | 'real';

/** Ends a silence: one of no length. */
export const NO_TIME_MS = 1;
export const LABEL_NAMES: Readonly<Record<Label, string>> = {
  expected: 'expected',
  false_positive: 'a false positive',
  real: 'real',
};

/** What was done, in words. */
export function doneOf(deed: Deed): string {
  switch (deed.kind) {
    case 'acknowledge':
      return 'Acknowledged';
    case 'assign':
      return deed.owner === '' ? 'Nobody owns it any more' : `Assigned to ${deed.owner}`;
    case 'silence':
      return deed.forMs === NO_TIME_MS ? 'The silence is over: it alerts again' : `Silenced for ${durationOf(deed.forMs)}: it sends no firing alert until then`;
    case 'resolve':
      return 'Resolved. It opens again if its cause comes back within half an hour';
    case 'note':
      return 'The note is on the timeline';
    case 'label':
      return deed.label === 'real' ? 'Labelled real: its series alerts as usual' : `Labelled ${LABEL_NAMES[deed.label]}: its series alerts a tenth as often for ${durationOf(deed.forMs)}`;
  }
} // prettier-ignore

/** What takes it back, as far as it can be taken back; `before`: the incident as it was. */
export function undoOf(deed: Deed, { owner }: Pick<IncidentAnswer['incident'], 'owner'>): Deed | null {
  if (deed.kind === 'assign') return { kind: 'assign', owner };
  if (deed.kind === 'silence')
    return deed.forMs === NO_TIME_MS ? null : { kind: 'silence', forMs: NO_TIME_MS, note: 'taken back' };
  return deed.kind === 'label' && deed.label !== 'real' ? { ...deed, label: 'real' } : null;
}

type Seen = Pick<IncidentAnswer, 'incident' | 'timeline' | 'timeline_truncated'>;

/** The clock of this machine and that of the services may differ by so much; silences that are offered differ by more. */
const CLOCKS_MS = 5 * 60_000;

/** Whether the incident is as it was asked for. */
function isIn(deed: Deed, { incident }: Seen, sentAt: number): boolean {
  switch (deed.kind) {
    case 'acknowledge':
      return incident.acknowledged_at !== null;
    case 'assign':
      return incident.owner === deed.owner;
    case 'silence':
      return incident.silenced_until !== null && Math.abs(timeOf(incident.silenced_until) - sentAt - deed.forMs) < CLOCKS_MS;
    case 'resolve':
      return incident.state === 'closed';
    default:
      return true;
  }
}

/** Whether the services have taken it. `ref`: what the API answered of it. */
export function isTaken(deed: Deed, ref: string, seen: Seen, sentAt: number): boolean {
  // An incident that is over keeps its anomalies.
  if (deed.kind === 'label')
    return deed.label === 'real' || seen.incident.state === 'closed' || !seen.incident.anomaly_ids.includes(deed.anomalyId);
  // The timeline and the incident are written apart; of a timeline that is cut the newest entries are not there.
  return (seen.timeline_truncated || seen.timeline.some((entry) => entry.ref === ref)) && isIn(deed, seen, sentAt);
}
