import { type Setting } from '@telltale/api-client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useCan } from '../../api/session';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { MoreRows } from '../../design/more-rows';
import { Section } from '../../design/page';
import { Badge, Empty, Failure, Skeleton, TableFrame, Time } from '../../design/parts';
import { Tip } from '../../design/tip';
import { turnHref } from '../../format/links';
import { countOf, moneyOf, shareOf } from '../../format/numbers';
import { burnRateOf } from './budget-form';
import { BudgetDialog } from './budget-dialog';
import { type Answer, useBudgetAlerts, useBudgets, useBudgetSettings } from './questions';

type Status = Answer<'listBudgets'>['budgets'][number];
type Alert = Answer<'listBudgetAlerts'>['alerts'][number];

const STATES = { ok: ['within', 'good'], soft: ['warned', 'warn'], hard: ['exceeded', 'bad'] } as const;

/** How each budget stands, what it is expected to come to, and what it reported; budgets are made and changed here. */
export function BudgetsTab() {
  const { can, why } = useCan('admin');
  const budgets = useBudgets();
  const settings = useBudgetSettings(can);
  const [open, setOpen] = useState<Setting | 'new' | null>(null);
  const add = (
    <button type="button" className="button" data-main="true" disabled={!can} onClick={() => setOpen('new')}>
      New budget
    </button>
  );
  return (
    <>
      <Section title="Budgets" beside={why === undefined ? add : <Tip text={why}><span tabIndex={0}>{add}</span></Tip>}>
        {why !== undefined && <p className="quiet">{why}: budgets are shown, and cannot be changed.</p>}
        <Asked {...budgets} height={320}>
          {({ budgets: all, left_out: leftOut }) =>
            all.length === 0 ? (
              <Empty title="No budget is set">
                <p className="quiet">A budget says how much may be spent in a day or a month, by all calls or by some. Before it is used up too fast it opens an incident.</p>
                <pre tabIndex={0}>npx telltale settings set budget monthly usd=500 soft_usd=400</pre>
              </Empty>
            ) : (
              <>
                <ol className="cost-findings">
                  {all.map((status) => {
                    const setting = settings.of.data?.settings.find(({ name }) => name === status.budget);
                    return <BudgetCard key={`${status.budget} ${status.value}`} status={status} {...(setting && can ? { onChange: () => setOpen(setting) } : {})} />;
                  })}
                </ol>
                <p className="quiet">
                  Of a budget that is divided the 100 values that spent most{leftOut > 0 ? `; ${countOf(leftOut)} budgets beyond the first 50 are not shown` : ''}.{' '}
                </p>
                <div><Download name="budgets" rows={all} columns={CSV} /></div>
              </>
            )
          }
        </Asked>
      </Section>
      <Alerts />
      {open !== null && <BudgetDialog budget={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </>
  );
} // prettier-ignore

function BudgetCard({ status, onChange }: { readonly status: Status; readonly onChange?: () => void }) {
  const { state, spent_nano_usd: spent, limit_nano_usd: limit, soft_limit_nano_usd: soft, forecast_nano_usd: forecast, exhausted_at: exhausted } = status;
  const [word, tone] = STATES[state];
  const burn = burnRateOf(status);
  return (
    <li className="card cost-budget">
      <div className="section-head">
        <h3>
          {status.budget}
          {status.dimension !== '' && <span className="quiet"> · {status.dimension} {status.value || '(none)'}</span>}
        </h3>
        <span className="cost-actions">
          <Badge tone={tone}>{word}</Badge>
          {onChange && <button type="button" className="button" onClick={onChange}>Change<span className="visually-hidden"> {status.budget}</span></button>}
        </span>
      </div>
      <p>
        <strong>{moneyOf(spent)}</strong> of {moneyOf(limit)} {status.per === 'day' ? 'today' : 'this month'} ({shareOf(spent, limit)}){soft !== null && <>, warned from {moneyOf(soft)}</>}
      </p>
      <BudgetBar status={status} />
      <dl className="cost-facts">
        <dt>Burn rate</dt>
        <dd>{burn === null ? '–' : `${Number(burn.toPrecision(2))} ×`} <span className="quiet">{moneyOf(status.rate_nano_usd_per_hour)} an hour; 1 × lasts exactly to the end</span></dd>
        <dt>Used up</dt>
        <dd>{exhausted !== null ? <Time at={exhausted} /> : spent >= limit ? 'it is' : 'not in this period at this rate'}</dd>
        <dt>Comes to</dt>
        <dd>
          {forecast === null ? <span className="quiet">{status.per === 'day' ? 'the shape of a day is not known' : 'known after seven whole days'}</span> : (
            <>{moneyOf(forecast)} <span className="quiet">in four of five cases {moneyOf(status.forecast_low_nano_usd)} to {moneyOf(status.forecast_high_nano_usd)}</span></>
          )}
        </dd>
        <dt>Period ends</dt>
        <dd><Time at={status.period_end} /></dd>
        {status.unpriced_share !== null && status.unpriced_share > 0 && (
          <><dt>Without a price</dt><dd>{shareOf(status.unpriced_share, 1)} of the calls of 24 h, in no sum</dd></>
        )}
      </dl>
    </li>
  );
} // prettier-ignore

/** Spent beside the limit, with the interval of what it comes to. The numbers stand beside it as text. */
function BudgetBar({ status }: { readonly status: Status }) {
  const { spent_nano_usd: spent, limit_nano_usd: limit, soft_limit_nano_usd: soft, forecast_low_nano_usd: low, forecast_high_nano_usd: high } = status;
  const most = Math.max(limit, spent, high ?? 0) || 1;
  const percent = (nano: number): string => `${(100 * nano) / most}%`;
  return (
    <div className="cost-budget-bar" aria-hidden="true">
      {low !== null && high !== null && <span className="cost-budget-band" style={{ left: percent(low), width: percent(high - low) }} />}
      <span className="cost-budget-spent" data-state={status.state} style={{ width: percent(spent) }} />
      {soft !== null && <span className="cost-budget-mark" data-kind="soft" style={{ left: percent(soft) }} />}
      <span className="cost-budget-mark" style={{ left: percent(limit) }} />
    </div>
  );
} // prettier-ignore

function Alerts() {
  const alerts = useBudgetAlerts('30d');
  const rows = alerts.data?.pages.flatMap((page) => page.alerts) ?? [];
  return (
    <Section title="What budgets reported in 30 days" beside={<Download name="budget-alerts" rows={rows} columns={ALERT_CSV} />}>
      {alerts.isError && <Failure error={alerts.error} again={() => void alerts.refetch()} />}
      {alerts.isPending && <Skeleton height={120} />}
      {alerts.data && rows.length === 0 && <p className="quiet">Nothing: no budget was passed or used up too fast, and no hour cost far more than usual.</p>}
      {rows.length > 0 && (
        <TableFrame label="What budgets reported">
          <table className="rows">
            <thead><tr><th scope="col">When</th><th scope="col">State</th><th scope="col">Budget</th><th scope="col">Severity</th><th scope="col">What</th></tr></thead>
            <tbody>
              {rows.map((alert) => (
                <tr key={alert.id}>
                  <td><Time at={alert.at} /></td>
                  <td><Badge tone={alert.state === 'firing' ? 'bad' : 'quiet'}>{alert.state}</Badge></td>
                  <td>{alert.budget || '–'}</td>
                  <td>{alert.severity}</td>
                  <td className="cost-summary">
                    {alert.summary} {alert.kind === 'turn_cost' && <Link href={turnHref(alert.value)}>The turn</Link>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {rows.length > 0 && <MoreRows shown={rows.length} of="reports" query={alerts} />}
    </Section>
  );
} // prettier-ignore

const CSV = (
  [
    'budget', 'dimension', 'value', 'per', 'period_start', 'period_end', 'state', 'spent_nano_usd', 'limit_nano_usd', 'soft_limit_nano_usd', 'share', 'rate_nano_usd_per_hour', 'exhausted_at', 'forecast_nano_usd', 'forecast_low_nano_usd', 'forecast_high_nano_usd', 'unpriced_share',
  ] as const
).map((name) => ({ name, of: (status: Status) => status[name] })); // prettier-ignore
const ALERT_CSV = (['at', 'state', 'kind', 'severity', 'budget', 'value', 'service_name', 'spent_nano_usd', 'limit_nano_usd', 'summary'] as const).map((name) => ({ name, of: (alert: Alert) => alert[name] })); // prettier-ignore
