import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Page, Section } from '../../design/page';
import { Stat, Time } from '../../design/parts';
import { incidentHref } from '../../format/links';
import { countOf, moneyOf, numberOf, shareOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { useNow } from '../../shell/preferences';
import { Actions } from './actions';
import { Anomalies } from './anomalies';
import { Causes } from './causes';
import { Earlier } from './earlier';
import { Lasted, Phase, Severity } from './incident-rows';
import { type IncidentAnswer, incidentKey, useIncident, useWhy, whyKey } from './questions';
import { SeriesSection } from './series-section';
import { Timeline } from './timeline';
import { SOON_MS, stateOf, useDeeds } from './use-deeds';

/** One incident: what happened in a sentence, why, what shows it, when what happened, and what can be done. */
export function IncidentPage({ id }: { readonly id: string }) {
  const deeds = useDeeds(id);
  const incident = useIncident(id, (data) =>
    deeds.sent && stateOf(deeds.sent, data, new Date().getTime()) === 'waiting' ? SOON_MS : null,
  );
  const why = useWhy(id);
  return (
    <Page
      title={incident.data?.incident.title ?? 'Incident'}
      subtitle={incident.data ? <Said answer={incident.data} /> : ' '}
      actions={<Link href="/incidents">All incidents</Link>}
    >
      <Asked of={incident} queryKey={incidentKey(id)} height={720}>
        {(answer) => (
          <>
            <Figures of={answer.incident} />
            <Actions answer={answer} why={why.data} deeds={deeds} />
            <Section title="Why">
              <Asked of={why} queryKey={whyKey(id)} height={320}>
                {(found) => <Causes why={found} />}
              </Asked>
            </Section>
            {answer.anomalies.length > 0 && <SeriesSection answer={answer} />}
            <Timeline answer={answer} />
            <Anomalies answer={answer} deeds={deeds} />
            <Earlier of={answer.incident} />
          </>
        )}
      </Asked>
    </Page>
  );
}

const Said = ({ answer: { incident } }: { readonly answer: IncidentAnswer }) => (
  <span className="incident-said">
    <Phase of={incident.phase} /> <Severity of={incident.severity} /> {incident.probable_cause}
    {incident.phase_reason && <span className="quiet">{incident.phase}: {incident.phase_reason}</span>}
    {incident.merged_into && (
      <span>
        It turned out to be part of <Link href={incidentHref(incident.merged_into)}>another incident</Link>.
      </span>
    )}
    {incident.backfill && <span className="quiet">Of events that came long after their own time: it sent no alert.</span>}
  </span>
); // prettier-ignore

function Figures({ of }: { readonly of: IncidentAnswer['incident'] }) {
  const now = useNow();
  const isSilenced = of.silenced_until !== null && timeOf(of.silenced_until) > now;
  return (
    <dl className="stats">
      <Stat name={of.state === 'open' ? 'Goes on for' : 'Lasted'} beside={<>since <Time at={of.onset_at ?? of.opened_at} by="clock" /></>}>
        <Lasted of={of} />
      </Stat>
      <Stat name="Turns touched" beside={of.turns_touched > 0 ? `${countOf(of.bad_turns)} ended badly, ${shareOf(of.bad_turns, of.turns_touched)}` : 'counted from turns since the onset'}>
        {countOf(of.turns_touched)}
      </Stat>
      <Stat name="Users touched" beside={of.users_touched > 63 ? 'about: more than 63 are estimated' : ' '}>
        {countOf(of.users_touched)}
      </Stat>
      <Stat name="Cost beyond the usual" beside="of all turns of its services since the onset">
        {moneyOf(Math.max(0, numberOf(of.cost_nano_usd)))}
      </Stat>
      <Stat name="Owner" beside={of.acknowledged_at === null ? 'not acknowledged' : <>acknowledged by {of.acknowledged_by} <Time at={of.acknowledged_at} /></>}>
        {of.owner || 'nobody'}
      </Stat>
      {isSilenced && of.silenced_until !== null && (
        <Stat name="Silenced" beside={<>until <Time at={of.silenced_until} by="clock" /></>}>
          <Time at={of.silenced_until} by="ago" />
        </Stat>
      )}
    </dl>
  );
} // prettier-ignore
