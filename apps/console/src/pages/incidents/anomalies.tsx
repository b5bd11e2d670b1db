import { useState } from 'react';
import { useCan } from '../../api/session';
import { Section } from '../../design/page';
import { Badge, TableFrame, Time } from '../../design/parts';
import { countOf } from '../../format/numbers';
import { useUrlChange } from '../../shell/url';
import { type Asking, DeedDialog } from './deed-forms';
import { type Anomaly, type IncidentAnswer } from './questions';
import { type useDeeds } from './use-deeds';

interface AnomaliesProps {
  readonly answer: IncidentAnswer;
  readonly deeds: ReturnType<typeof useDeeds>;
}

/** What departed from its baseline, each to be looked at and labelled. */
export function Anomalies({ answer: { anomalies, incident }, deeds }: AnomaliesProps) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const { can, why } = useCan('control');
  return (
    <Section title="Anomalies">
      {anomalies.length === 0 ? (
        <p className="card quiet">It rests on no anomaly of a series{incident.kind === 'cost' ? ': it is about spend or a budget' : ''}.</p>
      ) : (
        <TableFrame label="Anomalies">
          <table className="rows anomalies">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">State</th>
                <th scope="col">Began</th>
                <th scope="col" className="number">Score</th>
                <th scope="col">What to do</th>
              </tr>
            </thead>
            <tbody>
              {anomalies.map((one) => (
                <Row key={one.id} anomaly={one} isCause={one.id === incident.cause_anomaly_id} whyNot={can ? undefined : why} onLabel={() => setAsking({ kind: 'label', anomaly: one })} />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {incident.anomaly_ids.length > anomalies.length && <p className="quiet">{countOf(anomalies.length)} of {countOf(incident.anomaly_ids.length)} are kept still.</p>}
      <DeedDialog asking={asking} incident={incident} by={deeds.by} onClose={() => setAsking(null)} onDo={(deed) => { setAsking(null); deeds.run(deed, incident); window.scrollTo({ top: 0 }); }} />
    </Section>
  );
} // prettier-ignore

interface RowProps {
  readonly anomaly: Anomaly;
  readonly isCause: boolean;
  readonly whyNot: string | undefined;
  readonly onLabel: () => void;
}
function Row({ anomaly, isCause, whyNot, onLabel }: RowProps) {
  const change = useUrlChange();
  return (
    <tr>
      <td className="anomaly-summary">
        {anomaly.summary} {isCause && <Badge tone="warn">it is titled by this</Badge>}{' '}
        {anomaly.parent_anomaly_id !== '' && <span className="quiet">part of another anomaly</span>}
        {anomaly.in_maintenance && <span className="quiet">in planned work</span>}
      </td>
      <td>{anomaly.ended_at === null ? <Badge tone="bad">open</Badge> : <span className="quiet">over</span>}</td>
      <td><Time at={anomaly.started_at} /></td>
      <td className="number">{Number(anomaly.score.toPrecision(2))}</td>
      <td className="anomaly-actions">
        <button type="button" className="link" onClick={() => change({ anomaly: anomaly.id })}>
          Its series
        </button>
        <button type="button" className="link" disabled={whyNot !== undefined} title={whyNot} onClick={onLabel}>
          Label…
        </button>
      </td>
    </tr>
  );
} // prettier-ignore
