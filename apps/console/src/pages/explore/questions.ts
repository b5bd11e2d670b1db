import { type Operations } from '@telltale/api-client';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { durationFilter } from './box';
import { exploredBy, type ExploreState } from './explore-state';

export type Explored = Operations['explore']['answer'];
export type HeatMap = Operations['exploreHeatMap']['answer'];
export type Differences = Operations['exploreDifferences']['answer'];
export type Facets = Operations['exploreFacets']['answer'];
export type ExploredRow = Operations['listExploredRows']['answer']['rows'][number];
export type SavedView = Operations['listViews']['answer']['views'][number];

const OF_A_PAGE = 200;
const VIEWS = ['views', 'explore'];

export const seriesParams = (state: ExploreState): Operations['explore']['params'] => ({
  ...exploredBy(state),
  measure: state.measure,
  ...(state.aggregation ? { aggregation: state.aggregation } : {}),
  ...(state.by.length > 0 ? { by: state.by.join(',') } : {}),
});

export const seriesKey = (state: ExploreState) => ['explore', seriesParams(state)];
export const useSeries = (state: ExploreState) =>
  useQuery({ queryKey: seriesKey(state), queryFn: ({ signal }) => api.explore(seriesParams(state), signal), placeholderData: keepPreviousData }); // prettier-ignore

export type SeriesQuery = ReturnType<typeof useSeries>;

export const heatMapKey = (state: ExploreState) => ['explore', 'heat-map', exploredBy(state)];
export const useHeatMap = (state: ExploreState) =>
  useQuery({ queryKey: heatMapKey(state), queryFn: ({ signal }) => api.exploreHeatMap(exploredBy(state), signal), placeholderData: keepPreviousData }); // prettier-ignore

export function differencesParams(state: ExploreState): Operations['exploreDifferences']['params'] {
  const { box, selected } = state;
  const chosen = [selected, ...(box ? [durationFilter(box)] : [])].filter((text) => text !== '').join(' ');
  return {
    ...exploredBy(state),
    ...(chosen === '' ? {} : { selected: chosen }),
    ...(box ? { selected_since: new Date(box.since).toISOString(), selected_until: new Date(box.until).toISOString() } : {}),
  };
}
/** Whether something is compared with the rest. */
export const isComparing = ({ box, selected }: ExploreState): boolean => box !== null || selected !== '';
export const differencesKey = (state: ExploreState) => ['explore', 'differences', differencesParams(state)];
export const useDifferences = (state: ExploreState) =>
  useQuery({
    queryKey: differencesKey(state),
    queryFn: ({ signal }) => api.exploreDifferences(differencesParams(state), signal),
    enabled: isComparing(state),
  });

/** `after`: what is asked first, for few questions of a tenant are answered at a time. */
export const useFacets = (state: ExploreState, after: boolean) =>
  useQuery({
    queryKey: ['explore', 'facets', exploredBy(state)],
    queryFn: ({ signal }) => api.exploreFacets(exploredBy(state), signal),
    enabled: after,
    placeholderData: keepPreviousData,
  });

/** Values of some fields that hold a text, under the filters of the page. */
export const useValues = (state: ExploreState, fields: readonly string[], containing: string) =>
  useQuery({
    queryKey: ['explore', 'values', exploredBy(state), fields, containing],
    queryFn: ({ signal }) => api.exploreFacets({ ...exploredBy(state), fields: fields.join(','), values: 6, ...(containing === '' ? {} : { containing }) }, signal),
    enabled: fields.length > 0,
  }); // prettier-ignore

/** Fields do not change while the page is open. */
export const useFields = () =>
  useQuery({ queryKey: ['fields'], queryFn: ({ signal }) => api.listFields({}, signal), staleTime: Infinity });

/** The rows of the page, or those of the box and of what is selected. */
export function useRows(state: ExploreState, after: boolean) {
  const { box, selected } = state;
  const where = [state.where, selected, ...(box ? [durationFilter(box)] : [])].filter((text) => text !== '').join(' ');
  const asked = {
    ...exploredBy(state),
    ...(where === '' ? {} : { where }),
    ...(box ? { since: new Date(box.since).toISOString(), until: new Date(box.until).toISOString() } : {}),
  };
  return useInfiniteQuery({
    queryKey: ['explore', 'rows', asked],
    queryFn: ({ pageParam, signal }) => api.listExploredRows({ ...asked, limit: OF_A_PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
    enabled: after,
    placeholderData: keepPreviousData,
  });
} // prettier-ignore

export const useViews = () => useQuery({ queryKey: VIEWS, queryFn: ({ signal }) => api.listViews({ page: 'explore' }, signal) });

export function useSaveView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, title, params }: { readonly name: string; readonly title: string; readonly params: Readonly<Record<string, string>> }) =>
      api.putSetting({ type: 'view', name, value: { title, page: 'explore', params } }),
    onSuccess: () => client.invalidateQueries({ queryKey: VIEWS }),
  });
} // prettier-ignore

export function useDeleteView() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.deleteSetting({ type: 'view', name }),
    onSuccess: () => client.invalidateQueries({ queryKey: VIEWS }),
  });
}
