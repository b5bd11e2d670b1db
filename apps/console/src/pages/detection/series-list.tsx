import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Badge, Empty, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { seriesHref } from '../../format/links';
import { timeOf } from '../../format/times';
import { countOf } from '../../format/numbers';
import { type Range } from '../../shell/range';
import { MOST, seriesKey, type SeriesRow, useSeries } from './questions';
import { amountOfMetric, nameOfSeries, ratioOf, ratioText } from './series-words';

/** So many standard deviations are rarer than once in a thousand windows. */
const FAR = 3.1;

const amount = (metric: string, value: number | null): string => (value === null ? '–' : amountOfMetric(metric)(value));
const ratio = ({ last_p50: value, last_expected: expected }: SeriesRow): number | null => ratioOf(value, expected);

const COLUMNS: readonly TableColumn<SeriesRow>[] = [
  {
    id: 'series',
    name: 'Series',
    width: 'minmax(180px, 2fr)',
    cell: ({ series_id: id, labels }) => <Link href={seriesHref(id)}>{nameOfSeries(labels)}</Link>,
    sortBy: ({ labels }) => nameOfSeries(labels),
  },
  { id: 'metric', name: 'Metric', width: 'minmax(140px, 1fr)', cell: ({ metric_name: metric }) => metric, sortBy: ({ metric_name: metric }) => metric },
  { id: 'last', name: 'Last median', isNumber: true, cell: ({ metric_name: metric, last_p50: value }) => amount(metric, value), sortBy: ({ last_p50: value }) => value },
  { id: 'expected', name: 'Expected', isNumber: true, cell: ({ metric_name: metric, last_expected: value }) => amount(metric, value), sortBy: ({ last_expected: value }) => value },
  { id: 'ratio', name: 'Of expected', isNumber: true, cell: (row) => ratioText(ratio(row)), sortBy: ratio },
  {
    id: 'peak',
    name: 'Furthest',
    isNumber: true,
    cell: ({ peak_score: peak }) =>
      peak === null ? <span className="quiet">not scored</span> : peak >= FAR ? <Badge tone="bad">{peak.toFixed(1)} σ</Badge> : `${peak.toFixed(1)} σ`,
    sortBy: ({ peak_score: peak }) => peak,
  },
  { id: 'events', name: 'Values', isNumber: true, cell: ({ events }) => countOf(Math.round(events)), sortBy: ({ events }) => events },
  { id: 'at', name: 'Last window', width: '150px', cell: ({ last_window_at: at }) => <Time at={at} />, sortBy: ({ last_window_at: at }) => timeOf(at) },
]; // prettier-ignore

interface SeriesListProps {
  readonly of: { readonly service: string; readonly metric: string };
  readonly range: Range;
}

/** Every series with values in the range, the furthest deviation first. */
export function SeriesList({ of, range }: SeriesListProps) {
  const series = useSeries(of, range);
  return (
    <Asked of={series} queryKey={seriesKey(of, range)} height={480}>
      {({ series: rows, next_cursor: next }) =>
        rows.length === 0 ? (
          <Empty title="No series in this time">
            <p className="quiet">
              A series is a metric of a service, a tool, a model or another part. The first one is there a few seconds after the
              first event. Choose a longer time, or take out a filter.
            </p>
          </Empty>
        ) : (
          <>
            <DataTable
              label="Series"
              rows={rows}
              columns={COLUMNS}
              rowId={({ series_id: id }) => id}
              href={({ series_id: id }) => seriesHref(id)}
            />
            <p className="quiet">
              {next === undefined
                ? `${countOf(rows.length)} series`
                : `The ${countOf(MOST)} series that went furthest; there are more`}
              . σ: standard deviations of a normal distribution that are as rare; the furthest window of this time.
            </p>
          </>
        )
      }
    </Asked>
  );
}
