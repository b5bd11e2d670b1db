import { type Operations } from '@telltale/api-client';
import { useState } from 'react';
import { api } from '../../api/client';
import { useCan } from '../../api/session';
import { Asked } from '../../design/asked';
import { Choice, Field } from '../../design/fields';
import { Section } from '../../design/page';
import { Badge, Empty, Failure, Time } from '../../design/parts';
import { DataTable, type TableColumn } from '../../design/table';
import { EndButton } from './end-button';
import { ISSUED_BY, useDetectorChange, useSensitivities } from './questions';

type Row = Operations['listSensitivity']['answer']['sensitivity'][number];
type Given = Operations['setSensitivity']['params'];
const DAY = 86_400_000;

const whatOf = ({ metric, service_name: service }: Pick<Row, 'metric' | 'service_name'>): string =>
  metric === '' ? service || 'everything' : service === '' ? metric : `${metric} of ${service}`;

const COLUMNS: readonly TableColumn<Row>[] = [
  { id: 'state', name: 'State', width: '110px', cell: ({ in_force: is, state }) => <Badge tone={is ? 'good' : 'quiet'}>{is ? 'in force' : state === 'ended' ? 'ended' : 'over'}</Badge>, sortBy: ({ in_force: is }) => (is ? 0 : 1) },
  { id: 'of', name: 'Of', width: 'minmax(140px, 1fr)', cell: whatOf, sortBy: whatOf },
  { id: 'set', name: 'Accepts', width: 'minmax(180px, 1fr)', cell: ({ false_positives_per_day: perDay, rate_multiplier: rate }) => (perDay !== null ? `${perDay} false anomalies a day` : `${rate ?? 1}× as many as usual`) },
  { id: 'until', name: 'Until', width: '160px', cell: ({ until_at: until }) => (until === null ? 'it is ended' : <Time at={until} />) },
  { id: 'by', name: 'Set by', width: '120px', cell: ({ issued_by: by }) => by },
  { id: 'at', name: 'Since', width: '140px', cell: ({ recorded_at: at }) => <Time at={at} /> },
  { id: 'end', name: 'End', width: '90px', cell: ({ id, in_force: is }) => is && <EndButton name={`sensitivity ${id}`} end={() => api.endSensitivity({ id })} /> },
]; // prettier-ignore

/** How many false anomalies are accepted: what is in force, and another one. */
export function Sensitivity({ of }: { readonly of: { readonly service: string; readonly metric: string } }) {
  const sensitivities = useSensitivities();
  return (
    <>
      <Section title="Set a sensitivity">
        <SensitivityForm key={`${of.service} ${of.metric}`} of={of} />
      </Section>
      <Section title="What people set">
        <Asked of={sensitivities} queryKey={['detector', 'sensitivity']} height={200}>
          {({ sensitivity: rows }) =>
            rows.length === 0 ? (
              <Empty title="Nobody set a sensitivity">
                <p className="quiet">
                  The scorer’s own budget holds: five false anomalies a day over all series, unless it was started with another. A
                  backtest says what another one would have raised.
                </p>
              </Empty>
            ) : (
              <DataTable label="Sensitivities" rows={rows} columns={COLUMNS} rowId={({ id }) => id} />
            )
          }
        </Asked>
      </Section>
    </>
  );
}

/** A budget for everything, or a multiplier for a part of it. */
function SensitivityForm({ of }: { readonly of: { readonly service: string; readonly metric: string } }) {
  const { can, why } = useCan('control');
  const isPart = of.service !== '' || of.metric !== '';
  const [kind, setKind] = useState(isPart ? 'multiplier' : 'budget');
  const [amount, setAmount] = useState(isPart ? '0.5' : '5');
  const [days, setDays] = useState('');
  const change = useDetectorChange((given: Given) => api.setSensitivity(given));
  const scope = { ...(of.service && { service_name: of.service }), ...(of.metric && { metric: of.metric }) };
  const number = Number(amount);
  const isBudget = kind === 'budget';
  const wrong = !(number > 0) ? 'give a number above 0' : !isBudget && (number < 0.01 || number > 100) ? 'give 0.01 to 100' : undefined;
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong !== undefined) return;
        const span = days === '' ? {} : { for_ms: Number(days) * DAY };
        change.mutate({ ...(isBudget ? { false_positives_per_day: number } : { rate_multiplier: number, ...scope }), ...span, issued_by: ISSUED_BY });
      }}
    >
      <Choice label="What" value={kind} disabled={!can} options={[['budget', 'a budget for all series'], ['multiplier', `a multiplier for ${whatOf({ metric: of.metric, service_name: of.service })}`]]} onChange={setKind} />
      <Field label={isBudget ? 'False anomalies a day' : 'Times as many as usual'} error={wrong}>
        <input inputMode="decimal" value={amount} disabled={!can} onChange={({ target }) => setAmount(target.value)} />
      </Field>
      <Choice label="For" value={days} disabled={!can} options={[['', 'until it is ended'], ['1', 'a day'], ['7', 'a week'], ['30', '30 days']]} onChange={setDays} />
      <button type="submit" className="button" data-main="true" disabled={!can || change.isPending} title={why}>
        Set it
      </button>
      {why !== undefined && <p className="quiet">{why}</p>}
      <p className="quiet detection-wide">
        {isBudget
          ? 'All series of the tenant share a budget equally, each at most 0.1 a day of it.'
          : 'A part of what is watched accepts more or fewer false anomalies than its share; choose the service and metric above.'}
      </p>
      {change.isError && <Failure error={change.error} />}
      {change.isSuccess && <p role="status">Requested. It is in force once the detector has read it, within seconds.</p>}
    </form>
  );
} // prettier-ignore
