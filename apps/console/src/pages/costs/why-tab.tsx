import { type ReactNode, useMemo } from 'react';
import { Link } from 'wouter';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Choice } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, Stat, TableFrame } from '../../design/parts';
import { countOf, moneyOf, shareOf } from '../../format/numbers';
import { sessionHref, turnHref } from '../../format/links';
import { clockOf, timeOf } from '../../format/times';
import { useNow, useZone } from '../../shell/preferences';
import { useHere, useUrl } from '../../shell/url';
import { CostFilters, useCostFilter } from './cost-filters';
import { type Answer, useExplanation } from './questions';
import { waterfallOf } from './waterfall';
import { WaterfallChart } from './waterfall-chart';
import { nameOf, PART_NAMES, PARTS, signed } from './words';

const DAY_MS = 86_400_000;
const VS = [['', 'the time right before'], ['1d', 'a day earlier'], ['7d', 'a week earlier'], ['30d', '30 days earlier']] as const; // prettier-ignore

type Explanation = Answer<'explainSpend'>;
type Cause = Explanation['causes'][number];
type Slice = Explanation['slices'][number];

/** Why spend is another than it was: exact parts, where they come from, and turns to look at. */
export function WhyTab() {
  const { fromTo, chosen } = useCostFilter();
  const [vs, setVs] = useUrl('vs');
  const here = useHere();
  const now = useNow();
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const dayHref = (start: number): string => here({ since: new Date(start).toISOString(), until: new Date(start + DAY_MS).toISOString() }); // prettier-ignore
  const explanation = useExplanation({ ...fromTo, ...chosen, ...(VS.some(([one]) => one === vs) && vs !== '' ? { vs } : {}) });
  return (
    <>
      <div className="filters">
        <CostFilters hasEnvironment />
        <Choice label="Compared with" value={vs} options={VS} onChange={setVs} />
        <nav className="cost-presets" aria-label="Days">
          <Link className="button" href={dayHref(today - DAY_MS)}>Yesterday</Link>
          <Link className="button" href={dayHref(today)}>Today</Link>
        </nav>
      </div>
      <Asked {...explanation} height={640}>
        {(data) =>
          data.before_nano_usd === 0 && data.after_nano_usd === 0 ? (
            <Empty title="Nothing was spent in either time">
              <p className="quiet">Choose a time with calls in it. It is compared with the time before, or an earlier one of the same length.</p>
            </Empty>
          ) : (
            <Explained data={data} />
          )
        }
      </Asked>
    </>
  );
} // prettier-ignore

function Explained({ data }: { readonly data: Explanation }) {
  const [zone] = useZone();
  const here = useHere();
  const bars = useMemo(() => waterfallOf(data.before_nano_usd, data.after_nano_usd, PARTS.map((part) => [PART_NAMES[part], data.parts[part]])), [data]);
  const clock = (at: string): string => clockOf(timeOf(at), zone).slice(0, 16);
  const without = Math.max(data.unpriced_share_before ?? 0, data.unpriced_share_after ?? 0);
  const change = signed(moneyOf(data.change_nano_usd));
  return (
    <>
      <dl className="stats">
        <Stat name="Change" beside={data.before_nano_usd > 0 ? signed(shareOf(data.change_nano_usd, data.before_nano_usd)) : 'nothing was spent before'}>{change}</Stat>
        <Stat name="Spent" beside={`${clock(data.from)} to ${clock(data.to)}`}>{moneyOf(data.after_nano_usd)}</Stat>
        <Stat name="Before" beside={`${clock(data.vs_from)} to ${clock(data.vs_to)}`}>{moneyOf(data.before_nano_usd)}</Stat>
        <Stat name="Not explained" beside="Parts add up to the change">{moneyOf(data.unexplained_nano_usd)}</Stat>
      </dl>
      {without > 0 && (
        <p className="quiet">
          Calls without a price are in no sum: {shareOf(data.unpriced_share_before ?? 0, 1)} of the calls before, {shareOf(data.unpriced_share_after ?? 0, 1)} after.{' '}
          <Link href={here({ tab: 'prices' })}>Which models</Link>
        </p>
      )}
      <Section title="Likely causes">
        {data.causes.length === 0 ? (
          <p className="quiet">No single value of any dimension explains a part of the change; the parts below are those of everything.</p>
        ) : (
          <ol className="cost-findings">
            {data.causes.map((cause) => (
              <CauseCard key={`${cause.dimension} ${cause.value} ${cause.part}`} cause={cause} wasteHref={here({ tab: 'waste' })} />
            ))}
          </ol>
        )}
      </Section>
      <Section title="What made the change" beside={<Download name="why-spend-changed" rows={bars} columns={BAR_CSV} />}>
        <WaterfallChart bars={bars} label={`Spend went from ${moneyOf(data.before_nano_usd)} to ${moneyOf(data.after_nano_usd)}, in parts that add up`} />
      </Section>
      <Section title="Where it changed" beside={<Download name="where-spend-changed" rows={data.slices} columns={SLICE_CSV} />}>
        <Slices slices={data.slices} />
      </Section>
    </>
  );
} // prettier-ignore

