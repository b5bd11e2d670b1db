import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Section } from '../../design/page';
import { Badge, Empty } from '../../design/parts';
import { turnHref } from '../../format/links';
import { durationOf } from '../../format/numbers';
import { clockOf } from '../../format/times';
import { useZone } from '../../shell/preferences';
import { percentOf, rowsName, valueName } from './amounts';
import { type ExploreState } from './explore-state';
import { withTerm, withValue } from './filter-text';
import { type Differences, differencesKey, isComparing, useDifferences } from './questions';

type Difference = Differences['differences'][number];

const HEIGHT = 420;
const TURNS_SHOWN = 3;

/** What is compared, in words. */
function useSelection({ box, selected }: ExploreState): string {
  const [zone] = useZone();
  const time = box && `${clockOf(box.since, zone).slice(0, 16)} to ${clockOf(box.until, zone).slice(0, 16)}`;
  const isAnyDuration = box?.fromMs === 0;
  return [selected, box && !isAnyDuration ? `${durationOf(box.fromMs)} to ${durationOf(box.toMs)}` : '', time ?? ''].filter((part) => part !== '').join(', ');
} // prettier-ignore

/** What tells the selected rows from the rest: values of every field, by how much their share differs. */
export function DifferencesOf({ state }: { readonly state: ExploreState }) {
  const differences = useDifferences(state);
  const selection = useSelection(state);
  if (!isComparing(state)) return null;
  return (
    <Section
      title={`What is different: ${selection}`}
      beside={
        <button type="button" className="button" onClick={() => state.set({ box: '', selected: '' })}>
          End the comparison
        </button>
      }
    >
      <Asked of={differences} queryKey={differencesKey(state)} height={HEIGHT}>
        {(data) => <Ranked state={state} data={data} />}
      </Asked>
    </Section>
  );
}

function Ranked({ state, data }: { readonly state: ExploreState; readonly data: Differences }) {
  const { selected, rest, differences, values, fields, left_out: leftOut } = data;
  const isSampled = selected.one_in > 1 || rest.one_in > 1;
  return (
    <>
      <p>
        <strong>{rowsName(data.of, selected.count)}</strong> against <strong>{rowsName(data.of, rest.count)}</strong>
        <span className="quiet">
          {' '}of the rest. {values.toLocaleString('en-US')} values of {fields.length} fields were looked at; of the differences listed at most 5 % are there by chance.
          {isSampled && ` ≈ Looked at: one turn in ${selected.one_in} of the selected, one in ${rest.one_in} of the rest.`}
        </span>
      </p>
      {differences.length === 0 ? (
        <Empty title={selected.count === 0 ? 'Nothing is selected' : 'Nothing surely differs'}>
          <p className="quiet">
            {selected.count === 0
              ? 'No row lies in what was selected. Drag a box over cells that have a colour.'
              : 'Select more, or a longer time: few sessions show only great differences.'}
          </p>
        </Empty>
      ) : (
        <ol className="explore-differences">
          {differences.map((one) => (
            <One key={`${one.field} ${one.value}`} state={state} difference={one} />
          ))}
        </ol>
      )}
      {leftOut > 0 && <p className="quiet">{leftOut} smaller differences are not listed</p>}
    </>
  );
} // prettier-ignore

const Share = ({ name, share }: { readonly name: string; readonly share: number }) => (
  <div className="explore-share" data-side={name}>
    <span className="quiet">{name}</span>
    <span className="explore-share-track">
      <span style={{ width: `${Math.max(0.5, 100 * share)}%` }} />
    </span>
    <span className="number">{percentOf(share)}</span>
  </div>
);

function One({ state, difference: { field, value, filter, selected_share: selected, rest_share: rest, low, high, q, turns } }: { readonly state: ExploreState; readonly difference: Difference }) {
  return (
    <li>
      <div className="explore-value">
        <span className="quiet mono">{field}</span>
        <strong title={value}>
          {valueName(value)} {rest === 0 && <Badge>only here</Badge>}
          {selected === 0 && <Badge>not here</Badge>}
        </strong>
        <span className="quiet" title={`False discovery rate ${q.toPrecision(2)}`}>
          {selected > rest ? 'more' : 'less'} by {percentOf(Math.abs(selected - rest))} (95 %: {percentOf(low)} to {percentOf(high)})
        </span>
      </div>
      <div>
        <Share name="selected" share={selected} />
        <Share name="rest" share={rest} />
      </div>
      <div className="explore-acts">
        {filter === null ? (
          <span className="quiet">no filter can name this field</span>
        ) : (
          <>
            <button type="button" aria-label={`Only ${field} ${value}`} onClick={() => state.set({ where: withTerm(state.where, filter) })}>only</button>
            <button type="button" aria-label={`Without ${field} ${value}`} onClick={() => state.set({ where: withValue(state.where, field, value, true) })}>without</button>
          </>
        )}
        {turns.slice(0, TURNS_SHOWN).map((id, i) => (
          <Link key={id} href={turnHref(id)}>turn {i + 1}</Link>
        ))}
      </div>
    </li>
  );
} // prettier-ignore
