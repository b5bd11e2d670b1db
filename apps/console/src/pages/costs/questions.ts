import { type Operations } from '@telltale/api-client';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useAsked } from '../../api/use-asked';

type Params<N extends keyof Operations> = Operations[N]['params'];
export type Answer<N extends keyof Operations> = Operations[N]['answer'];

export const useSpendOverTime = (asked: Params<'spendOverTime'>) =>
  useAsked(['spend over time', asked], (signal) => api.spendOverTime(asked, signal));
export const useTopSpend = (asked: Params<'topSpend'>) => useAsked(['top spend', asked], (signal) => api.topSpend(asked, signal));
export const useExplanation = (asked: Params<'explainSpend'>) =>
  useAsked(['explain spend', asked], (signal) => api.explainSpend(asked, signal));
export const useWaste = (asked: Params<'getWaste'>) => useAsked(['waste', asked], (signal) => api.getWaste(asked, signal));
export const useWhatIf = (asked: Params<'whatIf'>) => useAsked(['what if', asked], (signal) => api.whatIf(asked, signal));
const LIVE_MS = 15_000;
export const useBudgets = () => useAsked(['budgets'], (signal) => api.listBudgets({ limit: 100 }, signal), { everyMs: LIVE_MS });
export const useGaps = (asked: Params<'listPriceGaps'>) =>
  useAsked(['price gaps', asked], (signal) => api.listPriceGaps(asked, signal));
export const usePrice = (asked: Params<'getPrice'>) =>
  useAsked(['price', asked], (signal) => api.getPrice(asked, signal), { isEnabled: asked.model !== '' });

export const useBudgetAlerts = (since: string) =>
  useInfiniteQuery({
    queryKey: ['budget alerts', since],
    queryFn: ({ pageParam, signal }) =>
      api.listBudgetAlerts({ since, limit: 100, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next,
  });

export const useBudgetSettings = (isEnabled: boolean) =>
  useAsked(['settings', 'budget'], (signal) => api.listSettings({ type: 'budget', limit: 1_000 }, signal), { isEnabled });

/** Services take a setting in within seconds: what stands of budgets is asked again, now and a little later. */
const TAKEN_IN_MS = 2_000;
function useBudgetChange<T>(change: (given: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      const again = () =>
        Promise.all([['budgets'], ['settings', 'budget']].map((queryKey) => client.invalidateQueries({ queryKey })));
      window.setTimeout(() => void again(), TAKEN_IN_MS);
      await again();
    },
  });
}
export const useSaveBudget = () =>
  useBudgetChange(({ name, value, version }: { name: string; value: Readonly<Record<string, unknown>>; version: number }) =>
    api.putSetting({ type: 'budget', name, value, if_version: version }),
  );
export const useDeleteBudget = () => useBudgetChange((name: string) => api.deleteSetting({ type: 'budget', name }));
