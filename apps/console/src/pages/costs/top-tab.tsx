import { type ReactNode, useMemo } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Choice, TextFilter } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { sessionHref, turnsHref } from '../../format/links';
import { countOf, moneyOf, shareOf } from '../../format/numbers';
import { useUrl } from '../../shell/url';
import { CostFilters, useCostFilter } from './cost-filters';
import { type Answer, useTopSpend } from './questions';
import { costOf, nameOf } from './words';

const DIMENSIONS = [
  'service', 'model', 'provider', 'prompt', 'version', 'environment', 'tool', 'kind', 'user', 'session', 'intent', 'outcome', 'language', 'region', 'release', 'agent', 'day', 'hour',
] as const; // prettier-ignore
const NAMED = [['flag:', 'a flag'], ['dimension:', 'a dimension of yours']] as const; // prettier-ignore
const LIMITS = ['20', '100', '1000'] as const;

type Group = Answer<'topSpend'>['groups'][number];

const usd = (value: number | null): string => (value === null ? '–' : moneyOf(value * 1e9));
type PerField = 'usd_per_turn' | 'usd_per_session' | 'usd_per_answered_turn';
const priced = (group: Group, field: PerField): number | null => (costOf(group) === null ? null : group[field]);
const percent = (value: number | null): string => (value === null ? '–' : shareOf(value, 1));

/** Where the turns of a value are listed; null where they cannot be listed by it. */
function turnsOf(by: string, value: string, times: { readonly since: string; readonly until?: string }, service: string): string | null {
  if (value === '') return null;
  const filter = { ...times, service };
  if (by === 'session') return sessionHref(value);
  if (by === 'service') return turnsHref({ ...filter, service: value });
  return by === 'intent' || by === 'outcome' ? turnsHref({ ...filter, [by]: value }) : null;
} // prettier-ignore

/** Who spends: any dimension, the most expensive first. */
export function TopTab() {
  const { times, chosen, service } = useCostFilter();
  const [by, setBy] = useUrl('top', 'service');
  const [limit, setLimit] = useUrl('limit', '20');
  const kind = NAMED.find(([prefix]) => by.startsWith(prefix))?.[0];
  const isWhole = kind === undefined || by.length > kind.length;
  const top = useTopSpend({ by: isWhole ? by : 'service', ...chosen, ...times, limit: Number(LIMITS.find((one) => one === limit) ?? '20') }); // prettier-ignore
  return (
    <>
      <div className="filters">
        <CostFilters hasEnvironment />
        <Choice label="Who, by" value={kind ?? by} options={[...DIMENSIONS.map((one) => [one, one] as const), ...NAMED]} onChange={setBy} />
        {kind !== undefined && (
          <TextFilter key={by} label="Its name" value={by.slice(kind.length)} placeholder="new_prompt" onChange={(name) => setBy(`${kind}${name}`)} />
        )}
        <Choice label="At most" value={limit} options={LIMITS.map((one) => [one, one])} onChange={setLimit} />
      </div>
      {isWhole ? (
        <Asked {...top} height={480}>
          {(data) => (data.total.calls === 0 ? <Empty title="Nobody spent anything in this time"><p className="quiet">Choose a longer time or take out a filter.</p></Empty> : <Spenders data={data} hrefOf={(value) => turnsOf(by, value, times, service)} />)}
        </Asked>
      ) : (
        <Empty title="Which one?">
          <p className="quiet">Type the name of the {kind === 'flag:' ? 'flag' : 'dimension'}, as events have it.</p>
        </Empty>
      )}
    </>
  );
} // prettier-ignore

interface SpendersProps {
  readonly data: Answer<'topSpend'>;
  readonly hrefOf: (value: string) => string | null;
}
function Spenders({ data, hrefOf }: SpendersProps) {
  const { groups, total, by } = data;
  const columns = useMemo((): readonly TableColumn<Group>[] => {
    const number = (id: string, name: string, cell: (group: Group) => ReactNode, sortBy: (group: Group) => number | null): TableColumn<Group> => ({ id, name, cell, sortBy, isNumber: true, width: 'minmax(84px, 1fr)' });
    const valueOf = ({ value }: Group): ReactNode => {
      const href = hrefOf(value);
      return href === null ? <span title={value}>{nameOf(value)}</span> : <Link href={href} title={value}>{value}</Link>;
    };
    return [
      { id: 'value', name: by, cell: valueOf, sortBy: ({ value }) => value, width: 'minmax(140px, 2fr)' },
      number('cost', 'Spent', (group) => moneyOf(costOf(group)), costOf),
      number('share', 'Of all', ({ share }) => percent(share), ({ share }) => share),
      number('calls', 'Calls', ({ calls }) => countOf(calls), ({ calls }) => calls),
      number('unpriced', 'No price', ({ unpriced_share: share }) => percent(share), ({ unpriced_share: share }) => share),
      number('estimated', 'Counted', ({ estimated_cost_nano_usd: nano }) => moneyOf(nano), ({ estimated_cost_nano_usd: nano }) => nano),
      number('cached', 'From cache', ({ cache_read_share: share }) => percent(share), ({ cache_read_share: share }) => share),
      number('turn', 'A turn', (group) => usd(priced(group, 'usd_per_turn')), (group) => priced(group, 'usd_per_turn')),
      number('session', 'A session', (group) => usd(priced(group, 'usd_per_session')), (group) => priced(group, 'usd_per_session')),
      number('answered', 'An answer', (group) => usd(priced(group, 'usd_per_answered_turn')), (group) => priced(group, 'usd_per_answered_turn')),
    ];
  }, [by, hrefOf]);
  const shown = groups.reduce((sum, { cost_nano_usd: nano }) => sum + nano, 0);
  return (
    <Section title={`${moneyOf(total.cost_nano_usd)} in all`} beside={<Download name={`spend-by-${by}`} rows={groups} columns={CSV} />}>
      <DataTable label={`Spend by ${by}`} rows={groups} columns={columns} rowId={({ value }) => `v ${value}`} />
      <p className="quiet">
        {countOf(groups.length)} shown, which spent {shareOf(shown, total.cost_nano_usd)} of all. An answer: all of the cost over the turns that were
        answered, so failed ones count. {total.unpriced_calls > 0 && `${countOf(total.unpriced_calls)} calls (${percent(total.unpriced_share)}) have no price and are in no sum. `}
        A turn that used two models counts under both.
      </p>
    </Section>
  );
} // prettier-ignore

const CSV = (
  [
    'value', 'cost_nano_usd', 'usd', 'share', 'calls', 'unpriced_calls', 'unpriced_share', 'estimated_cost_nano_usd', 'input_tokens', 'output_tokens', 'cache_read_share', 'turns', 'sessions', 'answered_turns', 'usd_per_turn', 'usd_per_session', 'usd_per_answered_turn',
  ] as const
).map((name) => ({ name, of: (group: Group) => group[name] })); // prettier-ignore
