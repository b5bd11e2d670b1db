import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation, useSearchParams } from 'wouter';
import { type TurnFilter, useTurns } from '../api/questions';
import { Empty, Failure, Outcome, Skeleton, Time } from '../design/parts';
import { countOf, durationOf, moneyOf } from '../format/numbers';
import { useRowKeys } from '../shell/row-keys';
import { TurnPage } from './turn';
import './turns.css';

const OUTCOMES = ['answered', 'error', 'abandoned', 'transferred', 'refused', 'unknown'] as const;
const SPANS = {
  '1h': 'last hour',
  '24h': 'last day',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
} as const;

function filterIn(params: URLSearchParams): TurnFilter {
  const given = (name: string): string | undefined => params.get(name) || undefined;
  return {
    service: given('service'),
    intent: given('intent'),
    outcome: OUTCOMES.find((one) => one === params.get('outcome')),
    since: given('since') ?? '24h',
  };
}

export default function TurnPages() {
  return (
    <Switch>
      <Route path="/turns/:id">{({ id }) => <TurnPage id={id} />}</Route>
      <Route path="/turns" component={TurnsPage} />
    </Switch>
  );
}

/** Requests and how they ended; what is chosen stands in the address. */
function TurnsPage() {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => filterIn(params), [params]);
  const turns = useTurns(filter);
  const [, go] = useLocation();
  const rows = turns.data?.pages.flatMap((page) => page.turns) ?? [];
  const [at, setAt] = useRowKeys(rows.length, (row) => go(`/turns/${encodeURIComponent(rows[row]?.turn_id ?? '')}`));
  const chosen = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const change = (name: string, value: string): void => {
    setAt(-1);
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  };
  return (
    <>
      <header>
        <h1>Turns</h1>
        <p className="quiet">Each request of a user, and all work until its answer</p>
      </header>
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          Time
          <select value={filter.since} onChange={({ target }) => change('since', target.value)}>
            {Object.entries(SPANS).map(([span, name]) => (
              <option key={span} value={span}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Outcome
          <select value={filter.outcome ?? ''} onChange={({ target }) => change('outcome', target.value)}>
            <option value="">all</option>
            {OUTCOMES.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <TextFilter
          key={`service ${filter.service ?? ''}`}
          name="Service"
          value={filter.service ?? ''}
          onChange={(value) => change('service', value)}
        />
        <TextFilter
          key={`intent ${filter.intent ?? ''}`}
          name="Intent"
          value={filter.intent ?? ''}
          onChange={(value) => change('intent', value)}
        />
      </form>
      {turns.isError && <Failure error={turns.error} again={() => void turns.refetch()} />}
      {turns.isPending && <Skeleton height={480} />}
      {turns.data && rows.length === 0 && (
        <Empty title="No turn like this">
          <p className="quiet">Choose a longer time, or take out a filter. A turn shows a minute after the last of its events.</p>
        </Empty>
      )}
      {rows.length > 0 && (
        <div className="table-frame" tabIndex={0} role="region" aria-label="Turns">
          <table className="rows turns">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Service</th>
                <th scope="col">Asked</th>
                <th scope="col">Outcome</th>
                <th scope="col" className="number">
                  Took
                </th>
                <th scope="col" className="number">
                  Cost
                </th>
                <th scope="col" className="number">
                  Retries
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((turn, row) => (
                <tr key={turn.turn_id} ref={row === at ? chosen : undefined} aria-current={row === at || undefined}>
                  <td>
                    <Time at={turn.ts} />
                  </td>
                  <td>{turn.service_name}</td>
                  <td>
                    <Link href={`/turns/${encodeURIComponent(turn.turn_id)}`} title={turn.input_preview}>
                      {turn.input_preview || turn.name || turn.turn_id}
                    </Link>
                  </td>
                  <td>
                    <Outcome of={turn.outcome} />
                  </td>
                  <td className="number">{durationOf(turn.duration_ms)}</td>
                  <td className="number">{moneyOf(turn.cost_nano_usd)}</td>
                  <td className="number">{turn.retries > 0 ? countOf(turn.retries) : ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > 0 && (
        <p className="quiet">
          {countOf(rows.length)} shown
          {turns.hasNextPage ? '; there are more' : ', which is all'}{' '}
          {turns.hasNextPage && (
            <button
              type="button"
              className="button"
              disabled={turns.isFetchingNextPage}
              onClick={() => void turns.fetchNextPage()}
            >
              Show more
            </button>
          )}
        </p>
      )}
    </>
  );
}

interface TextFilterProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}
/** Counts when it is left, or Enter is pressed: not at every letter. */
function TextFilter({ name, value, onChange }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const apply = (): void => {
    if (typed.trim() !== value) onChange(typed.trim());
  };
  return (
    <label>
      {name}
      <input
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={apply}
        onKeyDown={({ key }) => key === 'Enter' && apply()}
      />
    </label>
  );
}
