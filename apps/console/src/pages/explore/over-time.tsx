import { TableFrame } from '../../design/parts';
import { useMemo } from 'react';
import { type Mark } from '../../api/deploys';
import { Asked } from '../../design/asked';
import { type TimeSeries } from '../../design/chart/time-series';
import { TimeChart } from '../../design/chart/time-chart';
import { amountOf, groupName, percentOf, rowsName } from './amounts';
import { type ExploreState } from './explore-state';
import { withValue } from './filter-text';
import { type Explored, seriesKey, type SeriesQuery } from './questions';

const HEIGHT = 240;
/** States have their own tones; other values get a colour each. */
const TONES: Readonly<Record<string, TimeSeries['tone']>> = { error: 'bad', answered: 'good', ok: 'good', abandoned: 'warn' };

type Groups = Explored['groups'];
interface OverTimeProps {
  readonly state: ExploreState;
  readonly series: SeriesQuery;
  readonly marks: readonly Mark[];
}

/** The measure over time, one line a group. */
export const OverTime = ({ state, series, marks }: OverTimeProps) => (
  <Asked of={series} queryKey={seriesKey(state)} height={HEIGHT + 120}>
    {(data) => <Series state={state} data={data} marks={marks} />}
  </Asked>
);

function Series({ state, data, marks }: { readonly state: ExploreState; readonly data: Explored; readonly marks: readonly Mark[] }) {
  const amount = amountOf(data.unit);
  const adds = data.aggregation === 'count' || data.aggregation === 'sum';
  const lines = useMemo(() => {
    const at = data.times.map((time) => Date.parse(time));
    const line = (name: string, values: Groups[number]['values'], tone?: TimeSeries['tone']): TimeSeries => ({
      name,
      points: values.map((value, i) => [at[i] ?? 0, value]),
      form: adds ? 'bar' : 'line',
      ...(tone ? { tone } : {}),
    });
    if (data.groups.length === 0) return [line(data.aggregation === 'count' ? data.of : `${data.aggregation} of ${data.measure}`, data.total.values)];
    return data.groups.map(({ by, values }) => line(groupName(by), values, by === null ? 'quiet' : TONES[Object.values(by)[0] ?? '']));
  }, [data, adds]);
  return (
    <>
      <TimeChart
        label={`${data.aggregation} of ${data.measure} of ${data.of} over time`}
        series={lines}
        from={Date.parse(data.since)}
        to={Date.parse(data.until)}
        amount={amount}
        height={HEIGHT}
        marks={marks}
        isStacked={adds && lines.length > 1}
        onZoom={state.range.setRange}
        pinned={(at) => (
          <p className="explore-pinned">
            <button type="button" className="button" onClick={() => state.range.setRange(at, at + data.step_ms)}>
              Only this time
            </button>
            <button type="button" className="button" onClick={() => state.set({ view: 'durations', box: [at, at + data.step_ms, 0, 1e10].join('_') })}>
              Compare it with the rest
            </button>
          </p>
        )}
      />
      <p className="quiet explore-note">
        One {data.groups.length > 0 ? 'point of each group' : 'point'} for {amountOf('ms')(data.step_ms)}
        {data.sampled_one_in > 1 && `; ≈ one turn in ${data.sampled_one_in} was read`}
      </p>
      {data.groups.length > 0 && <GroupTable state={state} data={data} />}
    </>
  );
} // prettier-ignore

/** The groups as numbers, each to filter by or to compare with the rest. */
function GroupTable({ state, data }: { readonly state: ExploreState; readonly data: Explored }) {
  const amount = amountOf(data.unit);
  const adds = data.aggregation === 'count' || data.aggregation === 'sum';
  const shown = data.groups.filter(({ by }) => by !== null).length;
  const filter = (by: Readonly<Record<string, string>>, isNegated: boolean): string =>
    Object.entries(by).reduce((text, [field, value]) => withValue(text, field, value, isNegated), state.where);
  return (
    <TableFrame label="Groups">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">{data.by.join(' · ')}</th>
            <th scope="col" className="number">{data.aggregation === 'count' ? data.of : `${data.aggregation} of ${data.measure}`}</th>
            {adds && <th scope="col" className="number">share</th>}
            {data.aggregation !== 'count' && <th scope="col" className="number">{data.of}</th>}
            <th scope="col"><span className="visually-hidden">what to do</span></th>
          </tr>
        </thead>
        <tbody>
          {data.groups.map(({ by, value, count }) => (
            <tr key={by === null ? '\u0000' : Object.values(by).join('\u0000')}>
              <td title={groupName(by)}>{by === null ? `all others: ${(data.group_count - shown).toLocaleString('en-US')} groups` : groupName(by)}</td>
              <td className="number">{amount(value)}</td>
              {adds && <td className="number">{value === null || !data.total.value ? '–' : percentOf(value / data.total.value)}</td>}
              {data.aggregation !== 'count' && <td className="number">{amountOf('rows')(count)}</td>}
              <td>
                {by !== null && (
                  <div className="explore-acts">
                    <button type="button" onClick={() => state.set({ where: filter(by, false), box: '' })}>only</button>
                    {data.by.length === 1 && <button type="button" onClick={() => state.set({ where: filter(by, true), box: '' })}>without</button>}
                    <button type="button" onClick={() => state.set({ selected: Object.entries(by).reduce((text, [field, one]) => withValue(text, field, one), ''), box: '' })}>compare</button>
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>all {rowsName(data.of, data.total.count)}</td>
            <td className="number">{amount(data.total.value)}</td>
            {adds && <td className="number" />}
            {data.aggregation !== 'count' && <td className="number">{amountOf('rows')(data.total.count)}</td>}
            <td />
          </tr>
        </tfoot>
      </table>
    </TableFrame>
  );
} // prettier-ignore
