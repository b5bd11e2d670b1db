import { Copy } from '../../../design/copy';
import { Empty, Kind, Outcome, Time } from '../../../design/parts';
import { Tabs } from '../../../design/tabs';
import { countOf, durationOf, moneyOf } from '../../../format/numbers';
import { type SeenEvent } from './seen-event';
import { exportsFor, type Snippet, SNIPPETS } from './snippets';
import { useTail } from './use-tail';
import './first-event.css';

interface FirstEventProps {
  /** Nothing was ever sent. */
  readonly isFirst: boolean;
  readonly onClose: () => void;
}

/** How to send events, for the ways there are, and what arrives as it arrives. */
export function FirstEvent({ isFirst, onClose }: FirstEventProps) {
  return (
    <Empty title={isFirst ? 'Waiting for the first event' : 'How to send the events of a program'}>
      <ol className="first-steps">
        <li>
          In a terminal where Telltale was started, say where it is and who you are. Elsewhere,{' '}
          <code>telltale settings set api_key NAME scopes=ingest,control:read</code> makes a key.
          <Code text={exportsFor(location.origin)} label="Variables" />
        </li>
        <li>
          Send a turn, in any of these ways.
          <Tabs
            label="Ways to send"
            param="way"
            tabs={SNIPPETS.map((one) => ({ id: one.id, name: one.name, content: () => <Program of={one} /> }))}
          />
        </li>
        <li>
          <Arriving />
        </li>
      </ol>
      {!isFirst && (
        <button type="button" className="button self-start" onClick={onClose}>
          Close
        </button>
      )}
    </Empty>
  );
}

const Program = ({ of: { name, install, code, note } }: { readonly of: Snippet }) => (
  <>
    {install !== undefined && <Code text={install} label={`Install for ${name}`} />}
    <Code text={code} label={`Program for ${name}`} />
    <p className="quiet">{note}</p>
  </>
);

const Code = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <div className="first-code">
    <pre tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
    <Copy text={text} name="Copy" />
  </div>
);

const STATES = {
  opening: 'Beginning to listen…',
  following: 'Listening: it shows here the moment it arrives.',
  lost: 'Too many pages listen already; this one looks every 15 seconds.',
} as const;

function Arriving() {
  const { events, total, state } = useTail();
  return (
    <div role="status">
      {total === 0 ? (
        <p>{STATES[state]}</p>
      ) : (
        <>
          <p>
            <strong>{total === 1 ? 'The first event is here.' : `${countOf(total)} events are here.`}</strong> A turn shows on
            this page a minute after the last of its events.
          </p>
          <ul className="first-arrived" aria-label="Events that arrived">
            {events.map((event) => (
              <Arrived key={event.id} event={event} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const Arrived = ({ event: { kind, name, service_name: service, status, ts, duration_ms: ms, cost_nano_usd: cost } }: { readonly event: SeenEvent }) => (
  <li>
    <Kind of={kind} />
    <span>
      {name} <span className="quiet">of {service || '(no service)'}</span>
    </span>
    <span className="quiet">
      {ms !== undefined && ms !== null && durationOf(ms)} {cost !== undefined && cost !== null && moneyOf(cost)}
    </span>
    <Outcome of={status} />
    <Time at={ts} />
  </li>
); // prettier-ignore
