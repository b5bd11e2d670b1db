import { Link } from 'wouter';
import { Section } from '../../design/page';
import { Badge, Time } from '../../design/parts';
import { effectHref, incidentHref } from '../../format/links';
import { countOf, durationOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { useNow } from '../../shell/preferences';
import { useUrl } from '../../shell/url';
import { type IncidentAnswer } from './questions';
import { entriesOf, isMain, type Shown } from './timeline-entries';

type Tone = 'quiet' | 'good' | 'warn' | 'bad';
const TONES: Readonly<Record<string, Tone>> = { onset: 'bad', anomaly_joined: 'warn', severity: 'warn', recovery: 'good' };
const MOST = 500;

const afterOnset = (ms: number): string =>
  ms === 0 ? 'at the onset' : ms > 0 ? `${durationOf(ms)} after the onset` : `${durationOf(-ms)} before the onset`;

/** What happened when: the onset, what was deployed, directives, alerts, and what people did. */
export function Timeline({ answer }: { readonly answer: IncidentAnswer }) {
  const [shown, show] = useUrl('timeline', 'main');
  const all = entriesOf(answer);
  const main = all.filter(isMain);
  const entries = shown === 'all' ? all : main;
  const now = useNow();
  const onset = timeOf(answer.incident.onset_at ?? answer.incident.opened_at);
  return (
    <Section
      title="Timeline"
      beside={
        all.length > main.length && (
          <button type="button" className="button" aria-pressed={shown === 'all'} onClick={() => show(shown === 'all' ? 'main' : 'all')}>
            {shown === 'all' ? 'Without single anomalies' : `With ${countOf(all.length - main.length)} entries of single anomalies`}
          </button>
        )
      }
    >
      <ol className="card timeline">
        {entries.map((entry) => (
          <Entry key={entry.key} entry={entry} onset={onset} now={now} />
        ))}
      </ol>
      {answer.timeline_truncated && <p className="quiet">The first {MOST} entries are shown.</p>}
    </Section>
  );
} // prettier-ignore

const Entry = ({ entry: { kind, text, by, at, iso, ref, service }, onset, now }: { readonly entry: Shown; readonly onset: number; readonly now: number }) => (
  <li data-kind={kind}>
    <span className="timeline-time">
      <Time at={iso} by="clock" />
      <span className="quiet">{afterOnset(at - onset)}</span>
    </span>
    <Badge tone={TONES[kind] ?? 'quiet'}>{kind.replaceAll('_', ' ')}</Badge>
    <span className="timeline-text">
      {text} {by !== '' && <span className="quiet">{by}</span>} {kind === 'merged' && ref !== '' && <Link href={incidentHref(ref)}>Open it</Link>}
      {service !== '' && <Link href={effectHref({ service, at: iso }, now)}>Its effect</Link>}
      {kind === 'directive' && <Link href="/verbosity">Directives</Link>}
    </span>
  </li>
); // prettier-ignore
