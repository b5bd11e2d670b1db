import { useInfiniteQuery } from '@tanstack/react-query';
import { type Operations } from '@telltale/api-client';
import { api } from '../../api/client';

type TurnFilter = Pick<Operations['listTurns']['params'], 'service' | 'outcome' | 'intent' | 'since' | 'until'>;
export type TurnRow = Operations['listTurns']['answer']['turns'][number];
const OF_A_PAGE = 200;

export const turnsKey = (filter: TurnFilter) => ['turns', filter] as const;
export const useTurns = (filter: TurnFilter) =>
  useInfiniteQuery({
    queryKey: turnsKey(filter),
    queryFn: ({ pageParam, signal }) =>
      api.listTurns({ ...filter, limit: OF_A_PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
  });
