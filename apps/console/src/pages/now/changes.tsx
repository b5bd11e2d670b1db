import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Section } from '../../design/page';
import { Badge, Time } from '../../design/parts';
import { effectHref } from '../../format/links';
import { countOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { useNow } from '../../shell/preferences';
import { IncidentRows } from '../incidents/incident-rows';
import { type Health } from './questions';

const SHOWN = 6;

interface Change {
  readonly key: string;
  readonly at: string;
  readonly kind: 'deploy' | 'anomaly';
  readonly text: ReactNode;
  readonly beside: string;
  /** What was deployed, and when. */
  readonly deploy?: { readonly service: string; readonly at: string };
}

/** What changed in this time, the newest first. */
export const changesOf = ({ changed: { deploys, anomalies } }: Pick<Health, 'changed'>): Change[] =>
  [
    ...deploys.map(({ id, at, text, service_name: service, version }): Change => ({ key: `deploy ${id}`, at, kind: 'deploy', text: text || `${service} ${version}`, beside: service, ...(service !== '' && { deploy: { service, at } }) })),
    ...anomalies.map(({ id, started_at: at, summary, ended_at: ended, dimensions }): Change => ({
      key: `anomaly ${id}`, at, kind: 'anomaly', text: summary, beside: ended === null ? 'goes on' : `over; ${dimensions['service_name'] ?? ''}`.replace(/; $/, ''),
    })),
  ].sort((a, b) => timeOf(b.at) - timeOf(a.at)); // prettier-ignore

export function Changes({ health }: { readonly health: Health }) {
  const { incidents, open_incidents: open, changed } = health;
  const [isAll, setAll] = useState(false);
  const now = useNow();
  const all = changesOf(health);
  const changes = isAll ? all : all.slice(0, SHOWN);
  const left = changed.deploys_total + changed.anomalies_total - all.length;
  return (
    <div className="now-columns">
      <Section title="Incidents" beside={<Link href="/incidents">All incidents</Link>}>
        {incidents.length === 0 ? (
          <p className="card quiet">No incident is open, and none opened in the last seven days.</p>
        ) : (
          <IncidentRows incidents={incidents} />
        )}
        {open > incidents.length && (
          <p className="quiet">
            {countOf(incidents.length)} of {countOf(open)} open ones are shown.
          </p>
        )}
      </Section>
      <Section title="What changed">
        {changes.length === 0 ? (
          <p className="card quiet">Nothing was deployed in this time, and no series departed from what is usual for it.</p>
        ) : (
          <ol className="card now-changes">
            {changes.map(({ key, at, kind, text, beside, deploy }) => (
              <li key={key}>
                <Badge tone={kind === 'deploy' ? 'quiet' : 'warn'}>{kind}</Badge>
                <span>
                  {text} <span className="quiet">{beside}</span>{' '}
                  {deploy && <Link href={effectHref(deploy, now)}>Its effect</Link>}
                </span>
                <Time at={at} />
              </li>
            ))}
          </ol>
        )}
        {all.length > changes.length && (
          <button type="button" className="button self-start" onClick={() => setAll(true)}>
            Show {all.length - changes.length} more
          </button>
        )}
        {left > 0 && changes.length === all.length && (
          <p className="quiet">
            {countOf(left)} more are not shown: {countOf(changed.deploys_total)} deploys and {countOf(changed.anomalies_total)}{' '}
            anomalies in all.
          </p>
        )}
      </Section>
    </div>
  );
}
