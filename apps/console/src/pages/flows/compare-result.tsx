import { Download } from '../../design/download';
import { Section } from '../../design/page';
import { Badge, Stat } from '../../design/parts';
import { countOf, shareOf } from '../../format/numbers';
import {
  amountOf,
  capital,
  type ComparedMetric,
  intervalOf,
  metricName,
  placeOf,
  plainSentence,
  summaryOf,
  toneOf,
} from './compare';
import { type Answer } from './questions';

interface CompareResultProps {
  readonly data: Answer<'compare'>;
  readonly isChange: boolean;
}

const digits = (value: number | null): string =>
  value === null ? '–' : value < 0.001 ? '< 0.001' : String(Number(value.toPrecision(2)));

/** What was found, in a sentence; each metric with its interval; and what all of it rests on. */
export function CompareResult({ data, isChange }: CompareResultProps) {
  const { counts, metrics, notes } = data;
  const a = data.a === null ? 'all others' : data.a || '(none)';
  const b = data.b === null ? 'the other' : data.b || '(none)';
  const matched = metrics.find(({ matched_share: share }) => share !== undefined)?.matched_share;
  return (
    <Section title={summaryOf(metrics, b)} beside={<Download name={`compare-by-${data.by}`} rows={metrics} columns={CSV} />}>
      {notes.map((note) => (
        <p key={note} className="flow-behind">{capital(note)}.</p>
      ))}
      {counts && (
        <dl className="stats">
          <Stat name={isChange ? `Control: ${a}` : `A: ${a}`} beside={`${countOf(counts.users_a)} users`}>{countOf(Math.round(counts.sessions_a))} sessions</Stat>
          <Stat name={isChange ? `Changed: ${b}` : `B: ${b}`} beside={`${countOf(counts.users_b)} users`}>{countOf(Math.round(counts.sessions_b))} sessions</Stat>
          <Stat name="On no side" beside={`${countOf(Math.round(counts.sessions_with_both))} of them met both`}>{countOf(Math.round(counts.sessions_with_both + counts.sessions_with_neither))}</Stat>
          {isChange ? (
            <Stat name="Matched" beside="of the changed sessions have a control">{matched === undefined ? '–' : shareOf(matched, 1)}</Stat>
          ) : (
            <Stat name="There at the same time" beside="of the time of both">{counts.overlap === null ? '–' : shareOf(counts.overlap, 1)}</Stat>
          )}
        </dl>
      )}
      <ol className="compare-list">
        {metrics.map((one) => <Metric key={one.metric} one={one} a={a} b={b} isChange={isChange} />)}
      </ol>
      <p className="quiet">
        Only what is found at a false discovery rate of 5 % among all metrics is called an effect. What is independent is a user, not a session. {capital(data.method)}.
      </p>
    </Section>
  );
} // prettier-ignore

interface MetricProps {
  readonly one: ComparedMetric;
  readonly a: string;
  readonly b: string;
  readonly isChange: boolean;
}
function Metric({ one, a, b, isChange }: MetricProps) {
  const tone = toneOf(one);
  const { trend } = one;
  return (
    <li className="card compare-card">
      <h3>
        {metricName(one.metric)} <Badge tone={tone}>{one.verdict}</Badge>
      </h3>
      {one.difference !== null && (
        <p className="compare-values">
          {amountOf(one.a, one.unit)} → {amountOf(one.b, one.unit)} <span className="quiet">{intervalOf(one)}</span>
        </p>
      )}
      <Interval one={one} tone={tone} />
      <p>{plainSentence(one, a, b, isChange)}</p>
      <p className="quiet">
        {one.about}{one.p !== null && `; p ${digits(one.p)}, q ${digits(one.q)}`}
        {one.detectable !== null && `; the least that would have been found in four of five cases: ${amountOf(one.detectable, one.unit)}`}
        {one.matched_share !== undefined && `; ${shareOf(one.matched_share, 1)} of the changed sessions have a control of the same kind`}
      </p>
      {trend && (
        <p className="quiet">
          {trend.holds === null
            ? 'Too few stretches of time before the change to say whether the sides ran in parallel.'
            : trend.holds
              ? 'Before the change the sides ran in parallel.'
              : `Before the change the sides drifted apart already; that alone would have made ${amountOf(trend.drift, one.unit)}.`}
        </p>
      )}
    </li>
  );
} // prettier-ignore

/** The interval on an axis with no difference in its middle. What it shows stands beside it in words. */
function Interval({ one, tone }: { readonly one: ComparedMetric; readonly tone: string }) {
  const place = placeOf(one);
  if (!place) return null;
  return (
    <div className="compare-axis" aria-hidden="true">
      <span className="compare-zero" style={{ left: '50%' }} />
      <span
        className="compare-interval"
        data-tone={tone}
        style={{ left: `${place.left * 100}%`, width: `${place.width * 100}%` }}
      />
      <span className="compare-point" data-tone={tone} style={{ left: `${place.point * 100}%` }} />
    </div>
  );
}

const CSV = [
  ...(['metric', 'about', 'unit', 'a', 'b', 'difference', 'low', 'high', 'p', 'q', 'detectable', 'verdict', 'matched_share', 'sentence'] as const).map((name) => ({ name, of: (one: ComparedMetric) => one[name] })),
  { name: 'relative_change', of: ({ relative }: ComparedMetric) => relative?.change },
  { name: 'relative_low', of: ({ relative }: ComparedMetric) => relative?.low },
  { name: 'relative_high', of: ({ relative }: ComparedMetric) => relative?.high },
]; // prettier-ignore
