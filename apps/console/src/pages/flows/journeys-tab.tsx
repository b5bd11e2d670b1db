import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Download } from '../../design/download';
import { Choice } from '../../design/fields';
import { MoreRows } from '../../design/more-rows';
import { Section } from '../../design/page';
import { Empty, Failure, Skeleton, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { sessionHref } from '../../format/links';
import { countOf } from '../../format/numbers';
import { useHere, useUrlChange } from '../../shell/url';
import { FlowFilters, useFlowFilter } from './flow-filters';
import { SIGN_NAMES, wordsOf as signName } from '../sessions/signs';
import { type Answer, useJourneys } from './questions';
import { intentName } from './words';

type Journey = Answer<'listJourneys'>['journeys'][number];

type Asked = Parameters<typeof useJourneys>[0];
const isSign = (text: string): text is NonNullable<Asked['reason']> => SIGN_NAMES.includes(text);
const isLeft = (text: string): text is NonNullable<Asked['abandoned']> => text === 'yes' || text === 'no' || isSign(text);

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
  const [reason, abandoned] = [given('reason'), given('abandoned')];
  const order = given('order') === 'started' ? 'started' : 'friction';
  const journeys = useJourneys({
    ...times, ...chosen, order, ...(isSign(reason) ? { reason } : {}), ...(isLeft(abandoned) ? { abandoned } : {}),
    ...(state ? { state, ...(next ? { next } : {}), ...(turn ? { turn: Number(turn) } : {}) } : {}),
  }); // prettier-ignore
  const rows = useMemo(() => journeys.data?.pages.flatMap((page) => page.journeys) ?? [], [journeys.data]);
  return (
    <>
      <div className="filters">
        <FlowFilters />
        <Choice label="Sign of friction" value={reason} options={[['', 'any'], ...SIGN_NAMES.map((one) => [one, signName(one)] as const)]} onChange={(value) => change({ reason: value })} />
        <Choice label="Left unhelped" value={abandoned} options={[['', 'or not'], ['yes', 'yes'], ['no', 'no'], ...SIGN_NAMES.map((one) => [one, `for: ${signName(one)}`] as const)]} onChange={(value) => change({ abandoned: value })} />
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
          <MoreRows shown={rows.length} of="sessions" query={journeys} />
          <p className="quiet">Friction: 0 it went smoothly, 1 everything went wrong. It says how a user fared, not whether the work was right.</p>
        </Section>
      )}
    </>
  );
} // prettier-ignore

const CSV = [
  ...(['session_id', 'service', 'user', 'started_at', 'ended_at', 'turns', 'friction', 'abandoned_because', 'waiting_ms', 'longest_wait_ms', 'input_preview'] as const).map((name) => ({ name, of: (one: Journey) => one[name] })),
  { name: 'reasons', of: reasonsOf },
  { name: 'path', of: pathOf },
]; // prettier-ignore
