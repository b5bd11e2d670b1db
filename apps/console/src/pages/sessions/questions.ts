import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Operations } from '@telltale/api-client';
import { api } from '../../api/client';

type Journeys = Operations['listJourneys'];
export type JourneyFilter = Pick<
  Journeys['params'],
  'service' | 'intent' | 'reason' | 'abandoned' | 'order' | 'since' | 'until' | 'user'
>;
export type Journey = Journeys['answer']['journeys'][number];
export type RunningJourneys = Operations['listRunningJourneys']['answer'];
export type RunningJourney = RunningJourneys['journeys'][number];
export type ChatAnswer = Operations['getSessionChat']['answer'];
export type ChatTurn = ChatAnswer['turns'][number];

const OF_A_PAGE = 200;
const LIVE_MS = 15_000;
const MOST_RUNNING = 200;

export const journeysKey = (filter: JourneyFilter) => ['journeys', filter] as const;
export const useJourneys = (filter: JourneyFilter) =>
  useInfiniteQuery({
    queryKey: journeysKey(filter),
    queryFn: ({ pageParam, signal }) =>
      api.listJourneys({ ...filter, limit: OF_A_PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
  });
export const runningKey = (service: string) => ['running-journeys', service] as const;
export const useRunning = (service: string) =>
  useQuery({
    queryKey: runningKey(service),
    queryFn: ({ signal }) => api.listRunningJourneys({ limit: MOST_RUNNING, ...(service ? { service } : {}) }, signal),
    refetchInterval: LIVE_MS,
  });

export const chatKey = (id: string) => ['session-chat', id] as const;
export const sessionChat = (id: string) =>
  infiniteQueryOptions({
    queryKey: chatKey(id),
    queryFn: ({ pageParam, signal }) => api.getSessionChat({ id, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ offset, turns, total }) => (offset + turns.length < total ? offset + turns.length : undefined),
  });
export const sessionExplainKey = (id: string) => ['explain-session', id] as const;
export const useSessionExplanation = (id: string) =>
  useQuery({
    queryKey: sessionExplainKey(id),
    queryFn: ({ signal }) => api.explainSession({ id }, signal),
    staleTime: 60_000,
  });
/** What the bot did in a turn, in few lines: those that are alike are one. */
export const useTurnTree = (id: string, isWanted: boolean) =>
  useQuery({
    queryKey: ['turn-tree', id],
    queryFn: ({ signal }) => api.getTurnTree({ id }, signal),
    enabled: isWanted,
    staleTime: 60_000,
  });
