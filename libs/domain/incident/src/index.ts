export { addAnomaly } from './behaviour';
export * from './closing';
export { addCostSign } from './cost';
export type { CostSign, IncidentEdge, IncidentStep, Member, OpenIncident } from './state';
