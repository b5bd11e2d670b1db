import { type Incident } from '@telltale/api-client';
import { useIncidents } from '../api/questions';
import { Empty, Failure, Outcome, Skeleton, Time } from '../design/parts';

const MOST = 100;

export default function IncidentsPage() {
  const incidents = useIncidents(MOST);
  return (
    <>
      <header>
        <h1>Incidents</h1>
        <p className="quiet">Of the last seven days, the newest first</p>
      </header>
      {incidents.isPending && <Skeleton height={320} />}
      {incidents.isError && <Failure error={incidents.error} again={() => void incidents.refetch()} />}
      {incidents.data?.incidents.length === 0 && (
        <Empty title="No incident">
          <p className="quiet">The detector opens one when a series departs from what is usual for it.</p>
        </Empty>
      )}
      {incidents.data && incidents.data.incidents.length > 0 && <IncidentRows incidents={incidents.data.incidents} />}
      {incidents.data?.next_cursor !== undefined && <p className="quiet">The newest {MOST} are shown.</p>}
    </>
  );
}

export const IncidentRows = ({ incidents }: { readonly incidents: readonly Incident[] }) => (
  <div className="table-frame" tabIndex={0} role="region" aria-label="Incidents">
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">What</th>
          <th scope="col">Probable cause</th>
          <th scope="col">Opened</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map(({ id, state, title, probable_cause: cause, opened_at: opened }) => (
          <tr key={id}>
            <td>
              <Outcome of={state} />
            </td>
            <td title={title}>{title}</td>
            <td title={cause}>{cause}</td>
            <td>
              <Time at={opened} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
