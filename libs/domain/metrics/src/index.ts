export { createMeasures, type MeasureOptions, type Measures, OTHER, seriesId, WINDOW_MS } from './measures';
export { seriesOf, type SeriesValue } from './series-of-event';
export { createSketch, encodeSketch, RELATIVE_ACCURACY, type Sketch } from './sketch';
