export { addBudgetAlert, isIncident } from './budget';
export { type CallGraph, TURN } from './call-graph';
export { closeNow, closesAt, closesAtEvent, isOver } from './closing';
export { type AlertAddress, fire, isToFire, resolve } from './alert';
export { addCostSpike } from './cost';
export { addMember, hasEvidence, leave, mergeInto, openWith, reopen } from './group-anomalies';
export { addImpact, impactOf, operationKey, scopeOf, type TurnSums } from './impact';
export { memberOf } from './member';
export { hierarchyDepth } from './phrase';
export { isRecovery, RECOVERY_MS, type Shift, shiftOf } from './recovery';
export { linkTo, servicesBehind } from './relation';
export { settle } from './settle';
export { silencedUntil, type Silence } from './silence';
export {
  type IncidentChange,
  type Impact,
  MAX_MEMBERS,
  type Member,
  NO_IMPACT,
  type OpenIncident,
  type TimelineEntry,
} from './state';
export { type Cause } from './cause';
