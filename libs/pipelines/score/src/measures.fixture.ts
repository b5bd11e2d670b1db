import { DDSketch } from '@datadog/sketches-js';
import { type Measure, type MeasuresRecord, type NativeEvent, TOPICS } from '@telltale/contracts';
import { seriesId } from '@telltale/domain-metrics';
import { type LogRecord } from '@telltale/streaming';
import { isoTime, windowStart } from '@telltale/kernel';
import { newTestRecord } from '@telltale/streaming/testing';

/** A measure and where it comes from. */
export type TestMeasure = Measure & Omit<MeasuresRecord, 'measures'>;
type About = Partial<Pick<TestMeasure, 'tenant' | 'metric' | 'dimensions' | 'source'>>;

export const newTestMeasure = (
  windowAt: number,
  values: readonly number[],
  watermark: number,
  about: About = {},
  errors = 0,
): TestMeasure => {
  const {
    tenant = 'acme',
    metric = 'operation.duration',
    dimensions = { service_name: 'shop', kind: 'tool', name: 'search' },
    source = 'telltale.enricher/0',
  } = about;
  const sketch = new DDSketch({ relativeAccuracy: 0.01 });
  values.forEach((value) => sketch.accept(value));
  return {
    tenant,
    series_id: seriesId(tenant, metric, Object.entries(dimensions).flat()),
    metric,
    dimensions,
    window_start: isoTime(windowAt),
    count: values.length,
    sum: values.reduce((a, b) => a + b, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    errors,
    sketch: Buffer.from(sketch.toProto()).toString('base64'),
    source,
    watermark: isoTime(watermark),
  };
};

/** A record of nothing but this. */
export const measureOf = ({ source, watermark, ...measure }: TestMeasure): LogRecord =>
  newTestRecord(TOPICS.measures.name, { source, watermark, measures: [measure] }, null);

interface Said {
  readonly about: About;
  readonly at: number;
  readonly value: number;
  readonly isError: boolean;
}

/** What events say, as the enricher folds it: tool and turn durations only. */
function said(event: NativeEvent): Said[] {
  const at = Date.parse(String(event.ts));
  const { duration_ms: value, service_name } = event;
  if (value === undefined || !Number.isFinite(at)) return [];
  const isError = event.status === 'error';
  if (event.kind === 'turn') return [{ about: { metric: 'turn.duration', dimensions: { service_name } }, at, value, isError }];
  const name = event.tool?.name ?? event.name ?? '';
  return [{ about: { metric: 'operation.duration', dimensions: { service_name, kind: event.kind, name } }, at, value, isError }];
}

/** Measures of a batch of events, one a series and window; the watermark is the latest event time. */
export function foldEvents(events: readonly NativeEvent[], source: string, watermark: number): LogRecord[] {
  const groups = new Map<string, { about: About; start: number; values: number[]; errors: number }>();
  for (const { about, at, value, isError } of events.flatMap(said)) {
    const start = windowStart(at, 10_000);
    const key = JSON.stringify([about, start]);
    const group = groups.get(key) ?? { about, start, values: [], errors: 0 };
    groups.set(key, group);
    group.values.push(value);
    if (isError) group.errors++;
  }
  return [...groups.values()].map((g) =>
    measureOf(newTestMeasure(g.start, g.values, watermark, { ...g.about, source }, g.errors)),
  );
}
