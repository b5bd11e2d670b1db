import { type AnomalyRecord, type IncidentRecord } from '@telltale/contracts';
import { type ActiveDirective, MAX_FINDINGS, type VerbosityState } from './state';
import { boostRequestFromAnomaly, boostRequestFromIncident, type BoostRequest, covers } from './target';

/** An anomaly or an incident, as far as a boost can give evidence for it. */
export interface Finding {
  readonly id: string;
  readonly isOpen: boolean;
  isAbout(active: ActiveDirective): boolean;
}

const isWithin = ({ directive }: ActiveDirective, request: BoostRequest | null): boolean =>
  request !== null && covers(directive.target, request.target);

/** An anomaly is about a boost when all that it is about is in the target. */
export const findingFromAnomaly = (anomaly: AnomalyRecord): Finding => ({
  id: anomaly.id,
  isOpen: anomaly.state === 'open',
  isAbout: (active) => isWithin(active, boostRequestFromAnomaly(anomaly)),
});

/** So is an incident when one of its anomalies is, or, where it is about cost, the calls of models of its service are. */
export const findingFromIncident = (incident: IncidentRecord): Finding => ({
  id: incident.id,
  isOpen: incident.state === 'open',
  isAbout: (active) =>
    incident.kind === 'cost'
      ? isWithin(active, boostRequestFromIncident(incident))
      : [...(active.openFindings ?? []), ...(active.evidenceFor ?? [])].some((id) => incident.anomaly_ids.includes(id)),
});

/** Notes with each boost in force whether a finding about its target is open. */
export function noteFinding(state: VerbosityState, { id, isOpen, isAbout }: Finding): VerbosityState {
  const inForce = state.inForce.map((active): ActiveDirective => {
    const open = active.openFindings ?? [];
    if (open.includes(id)) return isOpen ? active : { ...active, openFindings: open.filter((other) => other !== id) };
    const isNew = isOpen && active.directive.class === 'boost' && open.length < MAX_FINDINGS && isAbout(active);
    return isNew ? { ...active, openFindings: [...open, id] } : active;
  });
  return inForce.every((active, i) => active === state.inForce[i]) ? state : { ...state, inForce };
}

/** What a boost is evidence for, once an SDK has reported records that it changed: all findings that are open. */
export const evidenceFor = ({ evidenceFor: before = [], openFindings = [] }: ActiveDirective): readonly string[] =>
  [...new Set([...before, ...openFindings])].slice(0, MAX_FINDINGS);
