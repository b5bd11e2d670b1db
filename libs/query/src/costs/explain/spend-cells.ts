import { type CallGroup, nanoOf, type PeriodFacts, type Slice } from '@telltale/domain-cost';
import { groupBy } from '@telltale/kernel';
import { type RowsOf } from '../../define/definition';
import { type Period } from '../../define/params';
import { filterBy, SINCE_FIRST_MINUTE, within } from '../../define/where';
import { type Chosen } from '../top/sums';
import { type createListPrices } from './list-price';
import { numberOf, type Row, textOf } from '../../define/row-values';

const COLUMNS = ['service_name', 'deployment_environment', 'service_version', 'provider', 'model', 'prompt_version', 'tool_name', 'kind'] as const; // prettier-ignore
type Column = (typeof COLUMNS)[number];
const SUMS = `sum(calls) AS n_calls, sum(unpriced_calls) AS n_unpriced, sum(cost_nano_usd) AS nano, sum(input_tokens) AS n_input, sum(output_tokens) AS n_output,
  sum(cache_read_tokens) AS n_cache_read, sum(cache_write_tokens) AS n_cache_write`;
/** The cells that cost most; what the others sum to is one more. */
const MAX_CELLS = 5_000;
const OVERFLOW = '__overflow__';

interface Cell {
  readonly of: Readonly<Record<Column, string>>;
  readonly group: CallGroup;
}
interface TurnCounts {
  readonly of: Readonly<Partial<Record<Column, string>>>;
  readonly turns: number;
  readonly sessions: number;
  readonly retries: number;
}

/** Spend of one period by all its dimensions at once, with the turns behind it. */
export interface SpendCells {
  readonly whole: PeriodFacts;
  readonly calls: number;
  readonly unpricedCalls: number;
  readonly cells: readonly Cell[];
  readonly turns: readonly TurnCounts[];
}

function groupOf(row: Row, listPrice: CallGroup['listPrice'], key: string): CallGroup {
  const [cacheRead, cacheWrite] = [numberOf(row, 'n_cache_read'), numberOf(row, 'n_cache_write')];
  return {
    key,
    calls: numberOf(row, 'n_calls'),
    nano: numberOf(row, 'nano'),
    tokens: { input: numberOf(row, 'n_input') - cacheRead - cacheWrite, cache_read: cacheRead, cache_write: cacheWrite, output: numberOf(row, 'n_output') },
    listPrice,
  };
} // prettier-ignore

/** What `total` has beyond the cells that were listed. */
function restOf(total: Row, listed: readonly Row[]): Row {
  const names = Object.keys(total).filter((name) => name === 'nano' || name.startsWith('n_'));
  return Object.fromEntries(names.map((name) => [name, numberOf(total, name) - listed.reduce((sum, row) => sum + numberOf(row, name), 0)]));
} // prettier-ignore

const TURNS = 'sum(sampling_weight) AS n_turns, uniqExactIf(session_id, session_id != \'\') AS n_sessions, sum(retries * sampling_weight) AS n_retries'; // prettier-ignore
const countsOf = (row: Row | undefined) => ({
  turns: numberOf(row, 'n_turns'),
  sessions: numberOf(row, 'n_sessions'),
  retries: numberOf(row, 'n_retries'),
});

