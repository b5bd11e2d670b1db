export { createMeasures, type MeasureOptions, type Measures, OTHER, seriesId, WINDOW_MS } from './measures';
export { mergeMeasures, type PartialMeasure } from './merge';
export { seriesOf, type SeriesValue } from './series-of-event';
export { createSketch, decodeSketch, encodeSketch, mergeSketch, RELATIVE_ACCURACY, type Sketch } from './sketch';
