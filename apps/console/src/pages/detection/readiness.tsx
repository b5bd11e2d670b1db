import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Badge, Empty, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { seriesHref } from '../../format/links';
import { countOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { MOST, readinessKey, type ReadinessRow, useReadiness } from './questions';
import { nameOfSeries } from './series-words';

const COLUMNS: readonly TableColumn<ReadinessRow>[] = [
  { id: 'state', name: 'State', width: '110px', cell: ({ state }) => <Badge tone={state === 'watched' ? 'good' : 'warn'}>{state}</Badge>, sortBy: ({ state }) => state },
  { id: 'series', name: 'Series', width: 'minmax(180px, 2fr)', cell: ({ series_id: id, labels }) => <Link href={seriesHref(id)}>{nameOfSeries(labels)}</Link>, sortBy: ({ labels }) => nameOfSeries(labels) },
  { id: 'metric', name: 'Metric', width: 'minmax(140px, 1fr)', cell: ({ metric_name: metric }) => metric, sortBy: ({ metric_name: metric }) => metric },
  { id: 'calls', name: 'Values', isNumber: true, cell: ({ calls }) => countOf(Math.round(calls)), sortBy: ({ calls }) => calls },
  { id: 'pace', name: 'An hour', isNumber: true, cell: ({ calls_per_hour: pace }) => Number(pace.toPrecision(3)).toLocaleString('en-US'), sortBy: ({ calls_per_hour: pace }) => pace },
  { id: 'until', name: 'Watched from', width: '170px', cell: ({ watched_from: at }) => (at === null ? 'now' : <Time at={at} />), sortBy: ({ watched_from: at }) => (at === null ? 0 : timeOf(at)) },
]; // prettier-ignore

/** What is warming up, and until when at its present pace. */
export function Readiness({ of }: { readonly of: { readonly service: string; readonly metric: string } }) {
  const readiness = useReadiness(of);
  return (
    <Asked of={readiness} queryKey={readinessKey(of)} height={360}>
      {({ series: rows, next_cursor: next }) =>
        rows.length === 0 ? (
          <Empty title="Nothing is learned yet">
            <p className="quiet">
              A series is judged after 28 calls where it is rare, after 31 runs where it is busy. Send events, and look here a
              minute later.
            </p>
          </Empty>
        ) : (
          <>
            <DataTable
              label="Readiness"
              rows={rows}
              columns={COLUMNS}
              rowId={({ series_id: id }) => id}
              href={({ series_id: id }) => seriesHref(id)}
            />
            <p className="quiet">
              Series with values in the last day{next === undefined ? '' : `, the first ${countOf(MOST)}`}, those still learning
              first. The time is when each will be known well enough at its present pace. Counts (errors, logs, traffic) are
              judged from the start.
            </p>
          </>
        )
      }
    </Asked>
  );
}
