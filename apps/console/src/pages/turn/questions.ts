import { infiniteQueryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Operations } from '@telltale/api-client';
import { api } from '../../api/client';

export type OperationFacts = Operations['getOperation']['answer'];
export type Field = Operations['readField']['params']['field'];
export type Explanation = Operations['explainTurn']['answer'];

/** Characters that are asked for at once. */
export const WINDOW = 50_000;
const DAYS_AROUND = 31;
const DAY_MS = 86_400_000;

/** Operations of a turn, 5,000 at a time; `wanted` is among the first of them wherever it stands. */
export const turnOperations = (id: string, wanted: string) =>
  infiniteQueryOptions({
    queryKey: ['turn-operations', id],
    queryFn: ({ pageParam, signal }) =>
      api.listTurnOperations(
        { id, offset: pageParam, ...(pageParam === 0 && wanted !== '' ? { operation: wanted } : {}) },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: ({ offset, total }) => (offset + 5_000 < total ? offset + 5_000 : undefined),
  });

const operationQuery = (turn: string, id: string) => ({
  queryKey: ['operation', turn, id],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => api.getOperation({ id, ...(turn === id ? {} : { turn }) }, signal),
  staleTime: Infinity,
});
export const useOperation = (turn: string, id: string) => useQuery(operationQuery(turn, id));

/** Asks for an operation before it is chosen. */
export function usePrefetch(turn: string): (id: string) => void {
  const client = useQueryClient();
  return (id) => void client.prefetchQuery(operationQuery(turn, id));
}

export const useUsual = (turn: string, id: string) =>
  useQuery({
    queryKey: ['usual', turn, id],
    queryFn: ({ signal }) => api.getUsual({ id, ...(turn === id ? {} : { turn }) }, signal),
    staleTime: Infinity,
  });
export const useTurnUsual = (id: string) =>
  useQuery({
    queryKey: ['turn-usual', id],
    queryFn: ({ signal }) => api.getTurnUsual({ id }, signal),
    staleTime: Infinity,
    retry: false,
  });
export const explainKey = (id: string) => ['explain-turn', id] as const;
/** Looks at many other turns: after what the page is drawn from, for few questions of a tenant are answered at a time. */
export function useExplanation(id: string) {
  const { isPending } = useTurnUsual(id);
  return useQuery({
    queryKey: explainKey(id),
    queryFn: ({ signal }) => api.explainTurn({ id }, signal),
    staleTime: 60_000,
    enabled: !isPending,
  });
}

/** A field with content, window by window. */
export const useField = (turn: string, id: string, field: Field, isWanted: boolean) =>
  useInfiniteQuery({
    queryKey: ['field', turn, id, field],
    queryFn: ({ pageParam, signal }) =>
      api.readField({ id, field, offset: pageParam, length: WINDOW, ...(turn === id || turn === '' ? {} : { turn }) }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ offset, size }) => (offset + WINDOW < size ? offset + WINDOW : undefined),
    enabled: isWanted,
    staleTime: Infinity,
  });

/** Where a text stands in a field. */
export const useFind = (turn: string, id: string, field: Field, find: string) =>
  useQuery({
    queryKey: ['find', turn, id, field, find],
    queryFn: ({ signal }) => api.readField({ id, field, find, ...(turn === id ? {} : { turn }) }, signal),
    enabled: find !== '',
    staleTime: Infinity,
  });
export const useWindow = (turn: string, id: string, field: Field, offset: number | null) =>
  useQuery({
    queryKey: ['window', turn, id, field, offset],
    queryFn: ({ signal }) =>
      api.readField({ id, field, offset: offset ?? 0, length: 2_000, ...(turn === id ? {} : { turn }) }, signal),
    enabled: offset !== null,
    staleTime: Infinity,
  });

/** The last call of a tool that worked in another conversation. */
export const useCallIn = (conversation: string, isSession: boolean, tool: string, near: number) =>
  useQuery({
    queryKey: ['call-in', conversation, isSession, tool],
    queryFn: ({ signal }) =>
      api.listOperations(
        {
          ...(isSession ? { session: conversation } : { turn: conversation }),
          tool,
          status: 'ok',
          limit: 1,
          since: new Date(near - DAYS_AROUND * DAY_MS).toISOString(),
          until: new Date(near + DAYS_AROUND * DAY_MS).toISOString(),
        },
        signal,
      ),
    enabled: conversation !== '' && tool !== '',
    staleTime: Infinity,
  });
