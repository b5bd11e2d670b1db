export { addAnomaly } from './group-anomalies';
export { addBudgetAlert, isIncident } from './budget';
export * from './closing';
export { addCostSpike } from './cost';
export { silencedUntil, type Silence } from './silence';
export { hierarchyDepth } from './state';
export type { CostSpike, IncidentTransition, IncidentStep, Member, OpenIncident } from './state';
