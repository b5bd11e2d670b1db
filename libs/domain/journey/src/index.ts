export { type Journey, journeyOf, signsOfEach } from './journey';
export { createRiskModel, FRICTION_BANDS, type RiskCell, riskCellOf, TURN_BANDS } from './risk';
export { FRICTION_SIGNS, FRICTION_WEIGHTS, isUnhelped } from './signs';
export { type JourneyStep, journeyStepOf } from './step';
