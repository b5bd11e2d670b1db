import { api } from '../../api/client';
import { useCan } from '../../api/session';
import { Badge, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { Tip } from '../../design/tip';
import { countOf } from '../../format/numbers';
import { timeOf } from '../../format/times';
import { bytesOf, setText, speedText, targetText } from './directive-words';
import { type Directive, type DirectiveStatus, useVerbosityChange } from './questions';

const Class = ({ of }: { readonly of: string }) => (
  <Badge tone={of === 'boost' ? 'good' : 'warn'}>{of === 'boost' ? 'raise' : 'lower'}</Badge>
);

/** One line that may be cut off, whole when it is pointed at. */
const Cut = ({ text }: { readonly text: string }) => (
  <Tip text={text}>
    <span tabIndex={-1}>{text}</span>
  </Tip>
);

type InForce = DirectiveStatus & { readonly reason: string };

const IN_FORCE: readonly TableColumn<InForce>[] = [
  { id: 'class', name: 'Does', width: '76px', cell: ({ class: of }) => <Class of={of} />, sortBy: ({ class: of }) => of },
  { id: 'target', name: 'Of', width: 'minmax(110px, 2fr)', cell: ({ target }) => <Cut text={targetText(target)} />, sortBy: ({ target }) => targetText(target) },
  { id: 'set', name: 'Sets', width: 'minmax(110px, 2fr)', cell: ({ set }) => <Cut text={setText(set)} /> },
  {
    id: 'applied',
    name: 'Applied',
    isNumber: true,
    width: '110px',
    cell: ({ applied, instances, failed }) => (failed > 0 ? <Badge tone="bad">{`${applied} of ${instances}, ${failed} failed`}</Badge> : `${countOf(applied)} of ${countOf(instances)}`),
    sortBy: ({ applied }) => applied,
  },
  {
    id: 'after',
    name: 'Applied after',
    isNumber: true,
    width: '120px',
    cell: ({ p50_ms: median, p99_ms: late }) => (median === null ? '–' : <Tip text={`Median ${speedText(median)}, 99th percentile ${speedText(late)}, from its issue`}><span tabIndex={-1}>{speedText(median)}</span></Tip>),
    sortBy: ({ p50_ms: ms }) => ms,
  },
  { id: 'hits', name: 'Records', isNumber: true, width: '90px', cell: ({ hits }) => countOf(hits), sortBy: ({ hits }) => hits },
  { id: 'bytes', name: 'Sent', isNumber: true, width: '90px', cell: ({ bytes }) => bytesOf(bytes), sortBy: ({ bytes }) => bytes },
  { id: 'until', name: 'Ends', width: '110px', cell: ({ expires_at: at }) => <Time at={at} />, sortBy: ({ expires_at: at }) => timeOf(at) },
  { id: 'revoke', name: 'End', width: '96px', cell: ({ directive_id: id, target }) => <Revoke id={id} target={targetText(target)} /> },
]; // prettier-ignore

interface TableProps<Row> {
  readonly rows: readonly Row[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** Directives in force: who applied them, how soon, and what they cost. Choosing one says what it brought. */
export function InForceTable({ rows, known, chosen, onChoose }: TableProps<DirectiveStatus> & { readonly known: readonly Directive[] }) {
  const reasons = new Map(known.map(({ id, reason }) => [id, reason]));
  const shown = rows.map((row): InForce => ({ ...row, reason: reasons.get(row.directive_id) ?? '' }));
  return <DataTable label="Directives in force" rows={shown} columns={IN_FORCE} rowId={({ directive_id: id }) => id} onChoose={({ directive_id: id }) => onChoose(id)} chosen={chosen} maxHeight={360} />;
} // prettier-ignore

function Revoke({ id, target }: { readonly id: string; readonly target: string }) {
  const { can, why } = useCan('control');
  const change = useVerbosityChange(() => api.revokeDirective({ id }));
  const says = change.isError ? 'Failed' : change.isSuccess ? 'Revoking' : 'Revoke';
  return (
    <button
      type="button"
      className="button verbosity-small"
      aria-label={`${says} the directive about ${target}`}
      title={change.isError ? String(change.error) : why}
      disabled={!can || change.isPending || change.isSuccess}
      onClick={() => change.mutate(undefined)}
    >
      {says}
    </button>
  );
}

const STATES: Readonly<Record<string, 'good' | 'warn' | 'quiet'>> = {
  raised: 'good',
  extended: 'good',
  suppressed: 'warn',
  monitored: 'warn',
};
/** By the clock: what has run out may not be written as such yet. */
const stateOf = ({ state, in_force: is }: Directive): string =>
  (state === 'raised' || state === 'extended') && !is ? 'expired' : state;

const HISTORY: readonly TableColumn<Directive>[] = [
  { id: 'state', name: 'State', width: '104px', cell: (row) => <Badge tone={STATES[stateOf(row)] ?? 'quiet'}>{stateOf(row)}</Badge>, sortBy: stateOf },
  { id: 'class', name: 'Does', width: '76px', cell: ({ class: of }) => <Class of={of} />, sortBy: ({ class: of }) => of },
  { id: 'target', name: 'Of', width: 'minmax(110px, 1fr)', cell: ({ target }) => <Cut text={targetText(target)} />, sortBy: ({ target }) => targetText(target) },
  { id: 'reason', name: 'Why', width: 'minmax(110px, 2fr)', cell: ({ reason }) => <Cut text={reason} /> },
  { id: 'by', name: 'By', width: 'minmax(70px, 110px)', cell: ({ issued_by: by }) => by, sortBy: ({ issued_by: by }) => by },
  { id: 'applied', name: 'Instances', isNumber: true, width: '90px', cell: ({ applied_by: n }) => countOf(n), sortBy: ({ applied_by: n }) => n },
  { id: 'records', name: 'Records', isNumber: true, width: '90px', cell: ({ records }) => countOf(records), sortBy: ({ records }) => records },
  { id: 'bytes', name: 'Sent', isNumber: true, width: '90px', cell: ({ bytes }) => bytesOf(bytes), sortBy: ({ bytes }) => bytes },
  { id: 'served', name: 'Served', isNumber: true, width: '76px', cell: ({ evidence_for: served }) => countOf(served.length), sortBy: ({ evidence_for: served }) => served.length },
  { id: 'at', name: 'Issued', width: '110px', cell: ({ issued_at: at }) => <Time at={at} />, sortBy: ({ issued_at: at }) => timeOf(at) },
]; // prettier-ignore

export const HistoryTable = ({ rows, chosen, onChoose }: TableProps<Directive>) => (
  <DataTable label="Directives" rows={rows} columns={HISTORY} rowId={({ id }) => id} onChoose={({ id }) => onChoose(id)} chosen={chosen} maxHeight={480} />
); // prettier-ignore
