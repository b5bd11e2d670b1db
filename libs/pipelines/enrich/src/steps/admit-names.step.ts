import { type EventRecord, OVERFLOW_PREFIX } from '@telltale/contracts';
import { OTHER } from '@telltale/domain-metrics';
import { type DailyLimiter, ok } from '@telltale/streaming';
import { type EnrichStep, type Redacted } from '../types';

/** Fields that producers fill with words of few values, so that columns keep a dictionary of them and rollups a row for each. */
const NAMES = [
  'name', 'service_name', 'service_version', 'deployment_environment', 'release', 'region', 'instance', 'agent_name', 'provider', 'request_model', 'response_model', 'tool_name',
  'error_type', 'service_tier', 'prompt_name', 'prompt_version', 'score_name', 'score_label',
] as const satisfies readonly (keyof EventRecord)[]; // prettier-ignore

/** Fields that are maps: a column keeps a dictionary of the names in them. */
const MAPS = ['attributes', 'feature_flags'] as const satisfies readonly (keyof EventRecord)[];

/**
 * Admits so many values a tenant, field and day, and so many names in a map; what else comes is `__overflow__` in the columns, rollups and measures, and as
 * it was sent in the attributes of its event. Behind what needs names as they are: prices, fingerprints, hashes.
 */
export function createAdmitNamesStep(names: Pick<DailyLimiter, 'add'>): EnrichStep<Redacted, object> {
  /** Owners of the names of one tenant, field by field: that of the event before, as events of a tenant come together. */
  let tenant = '';
  let owners: readonly string[] = [];
  let ownersOfMaps: readonly string[] = [];

  /** A producer's own names of the prefix are never admitted, so nothing of it is written over. */
  const admits = (owner: string, name: string): boolean => !name.startsWith(OVERFLOW_PREFIX) && names.add(owner, name);

  const areAllAdmitted = (map: Readonly<Record<string, string>>, owner: string): boolean => {
    for (const name in map) if (!admits(owner, name)) return false;
    return true;
  };

  return function admitNames(item, { effects }) {
    const { event } = item;
    if (event.tenant !== tenant || owners.length === 0) {
      tenant = event.tenant;
      owners = NAMES.map((field) => `${tenant}/${field}`);
      ownersOfMaps = MAPS.map((field) => `${tenant}/${field}`);
    }
    for (let i = 0; i < MAPS.length; i++) {
      const field = MAPS[i] as (typeof MAPS)[number];
      const owner = ownersOfMaps[i] as string;
      if (areAllAdmitted(event[field], owner)) continue;
      const entries = Object.entries(event[field]);
      const overflow = entries.filter(([name]) => !admits(owner, name));
      event[field] = Object.fromEntries(entries.filter(([name]) => admits(owner, name)));
      event.attributes[OVERFLOW_PREFIX + field] = JSON.stringify(Object.fromEntries(overflow));
      effects.count('names_overflow', overflow.length);
    }
    for (let i = 0; i < NAMES.length; i++) {
      const field = NAMES[i] as (typeof NAMES)[number];
      const value = event[field];
      if (value === '' || names.add(owners[i] as string, value)) continue;
      event.attributes[OVERFLOW_PREFIX + field] = value;
      event[field] = OTHER;
      effects.count('names_overflow');
    }
    return ok(item);
  };
}
