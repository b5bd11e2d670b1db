import { useMemo } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Choice, Suggest } from '../../design/fields';
import { MoreRows } from '../../design/more-rows';
import { Page } from '../../design/page';
import { Empty, Outcome, Time } from '../../design/parts';
import { ShowAs } from '../../design/show-as';
import { DataTable, type TableColumn } from '../../design/table';
import { turnHref } from '../../format/links';
import { countOf, durationOf, moneyOf, numberOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { type TurnRow, turnsKey, useTurns } from './questions';

const OUTCOMES = ['answered', 'error', 'abandoned', 'transferred', 'refused', 'unknown'] as const;
const hrefOf = ({ turn_id: id }: TurnRow): string => turnHref(id);

const COLUMNS: readonly TableColumn<TurnRow>[] = [
  { id: 'when', name: 'When', width: '110px', cell: ({ ts }) => <Time at={ts} />, sortBy: ({ ts }) => timeOf(ts) },
  { id: 'service', name: 'Service', width: '120px', cell: ({ service_name: service }) => service, sortBy: ({ service_name: service }) => service },
  { id: 'asked', name: 'Asked', width: 'minmax(180px, 2fr)', cell: (turn) => <Link href={hrefOf(turn)} title={turn.input_preview}>{turn.input_preview || turn.name || turn.turn_id}</Link> },
  { id: 'answered', name: 'Answered', width: 'minmax(120px, 1.4fr)', cell: ({ output_preview: answer }) => <span className="quiet" title={answer}>{answer}</span> },
  { id: 'outcome', name: 'Outcome', width: '110px', cell: ({ outcome }) => <Outcome of={outcome} />, sortBy: ({ outcome }) => outcome },
  { id: 'intent', name: 'Intent', width: 'minmax(90px, 130px)', cell: ({ intent }) => intent, sortBy: ({ intent }) => intent },
  { id: 'took', name: 'Took', width: '90px', isNumber: true, cell: ({ duration_ms: ms }) => durationOf(ms), sortBy: ({ duration_ms: ms }) => ms },
  { id: 'cost', name: 'Cost', width: '90px', isNumber: true, cell: ({ cost_nano_usd: cost }) => moneyOf(cost), sortBy: ({ cost_nano_usd: cost }) => (cost === null ? null : numberOf(cost)) },
  { id: 'retries', name: 'Retries', width: '80px', isNumber: true, cell: ({ retries }) => (retries > 0 ? countOf(retries) : ''), sortBy: ({ retries }) => retries },
]; // prettier-ignore

/** Requests and how they ended; what is chosen stands in the address. */
export function TurnsPage() {
  const { since, until } = useRange('24h');
  const [service, setService] = useUrl('service');
  const [intent, setIntent] = useUrl('intent');
  const [outcome, setOutcome] = useUrl('outcome');
  const known = OUTCOMES.find((one) => one === outcome);
  const filter = useMemo(
    () => ({ since, until, service: service || undefined, intent: intent || undefined, outcome: known }),
    [since, until, service, intent, known],
  );
  const turns = useTurns(filter);
  const rows = useMemo(() => turns.data?.pages.flatMap((page) => page.turns) ?? [], [turns.data]);
  return (
    <Page
      title="Turns"
      subtitle="Each request of a user, and all work until its answer"
      actions={<ShowAs command={commandOf(filter)} path={`/api/turns?${queryOf(filter)}`} />}
    >
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <RangePicker />
        <Choice label="Outcome" value={known ?? ''} options={[['', 'all'], ...OUTCOMES.map((one) => [one, one] as const)]} onChange={setOutcome} />
        <Suggest label="Service" field="service_name" value={service} onChange={setService} />
        <Suggest label="Intent" field="intent" service={service || undefined} value={intent} onChange={setIntent} />
      </form>
      <Asked of={turns} queryKey={turnsKey(filter)} height={560}>
        {() =>
          rows.length === 0 ? (
            <Empty title="No turn like this">
              <p className="quiet">Choose a longer time, or take out a filter. A turn shows a minute after the last of its events.</p>
              <pre>telltale demo # sends a day of a shop&apos;s bot, with faults in it</pre>
            </Empty>
          ) : (
            <>
              <DataTable label="Turns" rows={rows} columns={COLUMNS} rowId={({ turn_id: id }) => id} href={hrefOf} />
              <MoreRows shown={rows.length} of="turns" query={turns} />
            </>
          )
        }
      </Asked>
    </Page>
  );
} // prettier-ignore

type Filter = Parameters<typeof useTurns>[0];
const commandOf = ({ since, service, intent, outcome }: Filter): string[] => [
  'turns', 'list', ...(since ? ['--since', since] : []), ...(service ? ['--service', service] : []), ...(outcome ? ['--outcome', outcome] : []), ...(intent ? ['--intent', intent] : []),
]; // prettier-ignore
const queryOf = (filter: Filter): string =>
  new URLSearchParams(Object.entries(filter).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []))).toString(); // prettier-ignore
