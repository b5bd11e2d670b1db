import { type Operations } from '@telltale/api-client';
import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';

const LIVE_MS = 15_000;
const OF_A_PAGE = 50;

export type Incident = Operations['listIncidents']['answer']['incidents'][number];
export type IncidentAnswer = Operations['getIncident']['answer'];
export type Anomaly = IncidentAnswer['anomalies'][number];
export type Entry = IncidentAnswer['timeline'][number];
export type Deploy = IncidentAnswer['deploys'][number];
export type Why = Operations['whyIncident']['answer'];
export type Cause = Why['causes'][number];
export type Window = Operations['listWindows']['answer']['windows'][number];
export type TurnTree = Operations['getTurnTree']['answer'];

export interface IncidentFilter {
  readonly since: string;
  readonly until: string | undefined;
  readonly state: string;
  readonly service: string;
}
export const useIncidents = ({ since, until, state, service }: IncidentFilter) =>
  useInfiniteQuery({
    queryKey: ['incidents', since, until, state, service],
    queryFn: ({ pageParam, signal }) =>
      api.listIncidents(
        {
          since,
          limit: OF_A_PAGE,
          ...(until ? { until } : {}),
          ...(state === 'open' || state === 'closed' ? { state } : {}),
          ...(service ? { service } : {}),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: LIVE_MS,
    placeholderData: keepPreviousData,
  });

export const incidentKey = (id: string) => ['incident', id] as const;
export const oneIncident = (id: string) =>
  queryOptions({ queryKey: incidentKey(id), queryFn: ({ signal }) => api.getIncident({ id }, signal) });
/** `soonMs`: how soon it is looked again, by the last answer; null: as usual. */
export const useIncident = (id: string, soonMs: (data: IncidentAnswer | undefined) => number | null) =>
  useQuery({
    ...oneIncident(id),
    refetchInterval: ({ state: { data } }) => soonMs(data) ?? LIVE_MS,
  });

export const whyKey = (id: string) => ['incident', id, 'why'] as const;
const WHY_MS = 5 * 60_000;
/** May take seconds: it is asked for itself, and again only when somebody comes back to it. */
export const useWhy = (id: string) =>
  useQuery({ queryKey: whyKey(id), queryFn: ({ signal }) => api.whyIncident({ id }, signal), staleTime: WHY_MS });

export const MOST_WINDOWS = 10_000;
export const windowsKey = (id: string, since: string, until: string) => ['windows', id, since, until] as const;
export const useWindows = (id: string, since: string, until: string) =>
  useQuery({
    queryKey: windowsKey(id, since, until),
    queryFn: ({ signal }) => api.listWindows({ id, since, until, limit: MOST_WINDOWS }, signal),
  });

export const treeKey = (id: string) => ['turn', id, 'tree'] as const;
export const useTree = (id: string) =>
  useQuery({
    queryKey: treeKey(id),
    queryFn: ({ signal }) => api.getTurnTree({ id }, signal),
    enabled: id !== '',
    staleTime: Infinity,
  });

const EARLIER = '90d';
const MOST_EARLIER = 200;
/** Incidents of the same name of the same service in the last 90 days. */
export const useEarlier = ({ id, title, service_name: service }: Pick<Incident, 'id' | 'title' | 'service_name'>) =>
  useQuery({
    queryKey: ['incidents', 'earlier', service, title],
    queryFn: ({ signal }) => api.listIncidents({ since: EARLIER, limit: MOST_EARLIER, ...(service ? { service } : {}) }, signal),
    select: ({ incidents, next_cursor: next }) => ({
      incidents: incidents.filter((one) => one.id !== id && one.title === title && one.service_name === service),
      isCut: next !== undefined,
    }),
  });
