export { type Change, CHANGE_KINDS, type ChangeKind, type WeighedChange, weighChanges } from './changes';
export { type Cause, diagnose, type Diagnosis, type RuledOut, withOperation } from './diagnose';
export { type CallEdge, type Component, localize, type Moved, reachedFrom, type Window } from './localize';
export { type Bucket, findOnset } from './onset';
export { MAX_VALUES, screenValues } from './screen';
export { type Counts, type Lift } from './statistics';
export { type Dimension, DIMENSIONS, isDimension, type Pattern, type Value, type ValueCounts } from './values';
export { CONFIDENCE_MODEL, confidenceOf, featuresOf } from './confidence';
export { newValues, type SeenValue } from './new-values';
