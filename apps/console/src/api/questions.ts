import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from './client';

const OF_A_PAGE = 100;

export interface TurnFilter {
  readonly service?: string | undefined;
  readonly outcome?: 'answered' | 'error' | 'abandoned' | 'transferred' | 'refused' | 'unknown' | undefined;
  readonly intent?: string | undefined;
  readonly since?: string | undefined;
}

export const useTurn = (id: string) => useQuery({ queryKey: ['turn', id], queryFn: () => api.getTurn({ id }) });

export const useTurns = (filter: TurnFilter) =>
  useInfiniteQuery({
    queryKey: ['turns', filter],
    queryFn: ({ pageParam }) =>
      api.listTurns({
        ...filter,
        limit: OF_A_PAGE,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
  });
