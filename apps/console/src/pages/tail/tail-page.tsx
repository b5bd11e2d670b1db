import { requestOf } from '@telltale/api-client';
import { useEffect, useMemo, useState } from 'react';
import { Choice, Suggest, TextFilter } from '../../design/fields';
import { Page } from '../../design/page';
import { Badge, Empty } from '../../design/parts';
import { countOf } from '../../format/numbers';
import { usePageKeys } from '../../shell/page-keys';
import { useUrl, useUrlChange } from '../../shell/url';
import { MOST_ROWS, rateOf, type TailState } from './tail-state';
import { TailRows } from './tail-rows';
import { type Connection, useTail } from './use-tail';
import './tail.css';

const SECOND_MS = 1_000;
const KINDS = ['turn', 'llm', 'tool', 'retrieval', 'embedding', 'rerank', 'agent', 'chain', 'guardrail', 'evaluator', 'mcp', 'log', 'session', 'feedback'] as const; // prettier-ignore
const STATUSES = ['ok', 'error', 'unset'] as const;
const STATES = ['open', 'closed'] as const;
const FIRING = ['firing', 'resolved'] as const;
const OF = ['events', 'incidents', 'alerts'] as const;

const oneOf = <T extends string>(values: readonly T[], value: string): T | undefined => values.find((one) => one === value);
const offers = (values: readonly string[]): readonly (readonly [string, string])[] => [['', 'all'], ...values.map((one) => [one, one] as const)]; // prettier-ignore

/** The filters of the address, and the request that they make. */
function useAsked() {
  const [of_] = useUrl('of', 'events');
  const [kind] = useUrl('kind');
  const [service] = useUrl('service');
  const [session] = useUrl('session');
  const [name] = useUrl('name');
  const [status] = useUrl('status');
  const of = oneOf(OF, of_) ?? 'events';
  const request = useMemo(() => {
    if (of === 'incidents') return requestOf('tailIncidents', { service: service || undefined, state: oneOf(STATES, status) });
    if (of === 'alerts') return requestOf('tailAlerts', { status: oneOf(FIRING, status) });
    return requestOf('tailEvents', { kind: oneOf(KINDS, kind), service: service || undefined, session: session || undefined, name: name || undefined, status: oneOf(STATUSES, status) });
  }, [of, kind, service, session, name, status]);
  return { of, kind, service, session, name, status, request };
} // prettier-ignore

/** Events, incidents or alerts as they come. Filters stand in the address; the space bar pauses. */
export default function TailPage() {
  const { of, kind, service, session, name, status, request } = useAsked();
  const change = useUrlChange();
  const { tail, connection, setPaused, clear } = useTail(request);
  const { isPaused } = tail;
  usePageKeys(
    useMemo(
      () => [
        { key: ' ', does: 'Space: pause, or go on', run: () => setPaused(!isPaused) },
        { key: 'c', does: 'Clear the rows', run: clear },
      ],
      [isPaused, setPaused, clear],
    ),
  );
  const isFiltered = [kind, service, session, name, status].some((one) => one !== '');
  return (
    <Page
      title="Live tail"
      subtitle={<Figures tail={tail} of={of} />}
      actions={
        <>
          <button type="button" className="button" data-main={isPaused} aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
            {isPaused ? `Go on${tail.waiting.length > 0 ? ` (${countOf(tail.waiting.length)} wait)` : ''}` : 'Pause'} <kbd>Space</kbd>
          </button>
          <button type="button" className="button" onClick={clear}>Clear</button>
        </>
      }
    >
      <div className="filters">
        <Choice label="What" value={of} options={OF.map((one) => [one, one] as const)} onChange={(value) => change({ of: value === 'events' ? '' : value, status: '', kind: '', name: '', session: '' })} />
        {of !== 'alerts' && <Suggest label="Service" field="service_name" value={service} onChange={(value) => change({ service: value })} placeholder="all" />}
        {of === 'events' && <Choice label="Kind" value={oneOf(KINDS, kind) ?? ''} options={offers(KINDS)} onChange={(value) => change({ kind: value })} />}
        <Choice label={of === 'events' ? 'Status' : 'State'} value={status} options={offers(of === 'events' ? STATUSES : of === 'incidents' ? STATES : FIRING)} onChange={(value) => change({ status: value })} />
        {of === 'events' && <Suggest label="Name" field="name" value={name} onChange={(value) => change({ name: value })} placeholder="all" />}
        {of === 'events' && <TextFilter key={session} label="Session" value={session} onChange={(value) => change({ session: value })} placeholder="all" />}
      </div>
      <State connection={connection} />
      {tail.rows.length === 0 && connection.state === 'open' ? <Waiting of={of} isPaused={isPaused} isFiltered={isFiltered} /> : <TailRows key={request.path} of={of} rows={tail.rows} isPaused={isPaused} />}
    </Page>
  );
} // prettier-ignore

function Figures({ tail, of }: { readonly tail: TailState; readonly of: string }) {
  const [now, setNow] = useState(() => new Date().getTime());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date().getTime()), SECOND_MS);
    return () => window.clearInterval(timer);
  }, []);
  const rate = rateOf(tail, now);
  return (
    <>
      <span className="tail-rate">{rate === null ? '–' : Number(rate.toPrecision(2)).toLocaleString('en-US')} a second</span> · {countOf(tail.seen)} {of} came
      {tail.dropped > 0 && <> · the newest {countOf(MOST_ROWS)} are kept, {countOf(tail.dropped)} older ones were let go</>}
      {tail.skipped > 0 && <> · {countOf(tail.skipped)} came too fast to be shown</>}
    </>
  );
} // prettier-ignore

function State({ connection: { state, words } }: { readonly connection: Connection }) {
  return (
    <p className="tail-state" role="status">
      {state === 'open' && <Badge tone="good">following</Badge>}
      {state === 'connecting' && <Badge>connecting</Badge>}
      {state === 'broken' && <><Badge tone="warn">connection lost</Badge> {words}</>}
      {state === 'refused' && <><Badge tone="bad">refused</Badge> {words}</>}
    </p>
  );
} // prettier-ignore

function Waiting({
  of,
  isPaused,
  isFiltered,
}: {
  readonly of: string;
  readonly isPaused: boolean;
  readonly isFiltered: boolean;
}) {
  if (isPaused) return <Empty title="Paused: what comes waits" />;
  return (
    <Empty title={`Nothing yet: ${of} are shown here as they come`}>
      <p className="quiet">
        {isFiltered
          ? 'Only what passes all filters is shown; take one out to see more.'
          : of === 'events'
            ? 'Send something: a turn of your bot, or an event with curl, and it stands here within a second or two.'
            : of === 'incidents'
              ? 'Incidents are shown at every change of one: when it opens, gets worse, gets better, closes.'
              : 'Alerts are shown when they fire and when they are resolved.'}
      </p>
    </Empty>
  );
}
