import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Choice, Suggest } from '../../design/fields';
import { Page } from '../../design/page';
import { Empty, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { incidentHref } from '../../format/links';
import { countOf, numberOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { Lasted, Phase, Severity } from './incident-rows';
import { type Incident, useIncidents } from './questions';

const SEVERITIES = ['info', 'warning', 'critical'];
const STATES = [
  ['', 'all'],
  ['open', 'open'],
  ['closed', 'resolved'],
] as const;

const COLUMNS: readonly TableColumn<Incident>[] = [
  { id: 'phase', name: 'Phase', width: '100px', cell: ({ phase }) => <Phase of={phase} />, sortBy: ({ state }) => (state === 'open' ? 0 : 1) },
  { id: 'severity', name: 'Severity', width: '96px', cell: ({ severity }) => <Severity of={severity} />, sortBy: ({ severity }) => -SEVERITIES.indexOf(severity) },
  { id: 'title', name: 'What', width: 'minmax(220px, 3fr)', cell: ({ id, title }) => <Link href={incidentHref(id)} title={title}>{title}</Link> },
  { id: 'cause', name: 'Said of it', width: 'minmax(120px, 2fr)', cell: ({ probable_cause: cause }) => <span title={cause}>{cause}</span> },
  { id: 'owner', name: 'Owner', width: '88px', cell: ({ owner }) => owner || <span className="quiet">nobody</span>, sortBy: ({ owner }) => owner },
  { id: 'bad', name: 'Bad turns', isNumber: true, width: '100px', cell: ({ bad_turns: bad }) => countOf(bad), sortBy: ({ bad_turns: bad }) => numberOf(bad) },
  { id: 'lasted', name: 'Lasts', isNumber: true, width: '96px', cell: (one) => <Lasted of={one} /> },
  { id: 'opened', name: 'Opened', isNumber: true, width: '96px', cell: ({ opened_at: at }) => <Time at={at} />, sortBy: ({ opened_at: at }) => timeOf(at) },
]; // prettier-ignore

export function IncidentsPage() {
  const { since, until } = useRange('7d');
  const [state, setState] = useUrl('state');
  const [service, setService] = useUrl('service');
  const incidents = useIncidents({ since, until, state, service });
  const rows = incidents.data?.pages.flatMap((page) => page.incidents) ?? [];
  return (
    <Page title="Incidents" subtitle="Anomalies that belong together, with a cause, a life and a timeline; the newest first">
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <RangePicker fallback="7d" />
        <Choice label="State" value={state} options={STATES} onChange={setState} />
        <Suggest key={service} field="service_name" label="Service" value={service} placeholder="all" onChange={setService} />
      </form>
      <Asked of={incidents} queryKey={['incidents', since, until, state, service]} height={420}>
        {() =>
          rows.length === 0 ? (
            <NoIncident isFiltered={state !== '' || service !== ''} />
          ) : (
            <>
              <DataTable
                label="Incidents"
                rows={rows}
                columns={COLUMNS}
                rowId={({ id }) => id}
                href={({ id }) => incidentHref(id)}
              />
              <p className="quiet">
                {countOf(rows.length)} shown{incidents.hasNextPage ? '; there are more' : ', which is all'}{' '}
                {incidents.hasNextPage && (
                  <button
                    type="button"
                    className="button"
                    disabled={incidents.isFetchingNextPage}
                    onClick={() => void incidents.fetchNextPage()}
                  >
                    Show more
                  </button>
                )}
              </p>
            </>
          )
        }
      </Asked>
    </Page>
  );
}

const NoIncident = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <Empty title={isFiltered ? 'No incident like this' : 'No incident'}>
    <p className="quiet">
      {isFiltered
        ? 'Choose a longer time, or take out a filter.'
        : 'The detector opens one when series depart from what is usual for them. '}
      {!isFiltered && (
        <>
          A series is watched once enough is known of it: <Link href="/detection">detection</Link> says which are, or{' '}
          <code>telltale detector status</code>.
        </>
      )}
    </p>
  </Empty>
);
