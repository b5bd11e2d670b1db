import { hashId } from '@telltale/kernel';
import { type About, type Series } from './series';

/** Which dimensions of a metric name a part, rather than the whole that it is part of. */
const PART_OF: Readonly<Record<string, string>> = {
  'operation.duration': 'name',
  'llm.cost': 'model',
  'llm.tokens': 'model',
};

/** The series that this one is part of (all tools of a service, all its models), or null. */
export function parentOf({ tenant, metric, dimensions, isWhole }: About): About | null {
  const part = PART_OF[metric];
  if (isWhole || part === undefined || dimensions[part] === undefined) return null;
  const above = Object.fromEntries(Object.entries(dimensions).filter(([name]) => name !== part));
  return {
    id: hashId(20, tenant, 'parent', metric, ...Object.entries(above).flat()),
    tenant,
    metric,
    dimensions: above,
    isWhole: true,
  };
}

const TOGETHER_MS = 5 * 60_000;
const ACTIVE_MS = 3_600_000;

/**
 * Whether a parent's departure is more than that of one part: at least two parts, and a third of those that speak, were out of the
 * ordinary just now. Otherwise the part tells it better.
 */
export function isShared(parent: Series, at: number): boolean {
  let active = 0;
  let strange = 0;
  for (const part of parent.parts) {
    if (at - part.scored <= ACTIVE_MS) active++;
    if (at - part.strangeAt <= TOGETHER_MS) strange++;
  }
  return strange >= 2 && 3 * strange >= active;
}

/** How many times the size of its parent's departure a part's may be to be explained by it. */
const EXPLAINED_FACTOR = 1.5;

const sizeOf = (value: number, expected: number): number => Math.abs(Math.log(Math.max(value, 1e-9) / Math.max(expected, 1e-9)));

interface Departure {
  readonly value: number;
  readonly expected: number;
  readonly direction: number;
}

/** A part that departs like its parent, and not much further, departs with it. */
export const isExplainedBy = (part: Departure, parent: Departure): boolean =>
  part.direction === parent.direction &&
  sizeOf(part.value, part.expected) <= EXPLAINED_FACTOR * sizeOf(parent.value, parent.expected);
