import { useRef, useState } from 'react';
import { Failure, Skeleton } from '../../design/parts';
import { type ExploreState } from './explore-state';
import { inOrder } from './facet-order';
import { valuesIn, withValueToggled } from './filter-text';
import { amountOf, valueName } from './amounts';
import { type Facets, useFacets } from './questions';

/** Values to filter by, with how many there are under the other filters. Those in force come first; while somebody uses the list its order stays. */
export function FacetList({ state, after }: { readonly state: ExploreState; readonly after: boolean }) {
  const facets = useFacets(state, after);
  // On a phone it would push all else out of sight.
  const [isWide] = useState(() => matchMedia('(width > 900px)').matches);
  return (
    <details className="explore-facets" open={isWide}>
      <summary>Filter by</summary>
      {facets.isError && <Failure error={facets.error} again={() => void facets.refetch()} />}
      {facets.data ? (
        <Lists key={facets.data.of} state={state} data={facets.data} />
      ) : (
        !facets.isError && <Skeleton height={420} />
      )}
    </details>
  );
}

function Lists({ state, data }: { readonly state: ExploreState; readonly data: Facets }) {
  const [isUsed, setUsed] = useState(false);
  const order = useRef<readonly string[]>([]);
  const isActive = (field: string): boolean => valuesIn(state.where, field).length > 0;
  const lists = data.facets.filter(({ field, values }) => values.some(({ value }) => value !== '') || isActive(field));
  const sorted = inOrder(lists, ({ field }) => field, ({ field }) => isActive(field), isUsed ? order.current : []);
  order.current = sorted.map(({ field }) => field);
  return (
    <div
      className="explore-facet-lists"
      onPointerEnter={() => setUsed(true)}
      onPointerLeave={() => setUsed(false)}
      onFocus={() => setUsed(true)}
      onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && setUsed(false)}
    >
      {sorted.map((facet) => (
        <Facet key={facet.field} state={state} facet={facet} isApproximate={data.sampled_one_in > 1} isUsed={isUsed} />
      ))}
    </div>
  );
} // prettier-ignore

interface FacetProps {
  readonly state: ExploreState;
  readonly facet: Facets['facets'][number];
  readonly isApproximate: boolean;
  readonly isUsed: boolean;
}

function Facet({ state, facet: { field, values, more }, isApproximate, isUsed }: FacetProps) {
  const order = useRef<readonly string[]>([]);
  const active = valuesIn(state.where, field);
  const known = values.filter(({ value }) => value !== '');
  // A value in force is there to be taken out, though no row has it.
  const all = [...known, ...active.filter((value) => known.every((one) => one.value !== value)).map((value) => ({ value, count: 0 }))];
  const sorted = inOrder(all, ({ value }) => value, ({ value }) => active.includes(value), isUsed ? order.current : []);
  order.current = sorted.map(({ value }) => value);
  return (
    <fieldset className="explore-facet">
      <legend className="mono">{field}</legend>
      {sorted.map(({ value, count }) => (
        <label key={value} title={value}>
          <input
            type="checkbox"
            checked={active.includes(value)}
            onChange={() => state.set({ where: withValueToggled(state.where, field, value), box: '' })}
          />
          <span>{valueName(value)}</span>
          <span className="quiet">{isApproximate ? '≈ ' : ''}{amountOf('rows')(count)}</span>
        </label>
      ))}
      {more && <span className="quiet">more: type {field}:</span>}
    </fieldset>
  );
} // prettier-ignore
