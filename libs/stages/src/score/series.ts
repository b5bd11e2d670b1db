import { type Baseline, type Channel, type MetricModel, modelOf } from '@telltale/domain-baseline';
import { type OpenAnomaly } from './anomaly';
import { type OpenWindow } from './window';

/** What a lane knows of one series. */
export interface Series {
  readonly id: string;
  readonly tenant: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly model: MetricModel | null;
  baseline: Baseline | null;
  /** Start of the last window scored; nothing at or before it is scored again. */
  scored: number;
  readonly anomalies: Map<Channel, OpenAnomaly>;
  readonly windows: Map<number, OpenWindow>;
}

type About = Pick<Series, 'id' | 'tenant' | 'metric' | 'dimensions'>;

export const newSeries = ({ id, tenant, metric, dimensions }: About): Series => ({
  id,
  tenant,
  metric,
  dimensions,
  model: modelOf(metric, dimensions),
  baseline: null,
  scored: -1,
  anomalies: new Map(),
  windows: new Map(),
});

interface Packed {
  readonly t: string;
  readonly m: string;
  readonly d: Readonly<Record<string, string>>;
  readonly b: Baseline | null;
  readonly s: number;
  readonly a: readonly (readonly [Channel, OpenAnomaly])[];
}

/** Its state without its open windows, which have records of their own. */
export function packSeries({ tenant, metric, dimensions, baseline, scored, anomalies }: Series): string {
  return JSON.stringify({ t: tenant, m: metric, d: dimensions, b: baseline, s: scored, a: [...anomalies] } satisfies Packed);
}

export function unpackSeries(id: string, text: string): Series {
  const { t, m, d, b, s, a } = JSON.parse(text) as Packed;
  return { ...newSeries({ id, tenant: t, metric: m, dimensions: d }), baseline: b, scored: s, anomalies: new Map(a) };
}
