import { useMemo } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Choice, Suggest } from '../../design/fields';
import { MoreRows } from '../../design/more-rows';
import { Page } from '../../design/page';
import { Empty, Outcome, Time } from '../../design/parts';
import { ShowAs } from '../../design/show-as';
import { DataTable, type TableColumn } from '../../design/table';
import { Tabs } from '../../design/tabs';
import { sessionHref } from '../../format/links';
import { countOf, durationOf, shareOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import {
  type Journey,
  type JourneyFilter,
  journeysKey,
  type RunningJourney,
  runningKey,
  useJourneys,
  useRunning,
} from './questions';
import { SIGN_NAMES, wordsOf } from './signs';
import './sessions.css';

const hrefOf = ({ session_id: id }: Pick<Journey, 'session_id'>): string => sessionHref(id);
const MOST_SIGNS = 3;

const Signs = ({ of }: { readonly of: Journey['reasons'] }) => (
  <span title={of.map(({ sign, times }) => `${wordsOf(sign)}: ${times}`).join('\n')}>
    {of.slice(0, MOST_SIGNS).map(({ sign }) => wordsOf(sign)).join(', ')}
    {of.length > MOST_SIGNS && ` and ${of.length - MOST_SIGNS} more`}
  </span>
); // prettier-ignore

const SHARED: readonly TableColumn<Journey>[] = [
  { id: 'friction', name: 'Friction', width: '90px', isNumber: true, cell: ({ friction }) => shareOf(friction, 1), sortBy: ({ friction }) => friction },
  { id: 'asked', name: 'First request', width: 'minmax(180px, 2fr)', cell: (journey) => <Link href={hrefOf(journey)} title={journey.input_preview}>{journey.input_preview || journey.session_id}</Link> },
  { id: 'signs', name: 'What went wrong', width: 'minmax(160px, 2fr)', cell: ({ reasons }) => <Signs of={reasons} /> },
  { id: 'last', name: 'Last outcome', width: '115px', cell: ({ steps }) => <Outcome of={steps.at(-1)?.outcome ?? ''} /> },
  { id: 'service', name: 'Service', width: '110px', cell: ({ service }) => service, sortBy: ({ service }) => service },
  { id: 'turns', name: 'Turns', width: '70px', isNumber: true, cell: ({ turns }) => countOf(turns), sortBy: ({ turns }) => turns },
]; // prettier-ignore
const COLUMNS: readonly TableColumn<Journey>[] = [
  ...SHARED,
  { id: 'left', name: 'Abandoned', width: 'minmax(100px, 1fr)', cell: ({ abandoned_because: because }) => (because === '' ? '' : wordsOf(because)), sortBy: ({ abandoned_because: because }) => because },
  { id: 'wait', name: 'Longest wait', width: '105px', isNumber: true, cell: ({ longest_wait_ms: ms }) => durationOf(ms), sortBy: ({ longest_wait_ms: ms }) => ms },
  { id: 'when', name: 'Started', width: '110px', cell: ({ started_at: at }) => <Time at={at} />, sortBy: ({ started_at: at }) => timeOf(at) },
]; // prettier-ignore
const RUNNING: readonly TableColumn<RunningJourney>[] = [
  { id: 'risk', name: 'Risk', width: '90px', isNumber: true, cell: ({ risk }) => (risk === null ? <span className="quiet" title="too few sessions ended to say">–</span> : shareOf(risk, 1)), sortBy: ({ risk }) => risk },
  ...(SHARED as readonly TableColumn<RunningJourney>[]),
  { id: 'last-at', name: 'Last turn', width: '110px', cell: ({ ended_at: at }) => <Time at={at} />, sortBy: ({ ended_at: at }) => timeOf(at) },
]; // prettier-ignore

/** Conversations: the hardest first, and those that go on with what may become of them. */
export function SessionsPage() {
  const [service, setService] = useUrl('service');
  return (
    <Page title="Sessions" subtitle="Conversations as their users lived through them" actions={<ShowAs command={['journeys', ...(service ? ['--service', service] : [])]} path={`/api/journeys${service ? `?service=${encodeURIComponent(service)}` : ''}`} />}>
      <Tabs
        label="Which sessions"
        tabs={[
          { id: 'all', name: 'Hardest', content: () => <Hardest service={service} setService={setService} /> },
          { id: 'running', name: 'Going on now', content: () => <Running service={service} setService={setService} /> },
        ]}
      />
    </Page>
  );
} // prettier-ignore

interface ServiceProps {
  readonly service: string;
  readonly setService: (service: string) => void;
}
function Hardest({ service, setService }: ServiceProps) {
  const { since, until } = useRange('7d');
  const [intent, setIntent] = useUrl('intent');
  const [reason, setReason] = useUrl('reason');
  const [abandoned, setAbandoned] = useUrl('abandoned');
  const [order, setOrder] = useUrl('order', 'friction');
  const filter = useMemo(
    (): JourneyFilter => ({
      since,
      until,
      service: service || undefined,
      intent: intent || undefined,
      order: order === 'started' ? 'started' : 'friction',
      ...(SIGN_NAMES.includes(reason) ? { reason: reason as NonNullable<JourneyFilter['reason']> } : {}),
      ...(abandoned === 'yes' || abandoned === 'no' ? { abandoned } : {}),
    }),
    [since, until, service, intent, reason, abandoned, order],
  );
  const journeys = useJourneys(filter);
  const rows = useMemo(() => journeys.data?.pages.flatMap((page) => page.journeys) ?? [], [journeys.data]);
  return (
    <>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <RangePicker fallback="7d" />
        <Choice label="Order" value={order} options={[['friction', 'hardest first'], ['started', 'last started first']]} onChange={setOrder} />
        <Choice label="Sign of friction" value={reason} options={[['', 'any or none'], ...SIGN_NAMES.map((sign) => [sign, wordsOf(sign)] as const)]} onChange={setReason} />
        <Choice label="Abandoned" value={abandoned} options={[['', 'yes or no'], ['yes', 'yes'], ['no', 'no']]} onChange={setAbandoned} />
        <Suggest label="Service" field="service_name" value={service} onChange={setService} />
        <Suggest label="Intent" field="intent" service={service || undefined} value={intent} onChange={setIntent} />
      </form>
      <Asked of={journeys} queryKey={journeysKey(filter)} height={560}>
        {() =>
          rows.length === 0 ? (
            <Empty title="No session like this">
              <p className="quiet">Choose a longer time, or take out a filter. A session is a conversation: events with the same session_id (gen_ai.conversation.id), or turns of one user within 30 minutes of each other.</p>
              <pre>{'{"kind": "turn", "session_id": "c-17", "service_name": "bot", …}'}</pre>
            </Empty>
          ) : (
            <>
              <DataTable label="Sessions" rows={rows} columns={COLUMNS} rowId={({ session_id: id }) => id} href={hrefOf} />
              <MoreRows shown={rows.length} of="sessions" query={journeys} />
            </>
          )
        }
      </Asked>
    </>
  );
} // prettier-ignore

function Running({ service, setService }: ServiceProps) {
  const running = useRunning(service);
  return (
    <>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <Suggest label="Service" field="service_name" value={service} onChange={setService} />
      </form>
      <Asked of={running} queryKey={runningKey(service)} height={480}>
        {({ journeys, calibration }) => (
          <>
            <p className="quiet">
              {calibration.measured_on > 0
                ? `Risk that a session ends abandoned: learned from ${countOf(calibration.learned_from)} earlier sessions, measured on ${countOf(calibration.measured_on)} later ones${calibration.error === null ? '' : `, off by ${shareOf(calibration.error, 1)} on average`}`
                : 'Too few sessions have ended to say what may become of these'}
            </p>
            {journeys.length === 0 ? (
              <Empty title="No conversation goes on">
                <p className="quiet">One that had a turn within the last 30 minutes shows here.</p>
              </Empty>
            ) : (
              <DataTable label="Sessions that go on" rows={journeys} columns={RUNNING} rowId={({ session_id: id }) => id} href={hrefOf} />
            )}
          </>
        )}
      </Asked>
    </>
  );
} // prettier-ignore