const figure = (value: number | null, of: (known: number) => string): string => (value === null ? 'unknown' : of(value));
const FIGURES: readonly (readonly [name: string, of: (figures: Cause['before']) => string])[] = [
  ['Sessions', ({ sessions }) => countOf(Math.round(sessions))],
  ['Turns', ({ turns }) => countOf(Math.round(turns))],
  ['Calls', ({ calls }) => countOf(Math.round(calls))],
  ['Input tokens a call', ({ input_tokens: tokens }) => figure(tokens, (known) => countOf(Math.round(known)))],
  ['Read from a cache', ({ cache_read_share: share }) => figure(share, (known) => shareOf(known, 1))],
  ['Output tokens a call', ({ output_tokens: tokens }) => figure(tokens, (known) => countOf(Math.round(known)))],
  ['A call costs', ({ nano_usd: nano }) => moneyOf(nano)],
];

function CauseCard({ cause, wasteHref }: { readonly cause: Cause; readonly wasteHref: string }) {
  const { sentence, before, after, evidence, nano_usd: nano, share_of_change: share } = cause;
  return (
    <li className="card cost-finding">
      <div className="cost-amount">
        <strong>{signed(moneyOf(nano))}</strong>
        <span className="quiet">{shareOf(share, 1)} of the change</span>
      </div>
      <div>
        <p className="cost-sentence">{sentence}</p>
        <details>
          <summary>Figures before and after</summary>
          <table className="rows cost-figures">
            <thead><tr><th scope="col">Of it</th><th scope="col" className="number">Before</th><th scope="col" className="number">After</th></tr></thead>
            <tbody>
              {FIGURES.map(([name, of]) => (
                <tr key={name}><th scope="row">{name}</th><td className="number">{of(before)}</td><td className="number">{of(after)}</td></tr>
              ))}
            </tbody>
          </table>
        </details>
        {evidence.length > 0 && (
          <p className="cost-evidence">
            Its most expensive turns:{' '}
            {evidence.map(({ turn_id: id, session_id: session, cost_nano_usd: cost }) => (
              <span key={id}>
                <Link href={turnHref(id)} title={id}>{moneyOf(cost)}</Link>
                {session !== '' && <> (<Link href={sessionHref(session)} title={session}>session</Link>)</>}
              </span>
            ))}
          </p>
        )}
        <Link href={wasteHref}>What was wasted in this time</Link>
      </div>
    </li>
  );
} // prettier-ignore

/** The part that is the greatest of a slice. */
const mainPart = ({ parts }: Slice): string => {
  const [first] = [...PARTS].sort((a, b) => Math.abs(parts[b]) - Math.abs(parts[a]));
  return first === undefined || parts[first] === 0 ? '–' : `${PART_NAMES[first]} ${signed(moneyOf(parts[first]))}`;
};

function Slices({ slices }: { readonly slices: readonly Slice[] }): ReactNode {
  if (slices.length === 0) return <p className="quiet">No value of a dimension spent another amount than before.</p>;
  return (
    <TableFrame label="Where spend changed">
      <table className="rows">
        <thead>
          <tr>
            <th scope="col">Of</th><th scope="col">Value</th><th scope="col" className="number">Before</th><th scope="col" className="number">After</th>
            <th scope="col" className="number">Change</th><th scope="col">Most of it</th>
          </tr>
        </thead>
        <tbody>
          {slices.map((slice) => (
            <tr key={`${slice.dimension} ${slice.value}`}>
              <td>{slice.dimension}</td>
              <td title={slice.value}>{nameOf(slice.value)}</td>
              <td className="number">{moneyOf(slice.before_nano_usd)}</td>
              <td className="number">{moneyOf(slice.after_nano_usd)}</td>
              <td className="number">{signed(moneyOf(slice.change_nano_usd))}</td>
              <td>{mainPart(slice)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
} // prettier-ignore

const BAR_CSV = (['name', 'kind', 'from', 'to', 'amount'] as const).map((name) => ({ name: name === 'name' || name === 'kind' ? name : `${name}_nano_usd`, of: (bar: ReturnType<typeof waterfallOf>[number]) => bar[name] })); // prettier-ignore
const SLICE_CSV = [
  ...(['dimension', 'value', 'before_nano_usd', 'after_nano_usd', 'change_nano_usd'] as const).map((name) => ({ name, of: (slice: Slice) => slice[name] })),
  ...PARTS.map((part) => ({ name: `${part}_nano_usd`, of: (slice: Slice) => slice.parts[part] })),
]; // prettier-ignore
