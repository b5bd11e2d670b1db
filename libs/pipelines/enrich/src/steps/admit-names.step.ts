import { type EventRecord } from '@telltale/contracts';
import { OTHER } from '@telltale/domain-metrics';
import { type DailyLimiter, ok } from '@telltale/streaming';
import { type EnrichStep, type Redacted } from '../types';

/** Fields that producers fill with words of few values, so that columns keep a dictionary of them and rollups a row for each. */
const NAMES = [
  'name', 'service_name', 'service_version', 'deployment_environment', 'release', 'region', 'instance', 'agent_name', 'provider', 'request_model', 'response_model', 'tool_name',
  'error_type', 'service_tier', 'prompt_name', 'prompt_version', 'score_name', 'score_label',
] as const satisfies readonly (keyof EventRecord)[]; // prettier-ignore

/** What was sent stands in the attributes under the name of the field behind this. */
const SENT_AS = 'overflow.';

/**
 * Admits so many values a tenant, field and day; what else comes is `__overflow__` in the columns, rollups and measures, and as it was sent
 * in the attributes of its event. Behind what needs names as they are: prices, fingerprints, hashes.
 */
export function createAdmitNamesStep(names: Pick<DailyLimiter, 'add'>): EnrichStep<Redacted, object> {
  return function admitNames(item, { effects }) {
    const { event } = item;
    for (const field of NAMES) {
      const value = event[field];
      if (value === '' || names.add(`${event.tenant}/${field}`, value)) continue;
      event.attributes[SENT_AS + field] = value;
      event[field] = OTHER;
      effects.count('names_overflow');
    }
    return ok(item);
  };
}
