import { Link } from 'wouter';
import { Stat } from '../../design/parts';
import { countOf, durationOf, moneyOf, numberOf, shareOf } from '../../format/numbers';
import { type Health, type Rate } from './questions';

/** The figures of this time beside those of the time before, and what today costs beside what it comes to. */
export function Figures({ health: { now, before, spend_today: spend, budgets }, rate }: { readonly health: Health; readonly rate: Rate | undefined }) {
  const unpriced = numberOf(spend.unpriced_calls);
  return (
    <dl className="stats">
      <Stat name="Turns" beside={`${countOf(before.turns)} in the time before`}>
        {countOf(now.turns)}
      </Stat>
      <Stat name="Without what was asked for" beside={`${shareOf(before.unhelped_turns, before.known_turns)} before`}>
        {shareOf(now.unhelped_turns, now.known_turns)}
      </Stat>
      <Stat name="Slowest 5 % take more than" beside={`${durationOf(before.p95_ms)} before`}>
        {durationOf(now.p95_ms)}
      </Stat>
      <Stat name="Users" beside={`${countOf(before.users)} before`}>
        {countOf(now.users)}
      </Stat>
      <Stat name="Spent today" beside={<Today spend={spend} budget={budgets[0]} />}>
        <Link href="/costs">{moneyOf(spend.cost_nano_usd)}</Link>
        {unpriced > 0 && <span className="quiet beside"> and {countOf(unpriced)} calls without a price</span>}
      </Stat>
      <Stat name="Events a second" beside={rate ? <RateLine rate={rate} /> : ' '}>
        {rate ? figure(rate.per_second) : '–'}
        {rate && rate.errors_per_second > 0 && <span className="bad beside"> {figure(rate.errors_per_second)} failed</span>}
      </Stat>
    </dl>
  );
} // prettier-ignore

const figure = (value: number): string => String(Number(value.toPrecision(2)));

/** Beyond so many times its limit the number says no more. */
const MUCH = 10;
const usedOf = (share: number): string =>
  share >= MUCH ? `more than ${MUCH} times over` : `${Number((100 * share).toPrecision(2))} % used`;

interface TodayProps {
  readonly spend: Health['spend_today'];
  /** The one that is used up most. */
  readonly budget: Health['budgets'][number] | undefined;
}
/** Beside a forecast only when there is one. */
const Today = ({ spend, budget }: TodayProps) => (
  <>
    {spend.forecast_nano_usd !== null && <>of {moneyOf(spend.forecast_nano_usd)} expected by midnight UTC; </>}
    {moneyOf(spend.yesterday_nano_usd)} yesterday{spend.forecast_nano_usd === null && '; a forecast needs seven days'}
    {budget && (
      <span className={budget.state === 'hard' ? 'bad' : budget.state === 'soft' ? 'warn' : undefined}>
        . Budget {budget.budget} of {moneyOf(budget.limit_nano_usd)} a {budget.per}: {usedOf(budget.share)}
        {budget.forecast_nano_usd !== null && `, ${moneyOf(budget.forecast_nano_usd)} expected`}
      </span>
    )}
  </>
);

const WIDTH = 120;
const HEIGHT = 18;
/** The last five minutes as a line; the step that still runs is left out. */
function RateLine({ rate: { steps } }: { readonly rate: Rate }) {
  const whole = steps.slice(0, -1);
  const most = Math.max(1, ...whole.map(({ events }) => numberOf(events)));
  const points = whole.map(({ events }, i) => `${(WIDTH * i) / Math.max(1, whole.length - 1)},${HEIGHT - 1 - ((HEIGHT - 2) * numberOf(events)) / most}`);
  const text = `Events in the last five minutes, at most ${countOf(most)} in five seconds`;
  return (
    <svg className="rate-line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={text}>
      <title>{text}</title>
      <polyline points={points.join(' ')} />
    </svg>
  );
} // prettier-ignore
