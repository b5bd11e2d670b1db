import { type ReactNode } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Choice } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, Stat } from '../../design/parts';
import { hrefOf, turnHref, turnsHref } from '../../format/links';
import { countOf, moneyOf, shareOf } from '../../format/numbers';
import { clockOf, timeOf } from '../../format/times';
import { useNow, useZone } from '../../shell/preferences';
import { useHere, useUrl } from '../../shell/url';
import { CostFilters, useCostFilter } from './cost-filters';
import { type Answer, useWaste } from './questions';
import { monthlyOf, nameOf, RULE_NAMES } from './words';

const BY = ['finding', 'rule', 'service', 'model', 'intent', 'hour'] as const;
const RULES = Object.keys(RULE_NAMES) as readonly (keyof typeof RULE_NAMES)[];
const LIMIT = 50;

type Waste = Answer<'getWaste'>;
type Group = Waste['groups'][number];

/** What bought nothing: each finding with what it loses, what fixing it saves a month, what to do, and turns to look at. */
export function WasteTab() {
  const { times, chosen } = useCostFilter();
  const [asked, setBy] = useUrl('waste', 'finding');
  const by = BY.find((one) => one === asked) ?? 'finding';
  const [rule, setRule] = useUrl('rule');
  const known = RULES.find((one) => one === rule);
  const waste = useWaste({ by, ...(chosen.service === undefined ? {} : { service: chosen.service }), ...times, limit: LIMIT, ...(known ? { rule: known } : {}) }); // prettier-ignore
  return (
    <>
      <div className="filters">
        <CostFilters hasEnvironment={false} />
        <Choice label="Summed by" value={by} options={BY.map((one) => [one, one])} onChange={setBy} />
        <Choice label="Kind of waste" value={known ?? ''} options={[['', 'all'], ...RULES.map((one) => [one, RULE_NAMES[one]] as const)]} onChange={setRule} />
      </div>
      <Asked {...waste} height={560}>
        {(data) =>
          data.groups.length === 0 ? (
            <Empty title="No waste was found in this time">
              <p className="quiet">
                Waste is looked for in whole turns: calls that are repeated, fail, go in circles, are cut, or miss their cache. Choose a longer time, or
                take out a filter.
              </p>
            </Empty>
          ) : (
            <Found data={data} />
          )
        }
      </Asked>
    </>
  );
} // prettier-ignore

function Found({ data }: { readonly data: Waste }) {
  const now = useNow();
  const [from, to] = [timeOf(data.since), Math.min(timeOf(data.until), now)];
  const month = (nano: number): number => monthlyOf(nano, from, to);
  const { total, groups } = data;
  const file = [
    ...(['rule', 'service_name', 'model', 'intent', 'hour', 'turns', 'calls', 'unpriced_calls', 'nano_lost', 'nano_avoidable', 'detail', 'fix'] as const).map((name) => ({ name, of: (group: Group) => group[name] })),
    { name: 'nano_avoidable_a_month', of: ({ nano_avoidable: nano }: Group) => month(nano) },
    { name: 'evidence', of: ({ evidence }: Group) => evidence.join(' ') },
  ]; // prettier-ignore
  const shown = groups.reduce((sum, { nano_lost: nano }) => sum + nano, 0);
  return (
    <>
      <dl className="stats">
        <Stat name="Could be saved a month" beside="at the rate of this time">{moneyOf(month(total.nano_avoidable))}</Stat>
        <Stat name="Lost in this time" beside={`${moneyOf(total.nano_avoidable)} of it is saved by the fixes`}>{moneyOf(total.nano_lost)}</Stat>
        <Stat name="Turns with waste">{countOf(Math.round(total.turns))}</Stat>
        <Stat name="Wasted calls" beside={total.unpriced_calls > 0 ? `${countOf(total.unpriced_calls)} of them have no price` : undefined}>{countOf(Math.round(total.calls))}</Stat>
      </dl>
      <Section title={`${countOf(groups.length)} ${data.by === 'finding' ? 'findings' : `by ${data.by}`}`} beside={<Download name={`waste-by-${data.by}`} rows={groups} columns={file} />}>
        <ol className="cost-findings">
          {groups.map((group, i) => (
            <Finding key={i} group={group} by={data.by} savings={month(group.nano_avoidable)} />
          ))}
        </ol>
        <p className="quiet">
          {groups.length >= LIMIT ? `The ${LIMIT} that lost most` : 'All that was found'}; {shareOf(shown, total.nano_lost)} of what was lost. No call is
          counted twice.
        </p>
      </Section>
    </>
  );
} // prettier-ignore

function titleOf(
  { rule, service_name: service, model, intent, hour }: Group,
  by: Waste['by'],
  clock: (at: string) => string,
): string {
  if (rule !== undefined) return RULE_NAMES[rule];
  if (hour !== undefined) return clock(hour);
  return nameOf({ finding: '', rule: '', hour: '', service, model, intent }[by] ?? '');
}

function Finding({ group, by, savings }: { readonly group: Group; readonly by: Waste['by']; readonly savings: number }) {
  const [zone] = useZone();
  const here = useHere();
  const { times } = useCostFilter();
  const { rule, service_name: service, model, intent, change } = group;
  const title = titleOf(group, by, (at) => clockOf(timeOf(at), zone).slice(0, 16));
  const where = by === 'finding' ? [service, model, intent].filter(Boolean).join(' · ') : '';
  const turns = turnsHref({ ...times, service, intent });
  return (
    <li className="card cost-finding">
      <div className="cost-amount">
        <strong>{moneyOf(savings)}</strong>
        <span className="quiet">saved a month</span>
      </div>
      <div>
        <h3>{title}</h3>
        {where !== '' && <p className="quiet">{where}</p>}
        {group.fix !== '' && <p>{group.fix}</p>}
        {group.detail !== '' && <p className="quiet">{group.detail}</p>}
        {change && <PromptChange change={change} />}
        <p className="quiet">
          Lost {moneyOf(group.nano_lost)} in {countOf(Math.round(group.turns))} turns and {countOf(Math.round(group.calls))} calls
          {group.unpriced_calls > 0 && `, of which ${countOf(group.unpriced_calls)} have no price`}
        </p>
        {group.evidence.length > 0 && (
          <p className="cost-evidence">
            Turns that lost most: {group.evidence.map((id, i) => <Link key={id} href={turnHref(id)} title={id}>turn {i + 1}</Link>)}
          </p>
        )}
        <p className="cost-evidence">
          {by !== 'finding' && rule !== undefined && <Link href={here({ waste: '', rule })}>Its findings</Link>}
          {(service !== undefined || intent !== undefined) && <Link href={turns}>All turns {service ? `of ${service}` : 'like these'}</Link>}
          {rule === 'model_too_large' && <Link href={hrefOf('/costs', { tab: 'what-if', model, service })}>What if a cheaper model answered</Link>}
        </p>
      </div>
    </li>
  );
} // prettier-ignore

const PromptChange = ({ change }: { readonly change: NonNullable<Group['change']> }): ReactNode => (
  <div className="cost-prompt">
    <p>
      A {change.kind} changes from call to call, {countOf(change.at)} characters into the prompt
    </p>
    <dl>
      <dt>Behind</dt>
      <dd className="mono">{change.behind}</dd>
      <dt>Before</dt>
      <dd className="mono">{change.before}</dd>
      <dt>After</dt>
      <dd className="mono">{change.after}</dd>
    </dl>
    <p className="quiet">Shapes only: 0 stands for a digit, a for a letter.</p>
  </div>
);
