import { type Operations } from '@telltale/api-client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type Range } from '../../shell/range';

const LIVE_MS = 15_000;
const RATE_MS = 5_000;

export type Health = Operations['getNow']['answer'];
export type Rate = Operations['getLiveRate']['answer'];

/** All that the page shows at first, in one question. */
export const useHealth = ({ since, until }: Pick<Range, 'since' | 'until'>, service: string) =>
  useQuery({
    queryKey: ['now', since, until, service],
    queryFn: ({ signal }) => api.getNow({ since, ...(until ? { until } : {}), ...(service ? { service } : {}) }, signal),
    refetchInterval: until === undefined ? LIVE_MS : false,
    placeholderData: keepPreviousData,
  });

/** The rate of events, asked for once the page shows. */
export const useRate = (service: string, isShown: boolean) =>
  useQuery({
    queryKey: ['rate', service],
    queryFn: ({ signal }) => api.getLiveRate(service ? { service } : {}, signal),
    refetchInterval: RATE_MS,
    enabled: isShown,
  });

const EVER = '400d';
/** Whether anything was ever sent: who has nothing yet needs another page than who has a quiet hour. */
export const useHasEverSent = (isAsked: boolean) =>
  useQuery({
    queryKey: ['ever sent'],
    queryFn: ({ signal }) => api.listTurns({ since: EVER, limit: 1 }, signal),
    select: ({ turns }) => turns.length > 0,
    enabled: isAsked,
  });
