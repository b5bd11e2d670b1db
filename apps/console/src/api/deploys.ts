import { useQuery } from '@tanstack/react-query';
import { timeOf } from '../format/times';
import { type Range } from '../shell/range';
import { api } from './client';

/** A moment that a chart marks. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}
export interface Deploy extends Mark {
  /** What was deployed; empty where that is unknown. */
  readonly service: string;
}

const MOST = 50;

/** What was deployed in a range, as marks for charts. A chart without them is shown all the same. */
export function useDeploys({ since, until }: Pick<Range, 'since' | 'until'>, service?: string): readonly Deploy[] {
  const deploys = useQuery({
    queryKey: ['deploys', since, until, service],
    queryFn: ({ signal }) => api.listDeploys({ since, limit: MOST, ...(until ? { until } : {}), ...(service ? { service } : {}) }, signal),
    select: (answer) =>
      answer.deploys.map(({ at, service_name: of, version }) => ({ at: timeOf(at), text: `${of} ${version}`, service: of })),
  });
  return deploys.data ?? NONE;
} // prettier-ignore
const NONE: readonly Deploy[] = [];
