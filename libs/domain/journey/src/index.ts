export { type Journey, journeyOf } from './journey';
export { type JourneyStep, journeyStepOf } from './step';
export { FRICTION_SIGNS, FRICTION_WEIGHTS } from './signs';
