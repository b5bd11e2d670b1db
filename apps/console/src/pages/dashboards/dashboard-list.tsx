import { Link } from 'wouter';
import { dashboardHref, hrefOf } from '../../format/links';
import { type Choice, type DashboardList } from './questions';

const MOST_SHOWN = 12;

/** What there is to look at: pinned dashboards first, then those that can be made. */
export function DashboardChips({ list, choice }: { readonly list: DashboardList; readonly choice: Choice }) {
  const shown = list.proposed.slice(0, MOST_SHOWN);
  return (
    <nav className="dashboard-chips" aria-label="Dashboards">
      {list.pinned.length > 0 && (
        <div>
          <span className="quiet">Pinned</span>
          <ul>
            {list.pinned.map(({ name, title, about }) => (
              <li key={name}>
                <Link href={dashboardHref(name)} title={about} aria-current={name === choice.name ? 'page' : undefined}>{title}</Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <span className="quiet">Made of the data</span>
        <ul>
          {shown.map(({ title, why, service, incident }) => {
            const isHere = choice.name === '' && (service ?? '') === choice.service && (incident ?? '') === choice.incident;
            return (
              <li key={`${service ?? ''} ${incident ?? ''}`}>
                <Link href={hrefOf('/dashboards', { service: service ?? '', incident: incident ?? '' })} title={why} aria-current={isHere ? 'page' : undefined}>
                  {incident === null ? title : `Incident: ${title}`}
                </Link>
              </li>
            );
          })}
        </ul>
        {list.proposed.length > shown.length && <span className="quiet">and of {list.proposed.length - shown.length} more services: choose one under Service</span>}
      </div>
    </nav>
  );
} // prettier-ignore
