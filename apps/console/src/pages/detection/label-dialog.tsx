import { useState } from 'react';
import { Link } from 'wouter';
import { api } from '../../api/client';
import { useCan } from '../../api/session';
import { Dialog } from '../../design/dialog';
import { Failure, Time } from '../../design/parts';
import { seriesHref } from '../../format/links';
import { type AnomalyRow, ISSUED_BY, useDetectorChange } from './questions';
import {
  amountOfMetric,
  isLabel,
  type Label,
  LABEL_NAMES,
  nameOfChannel,
  nameOfLabel,
  nameOfSeries,
  whatLabelDoes,
} from './series-words';

interface LabelDialogProps {
  readonly anomaly: AnomalyRow | undefined;
  readonly said: string;
  readonly onClose: () => void;
}

/** Says what an anomaly was, and what that does to its series. */
export const LabelDialog = ({ anomaly, said, onClose }: LabelDialogProps) => (
  <Dialog title="Label an anomaly" isOpen={anomaly !== undefined} onClose={onClose}>
    {anomaly && <Labeling key={anomaly.id} anomaly={anomaly} said={said} />}
  </Dialog>
);

function Labeling({ anomaly, said }: { readonly anomaly: AnomalyRow; readonly said: string }) {
  const { can, why } = useCan('control');
  const [chosen, choose] = useState<Label>(isLabel(said) ? said : 'real');
  const change = useDetectorChange((label: Label) => api.labelAnomaly({ id: anomaly.id, label, issued_by: ISSUED_BY }));
  const amount = amountOfMetric(anomaly.metric);
  return (
    <form
      className="detection-form"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(chosen);
      }}
    >
      <p>{anomaly.summary}</p>
      <dl className="detection-facts">
        <div><dt>Series</dt><dd><Link href={seriesHref(anomaly.series_id)}>{nameOfSeries(anomaly.dimensions)}</Link> · {anomaly.metric}</dd></div>
        <div><dt>Found by</dt><dd>{nameOfChannel(anomaly.channel)}</dd></div>
        <div><dt>Worst window</dt><dd>{amount(anomaly.value)}, expected {amount(anomaly.expected)} ({amount(anomaly.expected_low)} to {amount(anomaly.expected_high)})</dd></div>
        <div><dt>Started</dt><dd><Time at={anomaly.started_at} by="clock" />{anomaly.in_maintenance === true && ', in a maintenance window'}</dd></div>
        {anomaly.p_value != null && <div><dt>As rare by chance</dt><dd>p = {anomaly.p_value.toPrecision(2)}{anomaly.expected_false_per_day != null && `, ${anomaly.expected_false_per_day.toPrecision(2)} a day on a usual series`}</dd></div>}
      </dl>
      <fieldset className="detection-labels" disabled={!can}>
        <legend>{said === '' ? 'It was' : `Labeled ${nameOfLabel(said).toLowerCase()}; it was`}</legend>
        {LABEL_NAMES.map((label) => (
          <label key={label}>
            <input type="radio" name="label" value={label} checked={chosen === label} onChange={() => choose(label)} />
            <span>
              {nameOfLabel(label)}
              <span className="field-hint">{whatLabelDoes(label)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {why !== undefined && <p className="quiet">{why}</p>}
      {change.isError && <Failure error={change.error} />}
      {change.isSuccess && (
        <p role="status">
          Labeled {nameOfLabel(change.data.label).toLowerCase()}, until <Time at={change.data.expires_at} by="clock" />. The detector
          takes it within seconds.
        </p>
      )}
      <div>
        <button type="submit" className="button" data-main="true" disabled={!can || change.isPending}>
          Label it
        </button>
      </div>
    </form>
  );
} // prettier-ignore
