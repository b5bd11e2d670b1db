import { type Aggregation } from '../fields/measures';
import { termOf } from '../explore/filters/parse-filters';
import { type Opened } from './panel';
import { type Scope } from './panel-sql';

interface Explored {
  readonly of?: 'turns' | 'events';
  readonly filters?: Readonly<Record<string, string>>;
  readonly by?: string;
  readonly measure?: string;
  readonly aggregation?: Aggregation;
}

/** The page Explore with the rows of a panel. What cannot be filtered by is left out. */
export function exploreOf({ services }: Scope, { of = 'events', filters = {}, by, measure, aggregation }: Explored): Opened {
  const [service, ...more] = services;
  const all = { ...(service !== undefined && service !== '' && more.length === 0 && { service_name: service }), ...filters };
  const where = Object.entries(all).flatMap(([field, value]) => termOf(field, value) ?? []).join(' '); // prettier-ignore
  const params = { of, where, by: by ?? '', measure: measure ?? '', aggregation: aggregation ?? '' };
  return { page: 'explore', params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== '' && value.length <= 1_000)) }; // prettier-ignore
}
