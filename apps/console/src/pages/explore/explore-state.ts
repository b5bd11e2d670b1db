import { type Operations } from '@telltale/api-client';
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { type Range, useRange } from '../../shell/range';
import { useUrlChange } from '../../shell/url';
import { type Box, readBox, writeBox } from './box';

type Params = Operations['explore']['params'];
type Of = NonNullable<Params['of']>;
type Aggregation = NonNullable<Params['aggregation']>;

const AGGREGATIONS: readonly Aggregation[] = ['count', 'sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'];
/** What a saved view keeps: all of the page's own address. */
const OWN = ['of', 'where', 'measure', 'aggregation', 'by', 'since', 'until', 'view', 'box', 'selected'] as const;
type Name = (typeof OWN)[number];

/** All that the page shows, as it stands in the address. */
export interface ExploreState {
  readonly of: Of;
  readonly where: string;
  readonly measure: string;
  readonly aggregation: Aggregation | undefined;
  readonly by: readonly string[];
  readonly range: Range & { readonly setRange: (from: number, to: number) => void };
  readonly box: Box | null;
  /** Filters of the rows that are compared with the rest. */
  readonly selected: string;
  readonly set: (changes: Partial<Record<Name, string>>) => void;
  readonly setBox: (box: Box | null) => void;
}

export function useExploreState(): ExploreState {
  const [params] = useSearchParams();
  const range = useRange('24h');
  const set = useUrlChange();
  const setBox = useCallback((box: Box | null) => set({ box: box ? writeBox(box) : '' }), [set]);
  return useMemo(() => {
    const aggregation = params.get('aggregation');
    return {
      of: params.get('of') === 'events' ? 'events' : 'turns',
      where: params.get('where') ?? '',
      measure: params.get('measure') ?? 'rows',
      aggregation: AGGREGATIONS.find((one) => one === aggregation),
      by: (params.get('by') ?? '').split(',').filter((name) => name !== ''),
      range,
      box: readBox(params.get('box') ?? ''),
      selected: params.get('selected') ?? '',
      set,
      setBox,
    };
  }, [params, range, set, setBox]);
}

/** The parameters of an address that a view of this page keeps. */
export const viewParamsOf = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries(OWN.flatMap((name) => (params.get(name) ? [[name, params.get(name) ?? '']] : [])));

/** What every question of the page asks about. */
export function exploredBy({ of, where, range }: Pick<ExploreState, 'of' | 'where' | 'range'>) {
  return { of, since: range.since, ...(where === '' ? {} : { where }), ...(range.until === undefined ? {} : { until: range.until }) }; // prettier-ignore
}
