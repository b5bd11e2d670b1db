import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Choice } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, Failure, Skeleton, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { sessionHref } from '../../format/links';
import { countOf, durationOf, shareOf } from '../../format/numbers';
import { useHere, useUrlChange } from '../../shell/url';
import { FlowFilters, useFlowFilter } from './flow-filters';
import { type Answer, useJourneys, useRunningJourneys } from './questions';
import { intentName, signName } from './words';

type Journey = Answer<'listJourneys'>['journeys'][number];
type Running = Answer<'listRunningJourneys'>['journeys'][number];

const REASONS = [
  'no_answer', 'error', 'refusal', 'complaint', 'repeat', 'many_calls', 'correction', 'tool_error', 'same_answer', 'long_wait', 'rephrasing', 'asked_for_person', 'slow', 'extra_turn', 'transfer',
] as const; // prettier-ignore
const LEFT = ['yes', 'no', ...REASONS] as const;

const friction = (value: number): string => value.toFixed(2);
const reasonsOf = ({ reasons }: Pick<Journey, 'reasons'>): string => reasons.map(({ sign, times }) => `${signName(sign)}${times > 1 ? ` ×${times}` : ''}`).join(', '); // prettier-ignore
const pathOf = ({ steps }: Pick<Journey, 'steps'>): string => steps.map(({ intent, outcome }) => `${intentName(intent)}${outcome === 'answered' ? '' : ` (${outcome})`}`).join(' → '); // prettier-ignore

const COLUMNS: readonly TableColumn<Journey>[] = [
  { id: 'started', name: 'Started', cell: ({ started_at: at }) => <Time at={at} />, sortBy: ({ started_at: at }) => at, width: '110px' },
  { id: 'friction', name: 'Friction', cell: ({ friction: value }) => friction(value), sortBy: ({ friction: value }) => value, isNumber: true, width: '86px' },
  { id: 'asked', name: 'First request', cell: (one) => <Link href={sessionHref(one.session_id)} title={one.input_preview}>{one.input_preview || one.session_id}</Link>, width: 'minmax(160px, 2fr)' },
  { id: 'why', name: 'Hard because', cell: (one) => <span title={reasonsOf(one)}>{reasonsOf(one) || '–'}</span>, width: 'minmax(140px, 1.5fr)' },
  { id: 'left', name: 'Left, for', cell: ({ abandoned_because: why }) => <span title={signName(why)}>{why === '' ? '–' : signName(why)}</span>, sortBy: ({ abandoned_because: why }) => why, width: '150px' },
  { id: 'turns', name: 'Turns', cell: ({ turns }) => countOf(turns), sortBy: ({ turns }) => turns, isNumber: true, width: '70px' },
  { id: 'path', name: 'Way', cell: (one) => <span title={pathOf(one)}>{pathOf(one)}</span>, width: 'minmax(160px, 2fr)' },
  { id: 'service', name: 'Service', cell: ({ service }) => <span title={service}>{service}</span>, sortBy: ({ service }) => service, width: '90px' },
]; // prettier-ignore

