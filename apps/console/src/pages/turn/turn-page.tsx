import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ShowAs } from '../../design/show-as';
import { Asked } from '../../design/asked';
import { Page } from '../../design/page';
import { Outcome, Stat, Time } from '../../design/parts';
import { sessionHref } from '../../format/links';
import { countOf, durationOf, moneyOf, numberOf } from '../../format/numbers';
import { useUrlChange } from '../../shell/url';
import { idInPath } from '../path-id';
import { ExplainPanel } from './explain-panel';
import { type TurnAnswer, type TurnOperation } from './model/operation';
import { turnOperations } from './questions';
import { firstOf, WorkView } from './work-view';
import './turn.css';
import './operation.css';

/** One turn: what came of it, why, its work on one axis of time, and whatever is chosen in it. */
export default function TurnPage() {
  const id = idInPath('/turns/');
  return <OneTurn key={id} id={id} />;
}

function OneTurn({ id }: { readonly id: string }) {
  const [params] = useSearchParams();
  const change = useUrlChange();
  const wanted = params.get('op') ?? '';
  const turn = useInfiniteQuery(turnOperations(id, wanted));
  const choose = useCallback((op: string) => change({ op, with: '' }, { replace: true }), [change]);
  const pages = turn.data?.pages;
  const operations = useMemo(() => unique(pages?.flatMap((page) => page.operations) ?? []), [pages]);
  const first = pages?.[0];
  const root = operations.find(({ kind }) => kind === 'turn');
  return (
    <Page
      title={first?.turn?.input_preview || root?.name || id}
      subtitle={
        <>
          {first?.service_name ?? ''} {first && <Time at={first.started_at} by="clock" />} <code>{id}</code>{' '}
          {first && first.session_id !== '' && <Link href={sessionHref(first.session_id, { turn: id })}>Its session</Link>}
        </>
      }
      actions={<ShowAs command={['turns', 'show', id]} path={`/api/turns/${encodeURIComponent(id)}/operations`} sql={['SELECT * FROM events WHERE trace_id = ', id, ' ORDER BY ts']} tool={['get_turn', { id }]} />}
    >
      <Asked of={turn} queryKey={['turn-operations', id]} height={720}>
        {() =>
          first && (
            <>
              <TurnStats answer={first} root={root} />
              {!first.turn && <p className="quiet">It is not whole yet: a turn is written once nothing of it came for a minute.</p>}
              <ExplainPanel id={id} knows={(operation) => operations.some((one) => one.id === operation)} choose={choose} />
              {first.total > operations.length && (
                <p className="turn-cap">
                  {countOf(operations.length)} of its {countOf(first.total)} operations are loaded, the first by time{' '}
                  {turn.hasNextPage && (
                    <button type="button" className="button" disabled={turn.isFetchingNextPage} onClick={() => void turn.fetchNextPage()}>
                      Load 5,000 more
                    </button>
                  )}
                </p>
              )}
              <WorkView id={id} operations={operations} turn={first.turn} chosen={chosenOf(operations, wanted, first.turn)} choose={choose} />
            </>
          )
        }
      </Asked>
    </Page>
  );
} // prettier-ignore

/** An operation that was asked for beyond the first 5,000 comes again with those around it. */
function unique(operations: readonly TurnOperation[]): TurnOperation[] {
  return [...new Map(operations.map((one) => [one.id, one])).values()];
}
const chosenOf = (operations: readonly TurnOperation[], wanted: string, turn: TurnAnswer['turn']): string =>
  operations.some(({ id }) => id === wanted) ? wanted : firstOf(operations, turn);

function TurnStats({ answer: { turn, total, failed }, root }: { readonly answer: TurnAnswer; readonly root: TurnOperation | undefined }) {
  const input = numberOf(turn?.usage_input_uncached) + numberOf(turn?.usage_cache_read) + numberOf(turn?.usage_cache_write);
  const output = numberOf(turn?.usage_output) + numberOf(turn?.usage_reasoning);
  return (
    <dl className="stats">
      <Stat name="Outcome" beside={turn?.outcome_reason}>
        <Outcome of={turn?.outcome ?? root?.status ?? ''} />
      </Stat>
      <Stat name="Took" beside={turn?.time_to_first_token_ms == null ? undefined : `first token after ${durationOf(turn.time_to_first_token_ms)}`}>
        {durationOf(turn?.duration_ms ?? root?.duration_ms)}
      </Stat>
      <Stat name="Cost" beside={turn && turn.unpriced_calls > 0 ? `${countOf(turn.unpriced_calls)} calls without a price` : undefined}>
        {moneyOf(turn?.cost_nano_usd)}
      </Stat>
      <Stat name="Tokens out" beside={`${countOf(input)} in${turn?.usage_cache_read ? `, ${countOf(turn.usage_cache_read)} of them cached` : ''}`}>
        {countOf(output)}
      </Stat>
      <Stat name="Operations" beside={[failed > 0 ? `${countOf(failed)} failed` : '', turn && turn.retries > 0 ? `${countOf(turn.retries)} again after a failure` : ''].filter(Boolean).join(', ')}>
        {countOf(total)}
      </Stat>
    </dl>
  );
} // prettier-ignore
