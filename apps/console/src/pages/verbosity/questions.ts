import { type Operations } from '@telltale/api-client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { type Range } from '../../shell/range';

export type Directive = Operations['listDirectives']['answer']['directives'][number];
export type DirectiveStatus = Operations['listDirectiveStatus']['answer']['directives'][number];
export type Effect = Operations['getDirectiveEffect']['answer'];
export type Given = Operations['setDirective']['params'];
export type Previewed = Operations['previewDirective']['params'];

const LIVE_MS = 10_000;
const MOST = 1_000;
/** What was asked for is in force once the verbosity service has taken it, and then an SDK. */
const TAKEN_MS = [500, 2_000, 5_000, 12_000];
/** A directive may have been issued so long before it ended. */
const STATUS_SINCE = '31d';

export const directivesKey = ({ since, until }: Pick<Range, 'since' | 'until'>) => ['directives', 'list', since, until];
export const useDirectives = (range: Pick<Range, 'since' | 'until'>) =>
  useQuery({
    queryKey: directivesKey(range),
    queryFn: ({ signal }) => api.listDirectives({ since: range.since, ...(range.until ? { until: range.until } : {}), limit: MOST }, signal),
    refetchInterval: LIVE_MS,
  }); // prettier-ignore

export const STATUS_KEY = ['directives', 'status'];
export const useStatus = () =>
  useQuery({
    queryKey: STATUS_KEY,
    queryFn: ({ signal }) => api.listDirectiveStatus({ since: STATUS_SINCE, limit: MOST }, signal),
    refetchInterval: LIVE_MS,
  });

export const effectKey = (id: string) => ['directives', 'effect', id];
export const useEffectOf = (id: string) =>
  useQuery({
    queryKey: effectKey(id),
    queryFn: ({ signal }) => api.getDirectiveEffect({ id }, signal),
    refetchInterval: ({ state }) => (state.data?.is_over === true ? false : LIVE_MS),
  });

export const usePreview = (target: Previewed) =>
  useQuery({
    queryKey: ['directives', 'preview', target],
    queryFn: ({ signal }) => api.previewDirective(target, signal),
    placeholderData: keepPreviousData,
  });

/** Asks for a change of verbosity, and looks again until it is taken. */
export function useVerbosityChange<Wanted, Answer>(ask: (wanted: Wanted) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ask,
    onSuccess: () => {
      for (const ms of TAKEN_MS) window.setTimeout(() => void client.invalidateQueries({ queryKey: ['directives'] }), ms);
    },
  });
}
