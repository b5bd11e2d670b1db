import { useMemo } from 'react';
import { Link } from 'wouter';
import { Section } from '../../design/page';
import { Empty, Failure, Kind, Outcome, Skeleton, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { turnHref } from '../../format/links';
import { durationOf, moneyOf } from '../../format/numbers';
import { type ExploreState } from './explore-state';
import { type ExploredRow, isComparing, useRows } from './questions';

const hrefOf = ({ id, turn_id: turn, kind }: ExploredRow): string => turnHref(turn, { op: kind === 'turn' ? undefined : id });

const WHEN: TableColumn<ExploredRow> = { id: 'ts', name: 'When', cell: ({ ts }) => <Time at={ts} />, sortBy: ({ ts }) => ts, width: '150px' }; // prettier-ignore
const SERVICE: TableColumn<ExploredRow> = { id: 'service', name: 'Service', cell: ({ service_name: name, service_version: version }) => `${name} ${version}`, sortBy: ({ service_name: name }) => name, width: 'minmax(90px, 0.6fr)' }; // prettier-ignore
const AMOUNTS: readonly TableColumn<ExploredRow>[] = [
  { id: 'duration', name: 'Took', cell: ({ duration_ms: ms }) => durationOf(ms), sortBy: ({ duration_ms: ms }) => ms, isNumber: true, width: '90px' },
  { id: 'cost', name: 'Cost', cell: ({ cost_nano_usd: cost }) => moneyOf(cost), sortBy: ({ cost_nano_usd: cost }) => (cost === null ? null : Number(cost)), isNumber: true, width: '90px' },
]; // prettier-ignore
const TURNS: readonly TableColumn<ExploredRow>[] = [
  WHEN,
  { id: 'asked', name: 'Asked', cell: (row) => <Link href={hrefOf(row)} title={row.preview}>{row.preview || row.name || row.id}</Link>, width: 'minmax(160px, 2fr)' },
  { id: 'intent', name: 'Intent', cell: ({ intent }) => intent, sortBy: ({ intent }) => intent, width: 'minmax(80px, 0.7fr)' },
  SERVICE,
  { id: 'outcome', name: 'Outcome', cell: ({ outcome }) => <Outcome of={outcome} />, sortBy: ({ outcome }) => outcome, width: '110px' },
  ...AMOUNTS,
]; // prettier-ignore
const EVENTS: readonly TableColumn<ExploredRow>[] = [
  WHEN,
  { id: 'kind', name: 'Kind', cell: ({ kind }) => <Kind of={kind} />, sortBy: ({ kind }) => kind, width: '100px' },
  { id: 'name', name: 'Name', cell: (row) => (row.turn_id === '' ? row.name : <Link href={hrefOf(row)}>{row.name || row.id}</Link>), sortBy: ({ name }) => name, width: 'minmax(120px, 1fr)' },
  SERVICE,
  { id: 'status', name: 'Status', cell: ({ status, error_type: type }) => (type === '' ? <Outcome of={status} /> : <span title={type}><Outcome of={status} /> {type}</span>), sortBy: ({ status }) => status, width: 'minmax(90px, 0.7fr)' },
  ...AMOUNTS,
]; // prettier-ignore

/** The rows themselves: of what is selected, where something is. */
export function Rows({ state, after }: { readonly state: ExploreState; readonly after: boolean }) {
  const rows = useRows(state, after);
  const list = useMemo(() => rows.data?.pages.flatMap((page) => page.rows) ?? [], [rows.data]);
  const isSelection = isComparing(state);
  const name = state.of === 'turns' ? 'Turns' : 'Operations and logs';
  return (
    <Section title={isSelection ? `Selected ${name.toLowerCase()}` : name}>
      {rows.isError && <Failure error={rows.error} again={() => void rows.refetch()} />}
      {!rows.data && !rows.isError && <Skeleton height={400} />}
      {rows.data && list.length === 0 && (
        <Empty title="Nothing here">
          <p className="quiet">Choose a longer time, or take out a filter. A turn shows a minute after the last of its events.</p>
        </Empty>
      )}
      {list.length > 0 && (
        <>
          <DataTable
            label={name}
            rows={list}
            columns={state.of === 'turns' ? TURNS : EVENTS}
            rowId={({ id }) => id}
            href={hrefOf}
            maxHeight={520}
          />
          <p className="quiet">
            The newest {list.length.toLocaleString('en-US')}
            {rows.hasNextPage ? '; there are more ' : ', which are all'}
            {rows.hasNextPage && (
              <button
                type="button"
                className="button"
                disabled={rows.isFetchingNextPage}
                onClick={() => void rows.fetchNextPage()}
              >
                Show more
              </button>
            )}
          </p>
        </>
      )}
    </Section>
  );
}
