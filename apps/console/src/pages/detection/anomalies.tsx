import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Empty, Outcome, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { Tip } from '../../design/tip';
import { seriesHref } from '../../format/links';
import { countOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { type Range } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { LabelDialog } from './label-dialog';
import { anomaliesKey, type AnomalyRow, MOST, useAnomalies, useLabels } from './questions';
import { nameOfChannel, nameOfLabel, nameOfSeries } from './series-words';

interface AnomaliesProps {
  readonly of: { readonly service: string; readonly metric: string };
  readonly range: Range;
}

/** What was found, and what people said that it was. */
export function Anomalies({ of, range }: AnomaliesProps) {
  const anomalies = useAnomalies(of, range);
  return (
    <Asked of={anomalies} queryKey={anomaliesKey(of, range)} height={360}>
      {({ anomalies: rows, next_cursor: next }) =>
        rows.length === 0 ? (
          <Empty title="No anomaly in this time">
            <p className="quiet">
              One opens when a series departs from what is usual for it, by more than is accepted by chance. Readiness says which
              series are judged already.
            </p>
          </Empty>
        ) : (
          <>
            <AnomalyTable rows={rows} />
            {next !== undefined && <p className="quiet">The newest {countOf(MOST)} are shown; there are more.</p>}
          </>
        )
      }
    </Asked>
  );
}

type Labeled = AnomalyRow & { readonly said: string };

const columnsFor = (choose: (id: string) => void, withSeries: boolean): readonly TableColumn<Labeled>[] => [
  { id: 'state', name: 'State', width: '90px', cell: ({ state }) => <Outcome of={state} />, sortBy: ({ state }) => state },
  { id: 'at', name: 'Started', width: '140px', cell: ({ started_at: at }) => <Time at={at} />, sortBy: ({ started_at: at }) => timeOf(at) },
  ...(withSeries
    ? [{ id: 'series', name: 'Series', width: 'minmax(150px, 1fr)', cell: ({ series_id: id, dimensions }: Labeled) => <Link href={seriesHref(id)}>{nameOfSeries(dimensions)}</Link>, sortBy: ({ dimensions }: Labeled) => nameOfSeries(dimensions) }]
    : []),
  { id: 'what', name: 'What', width: 'minmax(220px, 3fr)', cell: ({ summary }) => <Tip text={summary}><span tabIndex={-1}>{summary}</span></Tip> },
  { id: 'channel', name: 'By', width: '140px', cell: ({ channel }) => nameOfChannel(channel), sortBy: ({ channel }) => nameOfChannel(channel) },
  { id: 'score', name: 'Size', isNumber: true, width: '80px', cell: ({ score }) => (score > 0 ? `${score.toFixed(1)} σ` : '–'), sortBy: ({ score }) => score },
  {
    id: 'label',
    name: 'Label',
    width: '140px',
    cell: ({ id, said, summary }) => (
      <button type="button" className="button detection-label" aria-label={`${said === '' ? 'Label…' : nameOfLabel(said)} ${summary}`} onClick={() => choose(id)}>
        {said === '' ? 'Label…' : nameOfLabel(said)}
      </button>
    ),
    sortBy: ({ said }) => said,
  },
]; // prettier-ignore

/** Anomalies with their labels. Which one is being labeled stands in the address. */
export function AnomalyTable({
  rows,
  withSeries = true,
}: {
  readonly rows: readonly AnomalyRow[];
  readonly withSeries?: boolean;
}) {
  const labels = useLabels();
  const [chosen, choose] = useUrl('anomaly');
  const said = new Map(labels.data?.labels.map(({ anomaly_id: id, label }) => [id, label]));
  const labeled = rows.map((row) => ({ ...row, said: said.get(row.id) ?? '' }));
  const open = labeled.find(({ id }) => id === chosen);
  return (
    <>
      <DataTable
        label="Anomalies"
        rows={labeled}
        columns={columnsFor(choose, withSeries)}
        rowId={({ id }) => id}
        onChoose={({ id }) => choose(id)}
        chosen={chosen}
      />
      <LabelDialog anomaly={open} said={open?.said ?? ''} onClose={() => choose('')} />
    </>
  );
}
