import { Asked } from '../../design/asked';
import { Section } from '../../design/page';
import { IncidentRows } from './incident-rows';
import { type Incident, useEarlier } from './questions';

const MOST = 8;

/** Incidents of the same name: whether it was like this before, and how that ended. */
export function Earlier({ of }: { readonly of: Incident }) {
  const earlier = useEarlier(of);
  return (
    <Section title="The same before">
      <Asked of={earlier} height={80}>
        {({ incidents, isCut }) => (
          <>
            {incidents.length === 0 ? (
              <p className="card quiet">No other incident of this name in the last 90 days.</p>
            ) : (
              <IncidentRows incidents={incidents.slice(0, MOST)} />
            )}
            {incidents.length > MOST && <p className="quiet">{MOST} of {incidents.length} are shown.</p>}
            {isCut && <p className="quiet">Only the newest 200 incidents of the service were looked through.</p>}
          </>
        )}
      </Asked>
    </Section>
  );
} // prettier-ignore
