import { Link } from 'wouter';
import { Badge, Time } from '../../design/parts';
import { incidentHref } from '../../format/links';
import { durationOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { useNow } from '../../shell/preferences';
import { type Incident } from './questions';
import './incident-rows.css';

type Tone = 'quiet' | 'good' | 'warn' | 'bad';
const PHASE_TONES: Readonly<Record<string, Tone>> = {
  open: 'bad',
  worsening: 'bad',
  reopened: 'bad',
  improving: 'warn',
  resolved: 'good',
};
const SEVERITY_TONES: Readonly<Record<string, Tone>> = { critical: 'bad', warning: 'warn', info: 'quiet' };

export const Phase = ({ of }: { readonly of: string }) => <Badge tone={PHASE_TONES[of] ?? 'quiet'}>{of}</Badge>;
export const Severity = ({ of }: { readonly of: string }) => <Badge tone={SEVERITY_TONES[of] ?? 'quiet'}>{of}</Badge>;

/** How long it lasted, or lasts. */
export function Lasted({ of: { onset_at: onset, opened_at: opened, closed_at: closed } }: { readonly of: Pick<Incident, 'onset_at' | 'opened_at' | 'closed_at'> }) {
  const now = useNow();
  return <>{durationOf(Math.max(0, (closed === null ? now : timeOf(closed)) - timeOf(onset ?? opened)))}</>;
} // prettier-ignore

/** Some incidents; the list of all has sorting and keys besides. */
export const IncidentRows = ({ incidents }: { readonly incidents: readonly Incident[] }) => (
  <ul className="card incident-rows">
    {incidents.map((one) => (
      <li key={one.id}>
        <span className="incident-badges">
          <Phase of={one.phase} />
          {one.state === 'open' && <Severity of={one.severity} />}
        </span>
        <span>
          <Link href={incidentHref(one.id)}>{one.title}</Link>
          <span className="quiet incident-cause">{one.probable_cause}</span>
        </span>
        <Time at={one.opened_at} />
      </li>
    ))}
  </ul>
);
