export { addAnomaly } from './group-anomalies';
export * from './closing';
export { addCostSpike } from './cost';
export type { CostSpike, IncidentTransition, IncidentStep, Member, OpenIncident } from './state';
