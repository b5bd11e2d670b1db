export { createMeasures, createMeasuresOf, type MeasureOptions, type Measures, OTHER, seriesId } from './measures';
export { type PackedBatch, WINDOW_MS } from './partial-aggregates';
export { FLUSH_EVERY_MS, type Holding, releaseMeasures } from './release-measures';
export { type IsShared, seriesOf, type SeriesValue } from './series-of-event';
export { isUnhelped, seriesOfTurn } from './series-of-turn';
export { createSketch, encodeSketch, RELATIVE_ACCURACY, type Sketch } from './sketch';
export { countUsers, decodeUsers, encodeUsers, joinUsers, NO_USERS, sketchOfUser, type UserSketch } from './user-sketch';
