import { Choice } from '../../design/fields';
import { Skeleton } from '../../design/parts';
import { RangePicker } from '../../shell/range';
import { type ExploreState } from './explore-state';
import { useFields } from './questions';

const NONE = ['', 'nothing'] as const;

/** What is explored and measured, how it becomes one number, and what it is grouped by. */
export function MeasureBar({ state }: { readonly state: ExploreState }) {
  const fields = useFields();
  const { of, measure, aggregation, by, set } = state;
  if (!fields.data) return <Skeleton height={52} />;
  const here = ({ tables }: { readonly tables: readonly string[] }): boolean => tables.includes(of);
  const measures = fields.data.measures.filter((one) => here(one) && one.name !== 'sampling_weight');
  const chosen = measures.find(({ name }) => name === measure);
  const dimensions = fields.data.dimensions.filter((one) => here(one) && one.type !== 'time');
  const groups = dimensions.map(({ name }) => [name, name] as const);
  // Flags and dimensions of the tenant are fields whose names nobody knows before.
  const options = [NONE, ...groups, ...by.filter((name) => dimensions.every((one) => one.name !== name)).map((name) => [name, name] as const)];
  const [first = '', second = ''] = by;
  return (
    <div className="filters explore-bar">
      <Choice label="Explore" value={of} options={[['turns', 'turns'], ['events', 'operations and logs']]} onChange={(next) => set({ of: next === 'turns' ? '' : next, where: '', by: '', measure: '', aggregation: '', box: '', selected: '' })} />
      <Choice label="Measure" value={measure} options={measures.map(({ name, about }) => [name, name === 'rows' ? 'how many' : about] as const)} onChange={(next) => set({ measure: next === 'rows' ? '' : next, aggregation: '' })} />
      {measure !== 'rows' && (
        <Choice label="As" value={aggregation ?? ''} options={[['', 'what fits'], ...(chosen?.aggregations ?? []).map((one) => [one, one] as const)]} onChange={(next) => set({ aggregation: next })} />
      )}
      <Choice label="Group by" value={first} options={options} onChange={(next) => set({ by: [next, second].filter((name) => name !== '' && (name !== second || next === '')).join(',') })} />
      {first !== '' && <Choice label="and by" value={second} options={options.filter(([name]) => name !== first)} onChange={(next) => set({ by: [first, next].filter((name) => name !== '').join(',') })} />}
      <RangePicker />
    </div>
  );
} // prettier-ignore
