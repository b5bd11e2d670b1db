import { Link } from 'wouter';
import { useHealth, useIncidents } from '../api/questions';
import { Empty, Failure, Skeleton, Stat, Time } from '../design/parts';
import { FirstEvent } from './first-event';
import { countOf, durationOf, moneyOf, numberOf, shareOf } from '../format/numbers';
import { IncidentRows } from './incidents';
import { MinuteChart } from './minute-chart';

const MOST_INCIDENTS = 5;

/** How the bots are: a sentence, the figures beside those of the hour before, what is wrong. */
export function NowPage() {
  const health = useHealth();
  const incidents = useIncidents(MOST_INCIDENTS);
  return (
    <>
      <header>
        <h1>{health.data?.sentence ?? 'Now'}</h1>
        <p className="quiet">
          {health.data ? (
            <>
              Until <Time at={health.data.until} by="clock" />
            </>
          ) : (
            ' '
          )}
        </p>
      </header>
      {health.isError && <Failure error={health.error} again={() => void health.refetch()} />}
      {health.isPending && <Skeleton height={260} />}
      {health.data && <Figures health={health.data} />}
      {health.data?.now.turns === 0 && health.data.before.turns === 0 && <FirstEvent />}
      <section aria-labelledby="incidents-title">
        <h2 id="incidents-title">Incidents</h2>
        {incidents.isPending && <Skeleton height={120} />}
        {incidents.isError && <Failure error={incidents.error} again={() => void incidents.refetch()} />}
        {incidents.data &&
          (incidents.data.incidents.length === 0 ? (
            <Empty title="No incident in the last seven days" />
          ) : (
            <IncidentRows incidents={incidents.data.incidents} />
          ))}
      </section>
    </>
  );
}

type Health = NonNullable<ReturnType<typeof useHealth>['data']>;

function Figures({ health: { now, before, minutes, services, since, until } }: { readonly health: Health }) {
  return (
    <>
      <dl className="stats">
        <Stat name="Turns" beside={`${countOf(before.turns)} in the hour before`}>
          {countOf(now.turns)}
        </Stat>
        <Stat name="Without what was asked for" beside={`${shareOf(before.unhelped_turns, before.known_turns)} before`}>
          {shareOf(now.unhelped_turns, now.known_turns)}
        </Stat>
        <Stat name="Slowest 5 % take more than" beside={`${durationOf(before.p95_ms)} before`}>
          {durationOf(now.p95_ms)}
        </Stat>
        <Stat
          name="Cost"
          beside={
            now.unpriced_turns > 0
              ? `${countOf(now.unpriced_turns)} turns have calls without a price`
              : `${moneyOf(before.cost_nano_usd)} before`
          }
        >
          {moneyOf(now.cost_nano_usd)}
        </Stat>
        <Stat name="Users" beside={`${countOf(before.users)} before`}>
          {countOf(now.users)}
        </Stat>
      </dl>
      <MinuteChart minutes={minutes} since={since} until={until} />
      {services.length > 0 && (
        <section aria-labelledby="services-title">
          <h2 id="services-title">Services</h2>
          <div className="table-frame" tabIndex={0} role="region" aria-label="Services">
            <table className="rows">
              <thead>
                <tr>
                  <th scope="col">Service</th>
                  <th scope="col" className="number">
                    Turns
                  </th>
                  <th scope="col" className="number">
                    Unhelped
                  </th>
                  <th scope="col" className="number">
                    p95
                  </th>
                  <th scope="col" className="number">
                    Cost
                  </th>
                </tr>
              </thead>
              <tbody>
                {services.map((one) => (
                  <tr key={one.service_name}>
                    <td>
                      <Link href={`/turns?service=${encodeURIComponent(one.service_name)}`}>
                        {one.service_name || '(no name)'}
                      </Link>
                    </td>
                    <td className="number">{countOf(one.turns)}</td>
                    <td className="number">{countOf(one.unhelped_turns)}</td>
                    <td className="number">{durationOf(one.p95_ms)}</td>
                    <td className="number">{moneyOf(numberOf(one.cost_nano_usd))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  );
}
