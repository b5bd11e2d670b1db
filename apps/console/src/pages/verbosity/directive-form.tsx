import { useState } from 'react';
import { api } from '../../api/client';
import { Choice, Field, Suggest } from '../../design/fields';
import { Failure, Time } from '../../design/parts';
import { countOf } from '../../format/numbers';
import { ISSUED_BY } from '../detection/questions';
import { keepOf, LONG_SPANS, SPANS } from './directive-words';
import { type Given, type Previewed, usePreview, useVerbosityChange } from './questions';

interface DirectiveFormProps {
  readonly can: boolean;
  readonly why: string | undefined;
  readonly onIssued: (id: string) => void;
}

type Target = Pick<Previewed, 'service_name' | 'tool_name' | 'model' | 'session_id'>;
const FIELDS = [
  ['service_name', 'Service', 'service_name'],
  ['tool_name', 'Tool', 'tool_name'],
  ['model', 'Model', 'response_model'],
  ['session_id', 'Session', 'session_id'],
] as const;
const changed = (target: Target, field: keyof Target, value: string): Target =>
  Object.fromEntries(Object.entries({ ...target, [field]: value }).filter(([, one]) => one !== ''));

const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error'] as const;
const DEFAULT = { ttl: '600000', severity: 'debug', content: 'full', keep: '10' };

/** Raises or lowers the detail of a target for a while; what the target is about is counted before. */
export function DirectiveForm({ can, why, onIssued }: DirectiveFormProps) {
  const [isBoost, setBoost] = useState(true);
  const [target, setTarget] = useState<Target>({});
  const [severity, setSeverity] = useState<string>(DEFAULT.severity);
  const [content, setContent] = useState<string>(DEFAULT.content);
  const [keep, setKeep] = useState(DEFAULT.keep);
  const [ttl, setTtl] = useState(DEFAULT.ttl);
  const [reason, setReason] = useState('');
  const change = useVerbosityChange((given: Given) => api.setDirective(given));
  const share = keepOf(keep);
  const wrongKeep = !isBoost && keep !== '' && share === undefined ? 'give over 0 and at most 100' : undefined;
  const set = isBoost
    ? { ...(severity && { min_severity: severity }), ...(content && { content }), flush: true }
    : { ...(share === undefined ? {} : { keep: share }), ...(content && { content }) };
  const isEmpty = Object.keys(set).length === 0;

  function issue(): void {
    const given: Given = { class: isBoost ? 'boost' : 'restrict', target, set: set as Given['set'], ttl_ms: Number(ttl), ...(reason && { reason }), issued_by: ISSUED_BY };
    change.mutate(given, { onSuccess: ({ id }) => onIssued(id) });
  }
  function lower(isLower: boolean): void {
    setBoost(!isLower);
    setContent(isLower ? '' : DEFAULT.content);
    if (!isLower && !SPANS.some(([ms]) => ms === ttl)) setTtl(DEFAULT.ttl);
  }
  return (
    <form className="verbosity-form" onSubmit={(event) => { event.preventDefault(); if (wrongKeep === undefined && !isEmpty) issue(); }}>
      <div className="filters">
        <Choice label="Do" value={isBoost ? 'boost' : 'restrict'} disabled={!can} options={[['boost', 'raise detail'], ['restrict', 'lower detail']]} onChange={(value) => lower(value === 'restrict')} />
        <Choice label="For" value={ttl} disabled={!can} options={isBoost ? SPANS : LONG_SPANS} onChange={setTtl} />
      </div>
      <fieldset className="verbosity-set">
        <legend>Of everything that matches all of these</legend>
        <div className="filters">
          {FIELDS.map(([field, label, column]) => (
            <Suggest key={field} label={label} field={column} service={field === 'service_name' ? undefined : target.service_name} value={target[field] ?? ''} placeholder="any" onChange={(value) => setTarget((before) => changed(before, field, value))} />
          ))}
        </div>
        <Preview target={target} />
      </fieldset>
      <fieldset className="verbosity-set" disabled={!can}>
        <legend>{isBoost ? 'Send' : 'Send no more than'}</legend>
        <div className="filters">
          {isBoost && <Choice label="Log lines" value={severity} options={[['', 'as they are set'], ...SEVERITIES.map((one) => [one, `from ${one} up`] as const)]} onChange={setSeverity} />}
          <Choice label="Content" value={content} options={[['', 'as it is set'], ['full', 'in full'], ['metadata', 'lengths only'], ['none', 'none']]} onChange={setContent} />
          {!isBoost && (
            <Field label="Share of turns, %" error={wrongKeep}>
              <input inputMode="decimal" value={keep} placeholder="as it is set" onChange={({ target: { value } }) => setKeep(value)} />
            </Field>
          )}
          <Field label="Reason">
            <input value={reason} maxLength={500} placeholder={isBoost ? 'slow tool' : 'load test'} onChange={({ target: { value } }) => setReason(value)} />
          </Field>
        </div>
      </fieldset>
      {isEmpty && <p className="field-error" role="alert">This changes nothing: choose what is sent</p>}
      {why !== undefined && <p className="quiet">{why}</p>}
      {change.isError && <Failure error={change.error} />}
      {change.isSuccess && <p role="status">Requested {change.data.id}, until <Time at={change.data.expires_at} by="clock" />.</p>}
      <div>
        <button type="submit" className="button" data-main="true" disabled={!can || change.isPending || isEmpty} title={why}>
          {isBoost ? 'Raise it' : 'Lower it'}
        </button>
      </div>
    </form>
  );
} // prettier-ignore

/** What the target is about, as of the last hour. */
function Preview({ target }: { readonly target: Target }) {
  const preview = usePreview(target);
  const { data } = preview;
  if (preview.isError) return <Failure error={preview.error} again={() => void preview.refetch()} />;
  if (!data) return <p className="quiet">Counting what it is about…</p>;
  return (
    <p className="verbosity-preview" role="status">
      {data.events === 0 ? 'Nothing of the last hour matches.' : `In the last hour: ${countOf(data.events)} events of ${countOf(data.turns)} turns, ${countOf(data.logs)} of them log lines, from ${data.services.join(', ')}.`}{' '}
      {data.instances === 0 ? 'No SDK instance was heard in the last minute, so nobody would apply it now.' : `${countOf(data.instances)} SDK ${data.instances === 1 ? 'instance' : 'instances'} would hear of it; ${countOf(data.held_back)} records were held back in the last minute.`}
    </p>
  );
} // prettier-ignore
