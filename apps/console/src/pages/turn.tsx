import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { useTurn } from '../api/questions';
import { Empty, Failure, Outcome, Skeleton, Stat, Time } from '../design/parts';
import { countOf, durationOf, moneyOf } from '../format/numbers';
import { OperationPanel } from './operation-panel';
import { type Step, stepsOf } from './steps';
import { Waterfall } from './waterfall';
import './turn.css';

/** One turn: its work as a tree and on one axis of time, and whatever is chosen in it. */
export function TurnPage({ id }: { readonly id: string }) {
  const turn = useTurn(id);
  const [params, setParams] = useSearchParams();
  const steps = useMemo<readonly Step[]>(() => (turn.data ? stepsOf(turn.data.operations) : []), [turn.data]);
  if (turn.isPending) return <Skeleton height={560} />;
  if (turn.isError) return <Failure error={turn.error} again={() => void turn.refetch()} />;
  const { turn: row, root, truncated } = turn.data;
  const wanted = params.get('op');
  const chosen =
    steps.find(({ operation }) => operation.id === wanted) ??
    steps.find(({ operation }) => operation.status === 'error') ??
    steps[0];
  const choose = (one: string): void =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        next.set('op', one);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <header>
        <h1>{row?.input_preview || root?.name || id}</h1>
        <p className="quiet">
          {row?.service_name ?? root?.service_name ?? ''} {row && <Time at={row.ts} by="clock" />} <code>{id}</code>
        </p>
      </header>
      {row && (
        <dl className="stats">
          <Stat name="Outcome" beside={row.outcome_reason}>
            <Outcome of={row.outcome} />
          </Stat>
          <Stat name="Took">{durationOf(row.duration_ms)}</Stat>
          <Stat name="Cost" beside={row.unpriced_calls > 0 ? `${row.unpriced_calls} calls without a price` : undefined}>
            {moneyOf(row.cost_nano_usd)}
          </Stat>
          <Stat name="Operations" beside={row.retries > 0 ? `${row.retries} of them again after a failure` : undefined}>
            {countOf(steps.length)}
          </Stat>
        </dl>
      )}
      {!row && <p className="quiet">It is not whole yet: a turn is written once nothing of it came for a minute.</p>}
      {truncated && <p className="quiet">It has more than 5,000 events; the first are shown.</p>}
      {steps.length === 0 ? (
        <Empty title="No operation of it is known" />
      ) : (
        <div className="turn-view">
          <Waterfall steps={steps} chosen={chosen?.operation.id ?? ''} onChoose={choose} />
          {chosen && <OperationPanel operation={chosen.operation} />}
        </div>
      )}
    </>
  );
}
