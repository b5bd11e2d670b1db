export { createMeasures, createMeasuresOf, type MeasureOptions, type Measures, OTHER, seriesId, WINDOW_MS } from './measures';
export { seriesOf, type SeriesValue } from './series-of-event';
export { seriesOfTurn } from './series-of-turn';
export { createSketch, encodeSketch, RELATIVE_ACCURACY, type Sketch } from './sketch';
