import { Route, Switch } from 'wouter';
import { Choice, Suggest } from '../../design/fields';
import { Page } from '../../design/page';
import { Stat } from '../../design/parts';
import { Tabs } from '../../design/tabs';
import { countOf } from '../../format/numbers';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { Anomalies } from './anomalies';
import { BacktestPart } from './backtest';
import { Planned } from './planned';
import { useAnomalies, useReadiness, useSensitivities } from './questions';
import { Readiness } from './readiness';
import { Sensitivity } from './sensitivity';
import { SeriesList } from './series-list';
import { SeriesPage } from './series-page';
import './detection.css';

export default function DetectionPages() {
  return (
    <Switch>
      <Route path="/detection/:id">{({ id }) => <SeriesPage id={decodeURIComponent(id)} />}</Route>
      <Route path="/detection" component={DetectionPage} />
    </Switch>
  );
}

const METRICS = [
  'turn.duration', 'turn.count', 'turn.cost', 'turn.calls', 'turn.unhelped', 'version.duration', 'operation.duration', 'llm.cost', 'llm.tokens', 'llm.time_to_first_token', 'llm.cache_read_share',
  'error.count', 'log.count', 'score', 'provider.duration', 'tenant.operation.duration', 'tenant.turn.count', 'tenant.turn.cost', 'tenant.turn.unhelped',
] as const; // prettier-ignore

/** What the detector watches, what it found, and how much it may be wrong. */
function DetectionPage() {
  const range = useRange('7d');
  const [service, setService] = useUrl('service');
  const [metric, setMetric] = useUrl('metric');
  const of = { service, metric };
  return (
    <Page title="Detection" subtitle="Every series is learned by itself; people set how many false anomalies a day they accept">
      <Head of={of} range={range} />
      <div className="filters" role="search">
        <RangePicker fallback="7d" />
        <Suggest label="Service" field="service_name" value={service} onChange={setService} placeholder="all" />
        <Choice
          label="Metric"
          value={metric}
          options={[['', 'all'], ...METRICS.map((one) => [one, one] as const)]}
          onChange={setMetric}
        />
      </div>
      <Tabs
        label="Parts of detection"
        tabs={[
          { id: 'series', name: 'Series', content: () => <SeriesList of={of} range={range} /> },
          { id: 'anomalies', name: 'Anomalies', content: () => <Anomalies of={of} range={range} /> },
          { id: 'readiness', name: 'Readiness', content: () => <Readiness of={of} /> },
          { id: 'sensitivity', name: 'Sensitivity', content: () => <Sensitivity of={of} /> },
          { id: 'backtest', name: 'Backtest', content: () => <BacktestPart of={of} range={range} /> },
          { id: 'planned', name: 'Maintenance and holidays', content: () => <Planned /> },
        ]}
      />
    </Page>
  );
}

interface HeadProps {
  readonly of: { readonly service: string; readonly metric: string };
  readonly range: ReturnType<typeof useRange>;
}

/** The numbers of the page. */
function Head({ of, range }: HeadProps) {
  const readiness = useReadiness(of);
  const anomalies = useAnomalies(of, range);
  const sensitivities = useSensitivities();
  const known = readiness.data?.series ?? [];
  const more = readiness.data?.next_cursor === undefined ? '' : '+';
  const learning = known.filter(({ state }) => state === 'learning');
  const found = anomalies.data?.anomalies ?? [];
  const moreFound = anomalies.data?.next_cursor === undefined ? '' : '+';
  const budget = sensitivities.data?.sensitivity.find(
    ({ in_force: is, false_positives_per_day: perDay }) => is && perDay !== null,
  );
  const said = (isKnown: boolean, text: string): string => (isKnown ? text : '–');
  return (
    <dl className="stats">
      <Stat name="Series watched" beside="with values in the last day">
        {said(readiness.data !== undefined, `${countOf(known.length - learning.length)}${more}`)}
      </Stat>
      <Stat name="Still learning" beside="see when in Readiness">
        {said(readiness.data !== undefined, `${countOf(learning.length)}${more}`)}
      </Stat>
      <Stat name="Anomalies open">
        {said(anomalies.data !== undefined, countOf(found.filter(({ state }) => state === 'open').length))}
      </Stat>
      <Stat name="Anomalies in this time">{said(anomalies.data !== undefined, `${countOf(found.length)}${moreFound}`)}</Stat>
      <Stat
        name="False alarms a day"
        beside={budget ? `accepted, as ${budget.issued_by} set it` : 'nobody set how many are accepted'}
      >
        {said(sensitivities.data !== undefined, budget ? String(budget.false_positives_per_day) : 'default')}
      </Stat>
    </dl>
  );
}
