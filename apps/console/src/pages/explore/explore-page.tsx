import { useDeploys } from '../../api/deploys';
import { Page } from '../../design/page';
import { Empty } from '../../design/parts';
import { Tabs } from '../../design/tabs';
import { amountOf, rowsName } from './amounts';
import { Chips } from './chips';
import { CopyMenu } from './copy-menu';
import { DifferencesOf } from './differences';
import { Durations } from './durations';
import { type ExploreState, useExploreState } from './explore-state';
import { FacetList } from './facets';
import { MeasureBar } from './measure-bar';
import { OverTime } from './over-time';
import { differencesParams, type Explored, isComparing, seriesParams, useSeries } from './questions';
import { Rows } from './rows';
import { SearchBox } from './search-box';
import { Views } from './views';
import './explore.css';

/** Any question about turns and events that has no page of its own. All of it stands in the address. */
export default function ExplorePage() {
  const state = useExploreState();
  const series = useSeries(state);
  const marks = useDeploys(state.range);
  const isAnswered = series.isSuccess;
  // One refusal says it; the other questions would be refused, too.
  const isRefused = series.isError && !series.data;
  return (
    <Page
      title="Explore"
      subtitle={<Total data={series.data} />}
      actions={
        <>
          <Views />
          <CopyMenu asked={seriesParams(state)} compared={isComparing(state) ? differencesParams(state) : null} sql={series.data?.sql} />
        </>
      }
    >
      <div className="explore-head">
        <SearchBox state={state} />
        <Chips state={state} />
        <MeasureBar state={state} />
      </div>
      <div className="explore">
        {isRefused ? <div /> : <FacetList state={state} after={isAnswered} />}
        <div className="explore-main">
          {isRefused ? (
            <OverTime state={state} series={series} marks={marks} />
          ) : series.data?.total.count === 0 && !series.isPlaceholderData ? (
            <Nothing state={state} />
          ) : (
            <>
              <Tabs
                label="How it is shown"
                param="view"
                tabs={[
                  { id: 'time', name: 'Over time', content: () => <OverTime state={state} series={series} marks={marks} /> },
                  { id: 'durations', name: 'Durations', content: () => <Durations state={state} marks={marks} /> },
                ]}
              />
              <DifferencesOf state={state} />
              <Rows state={state} after={isAnswered} />
            </>
          )}
        </div>
      </div>
    </Page>
  );
} // prettier-ignore

/** The one number of the page. */
function Total({ data }: { readonly data: Explored | undefined }) {
  if (!data) return <>Turns and operations by any field</>;
  const amount = `${data.sampled_one_in > 1 ? '≈ ' : ''}${amountOf(data.unit)(data.total.value)}`;
  return <>{data.aggregation === 'count' ? rowsName(data.of, data.total.count) : `${amount} ${data.aggregation} of ${data.measure}, over ${rowsName(data.of, data.total.count)}`}</>;
} // prettier-ignore

const Nothing = ({ state }: { readonly state: ExploreState }) => (
  <Empty title={state.where === '' ? 'Nothing came in this time' : 'Nothing matches these filters'}>
    <p className="quiet">
      {state.where === ''
        ? 'Choose a longer time. A turn shows a minute after the last of its events.'
        : 'All filters must hold at once. Take one out above, turn one round by clicking it, or choose a longer time.'}
    </p>
    {state.where !== '' && (
      <button type="button" className="button" onClick={() => state.set({ where: '', box: '' })}>
        Take out all filters
      </button>
    )}
  </Empty>
);