/** Sessions with what made them hard, the hardest first; of a state or a way of the flows where the address names one. */
export function JourneysTab() {
  const { chosen, times } = useFlowFilter();
  const [params] = useSearchParams();
  const change = useUrlChange();
  const here = useHere();
  const given = (name: string): string => params.get(name) ?? '';
  const [state, next, turn] = [given('state'), given('next'), given('turn')];
  const reason = REASONS.find((one) => one === given('reason'));
  const abandoned = LEFT.find((one) => one === given('abandoned'));
  const order = given('order') === 'started' ? 'started' : 'friction';
  const journeys = useJourneys({
    ...times, ...chosen, order, ...(reason ? { reason } : {}), ...(abandoned ? { abandoned } : {}),
    ...(state ? { state, ...(next ? { next } : {}), ...(turn ? { turn: Number(turn) } : {}) } : {}),
  }); // prettier-ignore
  const rows = useMemo(() => journeys.data?.pages.flatMap((page) => page.journeys) ?? [], [journeys.data]);
  return (
    <>
      <div className="filters">
        <FlowFilters />
        <Choice label="Sign of friction" value={reason ?? ''} options={[['', 'any'], ...REASONS.map((one) => [one, signName(one)] as const)]} onChange={(value) => change({ reason: value })} />
        <Choice label="Left unhelped" value={abandoned ?? ''} options={[['', 'or not'], ['yes', 'yes'], ['no', 'no'], ...REASONS.map((one) => [one, `for: ${signName(one)}`] as const)]} onChange={(value) => change({ abandoned: value })} />
        <Choice label="Order" value={order} options={[['friction', 'the hardest first'], ['started', 'the last started first']]} onChange={(value) => change({ order: value === 'friction' ? '' : value })} />
      </div>
      {state !== '' && (
        <p className="flow-behind">
          With {turn === '' ? 'a turn' : `turn ${turn}`} in the state <strong>{state}</strong>
          {next !== '' && <> and right after it <strong>{next}</strong></>}{' '}
          <Link href={here({ state: '', next: '', turn: '' })}>All sessions</Link>
        </p>
      )}
      {journeys.isError && <Failure error={journeys.error} again={() => void journeys.refetch()} />}
      {journeys.isPending && <Skeleton height={480} />}
      {journeys.data && rows.length === 0 && (
        <Empty title="No session like this">
          <p className="quiet">Choose a longer time or take out a filter. Sessions show a few seconds after their first turn.</p>
        </Empty>
      )}
      {rows.length > 0 && (
        <Section title={`${countOf(rows.length)} sessions${journeys.hasNextPage ? ', and more' : ''}`} beside={<Download name="journeys" rows={rows} columns={CSV} />}>
          <DataTable label="Sessions by friction" rows={rows} columns={COLUMNS} rowId={({ session_id: id, started_at: at }) => `${id} ${at}`} href={({ session_id: id }) => sessionHref(id)} />
          <p className="quiet">
            Friction: 0 it went smoothly, 1 everything went wrong. It says how a user fared, not whether the work was right.{' '}
            {journeys.hasNextPage && <button type="button" className="button" disabled={journeys.isFetchingNextPage} onClick={() => void journeys.fetchNextPage()}>Show more</button>}
          </p>
        </Section>
      )}
    </>
  );
} // prettier-ignore

const risk = (value: number | null): string => (value === null ? 'not known' : shareOf(value, 1));
const RUNNING_COLUMNS: readonly TableColumn<Running>[] = [
  { id: 'risk', name: 'Risk', cell: (one) => risk(one.risk), sortBy: (one) => one.risk, isNumber: true, width: '100px' },
  { id: 'observed', name: 'Of such, left', cell: ({ observed, observed_sessions: n }) => (observed === null ? '–' : `${shareOf(observed, 1)} of ${countOf(n)}`), isNumber: true, width: '120px' },
  ...COLUMNS.filter(({ id }) => id !== 'left') as unknown as readonly TableColumn<Running>[],
]; // prettier-ignore

/** Sessions that go on, with the risk that they are given up, where it was borne out. */
export function RunningTab() {
  const { chosen } = useFlowFilter();
  const running = useRunningJourneys({ ...chosen, limit: 200 });
  return (
    <>
      <div className="filters"><FlowFilters hasRange={false} /></div>
      <Asked {...running} height={480}>
        {({ journeys, calibration: { error, error_of_one_risk: plain, measured_on: on, states, states_said: said } }) =>
          journeys.length === 0 ? (
            <Empty title="No session goes on"><p className="quiet">A session goes on for thirty minutes after its last turn.</p></Empty>
          ) : (
            <Section title={`${countOf(journeys.length)} go on now`} beside={<Download name="running-journeys" rows={journeys} columns={CSV} />}>
              <DataTable label="Sessions that go on" rows={journeys} columns={RUNNING_COLUMNS} rowId={({ session_id: id }) => id} href={({ session_id: id }) => sessionHref(id)} />
              <p className="quiet">
                The hardest first, at most 200. A risk is said only where at least 30 later sessions in the same state bore it out: {countOf(said)} of {countOf(states)} states.
                {error !== null && plain !== null && ` On ${countOf(on)} later states it was off by ${shareOf(error, 1)} in the mean; one risk for all by ${shareOf(plain, 1)}.`}
              </p>
            </Section>
          )
        }
      </Asked>
    </>
  );
} // prettier-ignore

const CSV = [
  ...(['session_id', 'service', 'user', 'started_at', 'ended_at', 'turns', 'friction', 'abandoned_because', 'waiting_ms', 'longest_wait_ms', 'input_preview'] as const).map((name) => ({ name, of: (one: Journey) => one[name] })),
  { name: 'reasons', of: reasonsOf },
  { name: 'path', of: pathOf },
  { name: 'longest_wait', of: ({ longest_wait_ms: ms }: Journey) => durationOf(ms) },
]; // prettier-ignore
