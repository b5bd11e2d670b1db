import { isWideMetric, narrowMetricOf } from '@telltale/contracts';
import { seriesId } from '@telltale/domain-metrics';
import { hashId } from '@telltale/kernel';
import { type SeriesKey, type Series } from './state/series';

/** By metric, the dimension that names a part, rather than the whole that it is part of; `of`: the metric of a whole that is measured itself. */
const PART_OF: Readonly<Record<string, { readonly part: string; readonly of?: string }>> = {
  'operation.duration': { part: 'name' },
  'llm.cost': { part: 'model' },
  'llm.tokens': { part: 'model' },
  'llm.time_to_first_token': { part: 'model' },
  'llm.cache_read_share': { part: 'model' },
  'error.count': { part: 'error_fingerprint' },
  'log.template': { part: 'log_template_id', of: 'log.count' },
  score: { part: 'score_name' },
  'version.duration': { part: 'service_version', of: 'turn.duration' },
};

/** The series that this one is part of (all tools of a service, all its models, all its errors, all its turns), or null. */
export function parentOf({ tenant, metric, dimensions, isParent }: SeriesKey): SeriesKey | null {
  const known = PART_OF[metric];
  if (isParent || known === undefined || dimensions[known.part] === undefined) return null;
  const above = Object.fromEntries(Object.entries(dimensions).filter(([name]) => name !== known.part));
  const flat = Object.entries(above).flat();
  if (known.of !== undefined) return { id: seriesId(tenant, known.of, flat), tenant, metric: known.of, dimensions: above };
  return { id: hashId(20, tenant, 'parent', metric, ...flat), tenant, metric, dimensions: above, isParent: true };
}

/** A metric and the one whose series its own are part of, where that is measured itself: versions are part of their service's turns, templates of its logs. */
export function metricsWithParent(metric: string): string[] {
  const parent = PART_OF[metric]?.of;
  return parent === undefined ? [metric] : [metric, parent];
}

/** Whether it is a version of a service: its turns once more, those of one version. */
export const isVersionSeries = ({ metric }: Pick<Series, 'metric'>): boolean => metric === 'version.duration';

/** Whether it is over all services of the tenant: calls of a provider or of an operation, turns. */
export const isWide = ({ metric }: Pick<Series, 'metric'>): boolean => isWideMetric(metric);

/** Ids of the series of services that the part of a wide series is of: that of the part itself and, of a provider, of all calls of models. */
export function narrowIdsOf({ tenant, metric: wide, dimensions }: Pick<SeriesKey, 'tenant' | 'metric' | 'dimensions'>, [service = '', name]: readonly string[]): string[] {
  const metric = narrowMetricOf(wide);
  const { provider, ...operation } = dimensions;
  const narrow = { service_name: service, ...(name === undefined ? operation : { kind: 'llm', name }) };
  const id = seriesId(tenant, metric, Object.entries(narrow).flat());
  const family = provider === undefined ? null : parentOf({ id, tenant, metric, dimensions: narrow });
  return family ? [id, family.id] : [id];
} // prettier-ignore

const TOGETHER_MS = 5 * 60_000;
const ACTIVE_MS = 3_600_000;

/**
 * Whether a parent's deviation is more than that of one part: at least two parts, and a third of the active ones, were out of the
 * ordinary just now. Otherwise the anomaly of the part alone is more precise.
 */
export function isSharedByChildren(parent: Series, at: number): boolean {
  let active = 0;
  let strange = 0;
  for (const part of parent.parts) {
    if (at - part.scored <= ACTIVE_MS) active++;
    if (at - part.lastOutlierAt <= TOGETHER_MS) strange++;
  }
  return strange >= 2 && 3 * strange >= active;
}

/** Whether no other part of the same parent had data lately: then the parent's values are those of this part. */
export function isOnlyActiveChild(part: Series, at: number): boolean {
  for (const other of part.parent?.parts ?? []) if (other !== part && at - other.scored <= ACTIVE_MS) return false;
  return true;
}

/** How many times the size of its parent's deviation a part's may be to be explained by it. */
const EXPLAINED_FACTOR = 1.5;

const sizeOf = (value: number, expected: number): number => Math.abs(Math.log(Math.max(value, 1e-9) / Math.max(expected, 1e-9)));

interface Deviation {
  readonly value: number;
  readonly expected: number;
  readonly direction: number;
}

/** A part that departs like its parent, and not much further, departs with it. */
export const isInhibitedBy = (part: Deviation, parent: Deviation): boolean =>
  part.direction === parent.direction &&
  sizeOf(part.value, part.expected) <= EXPLAINED_FACTOR * sizeOf(parent.value, parent.expected);
