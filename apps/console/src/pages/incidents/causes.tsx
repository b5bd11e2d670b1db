import { useState } from 'react';
import { Link } from 'wouter';
import { Badge, TableFrame, Time } from '../../design/parts';
import { Tip } from '../../design/tip';
import { countOf, durationOf, moneyOf } from '../../format/numbers';
import { useUrl } from '../../shell/url';
import { Evidence } from './evidence';
import { type Cause, type Why } from './questions';

const SHOWN = 3;
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const valueText = ({ dimension, value }: { readonly dimension: string; readonly value: string }): string =>
  `${dimension.replaceAll('_', ' ')} ${value}`;

/** What probably caused it, turns that show it, and what it was not. */
export function Causes({ why }: { readonly why: Why }) {
  const [chosen, choose] = useUrl('cause', '0');
  const [isAll, setAll] = useState(false);
  const at = Math.min(Math.max(0, Number(chosen) || 0), Math.max(0, why.causes.length - 1));
  const shown = isAll ? why.causes : why.causes.slice(0, Math.max(SHOWN, at + 1));
  const cause = why.causes[at];
  return (
    <>
      <p className="incident-answer">{why.answer}</p>
      {why.causes.length === 0 && (
        <p className="quiet">
          Nothing of what turns hold tells the bad ones from the others. Look at the series below, or <Link href="/explore">explore</Link> the
          turns since the onset by hand.
        </p>
      )}
      <ol className="causes">
        {shown.map((one, i) => (
          <CauseCard key={one.sentence} cause={one} rank={i + 1} isChosen={i === at} onChoose={() => choose(String(i))} />
        ))}
      </ol>
      {why.causes.length > shown.length && (
        <button type="button" className="button self-start" onClick={() => setAll(true)}>
          Show {why.causes.length - shown.length} less likely ones
        </button>
      )}
      {cause && <Evidence cause={cause} />}
      <RuledOut why={why} />
      <Moved why={why} />
      <p className="quiet">
        Asked: {why.question}.{why.since && why.onset && <> Turns since <Time at={why.onset} by="clock" /> are compared with those from <Time at={why.since} by="clock" /> on.</>}
        {why.threshold !== null && ` A turn is bad beyond ${thresholdText(why)}.`}
        {why.looked_at_one_in > 1 && ` One in ${countOf(why.looked_at_one_in)} turns was looked at.`} {why.notes.join('; ')}
      </p>
    </>
  );
} // prettier-ignore

const thresholdText = ({ measure, threshold }: Why): string =>
  isTime(measure)
    ? durationOf(threshold)
    : measure === 'cost'
      ? moneyOf(threshold)
      : String(Number((threshold ?? 0).toPrecision(3)));
const isTime = (measure: Why['measure']): boolean => measure === 'duration' || measure === 'first_token';

interface CauseCardProps {
  readonly cause: Cause;
  readonly rank: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}
const CauseCard = ({ cause, rank, isChosen, onChoose }: CauseCardProps) => (
  <li className="card cause" data-chosen={isChosen || undefined}>
    <div className="cause-rank" aria-hidden="true">
      {rank}
    </div>
    <div className="cause-body">
      <p>{cause.sentence}</p>
      <p className="cause-facts">
        <Confidence of={cause.confidence} />
        <span>explains {percent(cause.explained_share)} of the rise</span>
        <span>
          {countOf(cause.bad_turns)} of its {countOf(cause.turns)} turns are bad
        </span>
        {cause.change && (
          <span className="mark">
            {cause.change.source === 'deploy' ? 'deployed' : 'first seen'} <Time at={cause.change.at} by="clock" />
          </span>
        )}
        {cause.same_turns_as.length > 0 && (
          <Tip text={cause.same_turns_as.map(valueText).join(', ')}>
            <button type="button" className="link">the same turns as {cause.same_turns_as.length} other values</button>
          </Tip>
        )}
      </p>
      {cause.signs.length > 0 && <p className="quiet">It shows as {cause.signs.map(valueText).join(', ')}.</p>}
    </div>
    {(cause.evidence.bad.length > 0 || cause.evidence.good.length > 0) && (
      <button type="button" className="button" aria-pressed={isChosen} onClick={onChoose}>
        Its turns
      </button>
    )}
  </li>
); // prettier-ignore

const Confidence = ({ of }: { readonly of: number | null }) =>
  of === null ? (
    <Tip text="How often causes like this are right was not counted for this measure">
      <button type="button" className="link">confidence not measured</button>
    </Tip>
  ) : (
    <Tip text="How often causes with as much support were the planted one, in cases that were counted (docs/ROOT-CAUSE.md)">
      <button type="button" className="link confidence">
        <span className="meter" aria-hidden="true"><span style={{ width: `${100 * of}%` }} /></span>
        {percent(of)} sure
      </button>
    </Tip>
  ); // prettier-ignore

function RuledOut({ why: { ruled_out: ruledOut } }: { readonly why: Why }) {
  if (ruledOut.length === 0) return null;
  return (
    <details className="card ruled-out" open>
      <summary>Ruled out, and why: {ruledOut.length}</summary>
      <ul>
        {ruledOut.map((one) => (
          <li key={`${one.dimension} ${one.value} ${one.reason}`}>
            <strong>{valueText(one)}</strong> <span className="quiet">{one.reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Which operations moved, before and after; of what that is one says the measure. */
function Moved({ why: { moved, measure } }: { readonly why: Why }) {
  if (moved.length === 0) return null;
  const amount = (value: number | null): string =>
    value === null ? '–' : isTime(measure) ? durationOf(value) : String(Number(value.toPrecision(3)));
  return (
    <TableFrame label="Operations that moved">
      <table className="rows">
        <caption className="visually-hidden">Operations that moved</caption>
        <thead>
          <tr>
            <th scope="col">Operation that moved</th>
            {['Share of the rise', 'Before', 'After', 'Deviations'].map((name) => (
              <th key={name} scope="col" className="number">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {moved.map((one, i) => (
            <tr key={one.operation}>
              <td>{one.operation} {i === 0 && <Badge tone="warn">most</Badge>}</td>
              <td className="number">{percent(one.share)}</td>
              <td className="number">{amount(one.before)}</td>
              <td className="number">{amount(one.after)}</td>
              <td className="number">{one.deviations}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
} // prettier-ignore
