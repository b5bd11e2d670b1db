import { type Operations } from '@telltale/api-client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type Range } from '../../shell/range';

export type SeriesRow = Operations['listSeries']['answer']['series'][number];
export type ReadinessRow = Operations['listReadiness']['answer']['series'][number];
export type AnomalyRow = Operations['listAnomalies']['answer']['anomalies'][number];
export type Backtest = Operations['backtestDetector']['answer'];
export type ExpectedRange = Operations['getExpectedRange']['answer'];

/** Most rows of a list: the page says where there are more. */
export const MOST = 1_000;
const LIVE_MS = 15_000;
/** What was asked for is in force once the scorer has read it: soon after. */
const TAKEN_MS = [300, 1_500, 4_000];
export const ISSUED_BY = 'console';

interface Of {
  readonly service: string;
  readonly metric: string;
}
type Period = Pick<Range, 'since' | 'until'>;
const within = ({ since, until }: Period) => ({ since, ...(until === undefined ? {} : { until }) });
const filter = ({ service, metric }: Of) => ({ ...(service && { service }), ...(metric && { metric }) });

export const seriesKey = (of: Of, { since, until }: Period) => ['detector', 'series', of, since, until];
export const useSeries = (of: Of, range: Period) =>
  useQuery({
    queryKey: seriesKey(of, range),
    queryFn: ({ signal }) => api.listSeries({ ...filter(of), ...within(range), limit: MOST }, signal),
  });

export const readinessKey = (of: Of) => ['detector', 'readiness', of];
export const useReadiness = (of: Of) =>
  useQuery({
    queryKey: readinessKey(of),
    queryFn: ({ signal }) => api.listReadiness({ ...filter(of), limit: MOST }, signal),
    refetchInterval: LIVE_MS,
  });

export const anomaliesKey = (of: Of, { since, until }: Period) => ['detector', 'anomalies', of, since, until];
export const useAnomalies = (of: Of, range: Period) =>
  useQuery({
    queryKey: anomaliesKey(of, range),
    queryFn: ({ signal }) => api.listAnomalies({ ...filter(of), ...within(range), limit: MOST }, signal),
    refetchInterval: LIVE_MS,
  });

export const windowsKey = (id: string, { since, until }: Period) => ['detector', 'windows', id, since, until];
export const useWindows = (id: string, range: Period) =>
  useQuery({
    queryKey: windowsKey(id, range),
    queryFn: ({ signal }) => api.listWindows({ id, ...within(range), limit: 10_000 }, signal),
  });

export const expectedKey = (id: string, { since, until }: Period) => ['detector', 'expected', id, since, until];
export const useExpected = (id: string, range: Period) =>
  useQuery({
    queryKey: expectedKey(id, range),
    queryFn: ({ signal }) => api.getExpectedRange({ id, ...within(range) }, signal),
    retry: false,
  });

export type BacktestParams = Operations['backtestDetector']['params'];
export const backtestKey = (tried: BacktestParams) => ['detector', 'backtest', tried];
/** It takes seconds of a core: only when it is asked for, and once. */
export const useBacktest = (tried: BacktestParams, isAsked: boolean) =>
  useQuery({
    queryKey: backtestKey(tried),
    queryFn: ({ signal }) => api.backtestDetector(tried, signal),
    enabled: isAsked,
    staleTime: Infinity,
    retry: false,
  });

const ofAll = { limit: MOST };
export const useLabels = () =>
  useQuery({ queryKey: ['detector', 'labels'], queryFn: ({ signal }) => api.listAnomalyLabels(ofAll, signal) });
export const useSensitivities = () =>
  useQuery({ queryKey: ['detector', 'sensitivity'], queryFn: ({ signal }) => api.listSensitivity(ofAll, signal) });
export const useMaintenance = () =>
  useQuery({ queryKey: ['detector', 'maintenance'], queryFn: ({ signal }) => api.listMaintenance(ofAll, signal) });
export const useHolidays = () =>
  useQuery({ queryKey: ['detector', 'holidays'], queryFn: ({ signal }) => api.listHolidays(ofAll, signal) });

/** Asks for a change of the detector, and looks at its lists again until the scorer has taken it. */
export function useDetectorChange<Given, Answer>(ask: (given: Given) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ask,
    onSuccess: () => {
      for (const ms of TAKEN_MS)
        window.setTimeout(() => {
          for (const list of ['labels', 'sensitivity', 'maintenance', 'holidays'])
            void client.invalidateQueries({ queryKey: ['detector', list] });
        }, ms);
    },
  });
}