export async function readSpendCells(
  rowsOf: RowsOf,
  chosen: Chosen,
  period: Period,
  listPriceOf: ReturnType<typeof createListPrices>,
): Promise<SpendCells> {
  const filters = filterBy({ service_name: chosen.service, deployment_environment: chosen.environment });
  const spend = within(filters, "toDateTime64(hour, 3, 'UTC')", period);
  const turn = within(filters, 'ts', period);
  const turns = `telltale.turns ${SINCE_FIRST_MINUTE} WHERE ${turn.where}`;
  const by = COLUMNS.join(', ');
  const [rows, [total = {}], turnRows, [allTurns]] = await Promise.all([
    rowsOf({
      sql: `SELECT ${by}, ${SUMS} FROM telltale.spend_corrected WHERE ${spend.where} GROUP BY ${by} ORDER BY nano DESC, n_calls DESC LIMIT ${MAX_CELLS}`,
      params: spend.params,
    }),
    rowsOf({ sql: `SELECT ${SUMS} FROM telltale.spend_corrected WHERE ${spend.where}`, params: spend.params }),
    rowsOf({
      sql: `SELECT service_name, deployment_environment, service_version, ${TURNS} FROM ${turns} GROUP BY service_name, deployment_environment, service_version ORDER BY n_turns DESC LIMIT ${MAX_CELLS}`,
      params: turn.params,
    }),
    rowsOf({ sql: `SELECT ${TURNS} FROM ${turns}`, params: turn.params }),
  ]);
  const middle = Math.floor((period.since + period.until) / 2);
  const cells = rows.map((row): Cell => {
    const of = Object.fromEntries(COLUMNS.map((name) => [name, textOf(row, name)])) as Record<Column, string>;
    const key = JSON.stringify([of.provider, of.model || of.tool_name, of.kind]);
    return { of, group: groupOf(row, listPriceOf(of.provider, of.model, middle), key) };
  });
  const rest = restOf(total, rows);
  if (rows.length === MAX_CELLS)
    cells.push({ of: Object.fromEntries(COLUMNS.map((name) => [name, OVERFLOW])) as Record<Column, string>, group: groupOf(rest, null, OVERFLOW) }); // prettier-ignore
  return {
    whole: { ...countsOf(allTurns), groups: cells.map(({ group }) => group) },
    calls: numberOf(total, 'n_calls'),
    unpricedCalls: numberOf(total, 'n_unpriced'),
    cells,
    turns: turnRows.map((row) => ({
      of: { service_name: textOf(row, 'service_name'), deployment_environment: textOf(row, 'deployment_environment'), service_version: textOf(row, 'service_version') },
      ...countsOf(row),
    })),
  };
} // prettier-ignore

/** Dimensions of spend that slices are made of. `familyOf`: what values share that take each other's place. */
const SPEND_SLICES: readonly {
  readonly dimension: string;
  readonly column: Column;
  readonly level: Slice['level'];
  readonly familyOf?: (of: Cell['of']) => string;
}[] = [
  {
    dimension: 'prompt',
    column: 'prompt_version',
    level: 'call',
    familyOf: ({ prompt_version: prompt }) => prompt.split('@')[0] ?? '',
  },
  { dimension: 'version', column: 'service_version', level: 'turn', familyOf: ({ service_name: service }) => service },
  { dimension: 'model', column: 'model', level: 'call' },
  { dimension: 'tool', column: 'tool_name', level: 'call' },
  { dimension: 'service', column: 'service_name', level: 'turn' },
  { dimension: 'environment', column: 'deployment_environment', level: 'turn' },
  { dimension: 'provider', column: 'provider', level: 'call' },
  { dimension: 'kind', column: 'kind', level: 'call' },
];

/** Of each dimension the values whose spend changed most are looked at. */
const MAX_VALUES = 30;

const changeOf = ({ before, after }: Slice): number => Math.abs(nanoOf(after) - nanoOf(before));

/** The slices of every dimension of spend; a value that is empty is none. */
export function spendSlices(before: SpendCells, after: SpendCells): Slice[] {
  return SPEND_SLICES.flatMap(({ dimension, column, level, familyOf }) => {
    const keyOf = ({ of }: { readonly of: Cell['of'] | TurnCounts['of'] }): string =>
      JSON.stringify([column === 'service_version' ? of.service_name : '', of[column]]);
    const factsOf = ({ cells, turns }: SpendCells): ((key: string) => PeriodFacts) => {
      const cellsOf = groupBy(cells, keyOf);
      const turnsOf = groupBy(level === 'turn' ? turns : [], keyOf);
      return (key) => {
        const counts = turnsOf.get(key) ?? [];
        const sum = (name: 'turns' | 'sessions' | 'retries'): number => counts.reduce((total, one) => total + one[name], 0);
        const groups = (cellsOf.get(key) ?? []).map(({ group }) => group);
        return { turns: sum('turns'), sessions: sum('sessions'), retries: sum('retries'), groups };
      };
    };
    const [was, is] = [factsOf(before), factsOf(after)];
    const values = new Map([...before.cells, ...after.cells].map((cell) => [keyOf(cell), cell.of]));
    const slices = [...values].flatMap(([key, of]): Slice[] => {
      if (of[column] === '' || of[column] === OVERFLOW) return [];
      const family = familyOf ? { family: familyOf(of) } : {};
      return [{ dimension, value: of[column], level, before: was(key), after: is(key), ...family }];
    });
    return slices.sort((a, b) => changeOf(b) - changeOf(a)).slice(0, MAX_VALUES);
  });
}
