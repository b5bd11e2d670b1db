import { type Operations, type Setting } from '@telltale/api-client';
import { useCan } from '../../api/session';
import { Asked } from '../../design/asked';
import { Section } from '../../design/page';
import { Badge, Empty, Failure, TableFrame, Time } from '../../design/parts';
import { durationOf } from '../../format/numbers';
import { DeleteSetting } from './delete-setting';
import { EditSetting } from './edit-setting';
import { healthOf } from './health';
import { wordsOf } from './changes';
import { MOST, type SettingTypes, useDeliveries, useSettings, useTestReceiver } from './questions';

type Delivery = Operations['listDeliveries']['answer']['deliveries'][number];
const SHOWN = 5;

/** Where alerts go, and whether they arrive. */
export function Receivers({ types }: { readonly types: SettingTypes }) {
  const receivers = useSettings('receiver');
  const deliveries = useDeliveries();
  const tries = deliveries.data?.deliveries ?? [];
  return (
    <Section title="Receivers of alerts" beside={<EditSetting button="New receiver" type="receiver" types={types} />}>
      {deliveries.isError && <Failure error={deliveries.error} again={() => void deliveries.refetch()} />}
      <Asked of={receivers} queryKey={['settings', 'list', 'receiver']} height={240}>
        {({ settings }) =>
          settings.length === 0 ? (
            <Empty title="Nobody hears of alerts">
              <p>A receiver is a webhook, Slack, PagerDuty, an Alertmanager or e-mail. Make one above, then send a test.</p>
            </Empty>
          ) : (
            <div className="receivers">
              {settings.map((setting) => (
                <Receiver key={setting.name} setting={setting} types={types} tries={deliveries.data && tries.filter(({ receiver }) => receiver === setting.name)} />
              ))}
            </div>
          )
        }
      </Asked>
      {deliveries.data?.next_cursor !== undefined && <p className="quiet">By the last {MOST.toLocaleString('en-US')} tries; there are more.</p>}
    </Section>
  );
} // prettier-ignore

interface ReceiverProps {
  readonly setting: Setting;
  readonly types: SettingTypes;
  /** Absent: not known yet. */
  readonly tries: readonly Delivery[] | undefined;
}

function Receiver({ setting, types, tries }: ReceiverProps) {
  const { name, value } = setting;
  const test = useTestReceiver();
  const { why } = useCan('admin');
  const health = tries && healthOf(tries);
  return (
    <article className="card receiver" aria-label={`Receiver ${name}`}>
      <div className="section-head">
        <h3>
          {name} <span className="quiet">{String(value['type'])}</span> {health && <Badge tone={health.tone}>{health.words}</Badge>}
        </h3>
        <div className="page-actions">
          <button type="button" className="button" disabled={test.isPending || why !== undefined} title={why} onClick={() => test.mutate(name)} aria-label={`Send a test to ${name}`}>
            {test.isPending ? 'Sending …' : 'Send a test'}
          </button>
          <EditSetting button="Change" type="receiver" types={types} setting={setting} />
          <DeleteSetting type="receiver" name={name} about={`Nothing is sent to ${name} from then on.`} />
        </div>
      </div>
      <p className="quiet">
        {wordsOf(value, ['type'])}
      </p>
      <div role="status">{test.data && <Tested answer={test.data} />}</div>
      {test.isError && <Failure error={test.error} />}
      {tries && tries.length > 0 && <Tries tries={tries} name={name} />}
    </article>
  );
} // prettier-ignore

function Tested({ answer: { outcome, delivery } }: { readonly answer: Operations['testReceiver']['answer'] }) {
  if (!delivery)
    return (
      <p>
        <Badge tone="warn">pending</Badge> There is no result yet: see that notifier and sender run.
      </p>
    );
  return (
    <p>
      <Badge tone={outcome === 'delivered' ? 'good' : 'bad'}>{outcome}</Badge> The test{' '}
      {outcome === 'delivered' ? 'was taken after' : 'failed after'} {durationOf(delivery.latency_ms)}
      {delivery.http_status !== null && `, status ${delivery.http_status}`}
      {delivery.error !== '' && `: ${delivery.error}`}
    </p>
  );
}

const STATUS_TONES = { delivered: 'good', retrying: 'warn', failed: 'bad' } as const;

const Tries = ({ tries, name }: { readonly tries: readonly Delivery[]; readonly name: string }) => (
  <TableFrame label={`Tries to deliver to ${name}`}>
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Came to</th>
          <th scope="col">Why</th>
          <th scope="col" className="number">Try</th>
          <th scope="col" className="number">Took</th>
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody>
        {tries.slice(0, SHOWN).map((one) => (
          <tr key={`${one.id} ${one.attempt}`}>
            <td><Time at={one.at} /></td>
            <td><Badge tone={STATUS_TONES[one.status]}>{one.status}</Badge></td>
            <td>{one.reason}</td>
            <td className="number">{one.attempt}</td>
            <td className="number">{durationOf(one.latency_ms)}</td>
            <td>{[one.http_status, one.error].filter((part) => part !== null && part !== '').join(' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
    {tries.length > SHOWN && <p className="quiet more">The last {SHOWN} of {tries.length} in 90 days</p>}
  </TableFrame>
); // prettier-ignore
