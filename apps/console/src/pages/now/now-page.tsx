import { Asked } from '../../design/asked';
import { Suggest } from '../../design/fields';
import { Page } from '../../design/page';
import { Time } from '../../design/parts';
import { RangePicker, useRange } from '../../shell/range';
import { useUrl } from '../../shell/url';
import { Changes } from './changes';
import { Figures } from './figures';
import { FirstEvent } from './first-event/first-event';
import { MinuteChart } from './minute-chart';
import { type Health, useHasEverSent, useHealth, useRate } from './questions';
import { Services } from './services';
import './now.css';

/** How the bots are: a sentence, the figures beside those of the time before, what changed, incidents, what it costs. */
export function NowPage() {
  const range = useRange('1h');
  const [service, setService] = useUrl('service');
  const [connect, setConnect] = useUrl('connect');
  const health = useHealth(range, service);
  const isSilent = health.data?.now.turns === 0 && health.data.before.turns === 0;
  const everSent = useHasEverSent(isSilent && service === '');
  const isFirst = isSilent && everSent.data === false;
  return (
    <Page
      title={health.data?.sentence ?? 'Now'}
      subtitle={
        <>
          Turns, what changed, incidents and spend
          {health.data && (
            <>
              {' '}
              until <Time at={`${health.data.until.slice(0, 19)}Z`} by="clock" />
            </>
          )}
        </>
      }
      actions={
        <div className="filters">
          <RangePicker fallback="1h" longest="24h" />
          <Suggest key={service} field="service_name" label="Service" value={service} placeholder="all" onChange={setService} />
        </div>
      }
    >
      {(isFirst || connect !== '') && <FirstEvent isFirst={isFirst} onClose={() => setConnect('')} />}
      <Asked of={health} queryKey={['now', range.since, range.until, service]} height={560}>
        {(data) =>
          !isFirst && <Shown health={data} service={service} onZoom={range.setRange} onConnect={() => setConnect('1')} />
        }
      </Asked>
    </Page>
  );
}

interface ShownProps {
  readonly health: Health;
  readonly service: string;
  readonly onZoom: (from: number, to: number) => void;
  readonly onConnect: () => void;
}
function Shown({ health, service, onZoom, onConnect }: ShownProps) {
  const rate = useRate(service, true);
  return (
    <>
      <Figures health={health} rate={rate.data} />
      <MinuteChart health={health} service={service} onZoom={onZoom} />
      <Changes health={health} />
      <Services services={health.services} />
      <p className="quiet">
        Another program to watch?{' '}
        <button type="button" className="link" onClick={onConnect}>
          How to send its events
        </button>
      </p>
    </>
  );
}
