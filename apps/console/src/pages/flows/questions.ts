import { type Operations } from '@telltale/api-client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useAsked } from '../../api/use-asked';

type Params<N extends keyof Operations> = Operations[N]['params'];
export type Answer<N extends keyof Operations> = Operations[N]['answer'];

export const useFlows = (asked: Params<'getFlows'>) => useAsked(['flows', asked], (signal) => api.getFlows(asked, signal));
export const useCompared = (asked: Params<'compare'>, isEnabled: boolean) =>
  useAsked(['compare', asked], (signal) => api.compare(asked, signal), { isEnabled });

const OF_A_PAGE = 100;
export const useJourneys = (asked: Params<'listJourneys'>) =>
  useInfiniteQuery({
    queryKey: ['journeys', asked],
    queryFn: ({ pageParam, signal }) =>
      api.listJourneys({ ...asked, limit: OF_A_PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
  });
