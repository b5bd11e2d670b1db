import { useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { ApiFailure } from '../../api/client';
import { Asked } from '../../design/asked';
import { Download } from '../../design/download';
import { Field, Suggest } from '../../design/fields';
import { Section } from '../../design/page';
import { Empty, Stat } from '../../design/parts';
import { countOf, durationOf, moneyOf, shareOf } from '../../format/numbers';
import { useUrlChange } from '../../shell/url';
import { CostFilters, useCostFilter } from './cost-filters';
import { type Answer, useWhatIf } from './questions';
import { fieldOf, formOf, isChange, NO_CHANGE, readWhatIf, TIERS, type WhatIfField, type WhatIfForm } from './what-if-form';
import { signed } from './words';

type Option = Answer<'whatIf'>['options'][number];
const FIELDS = ['model', 'with', 'cache', 'tier', 'cap'] as const;

/** What a period would have cost otherwise: a form, and without a change in it what is worth a thought. */
export function WhatIfTab() {
  const { fromTo, chosen } = useCostFilter();
  const [params] = useSearchParams();
  const change = useUrlChange();
  const form = useMemo((): WhatIfForm => ({ ...NO_CHANGE, ...Object.fromEntries(FIELDS.map((name) => [name, params.get(name) ?? ''])) }), [params]);
  const read = readWhatIf(form);
  const asked = 'asked' in read ? read.asked : {};
  const service = chosen.service === undefined ? {} : { service: chosen.service };
  const answer = useWhatIf({ ...fromTo, ...service, ...asked });
  const { error } = answer.of;
  const refused = error instanceof ApiFailure ? fieldOf(error.parameter) : undefined;
  const errors: Partial<Record<WhatIfField, string>> = 'errors' in read ? read.errors : refused !== undefined && error ? { [refused]: error.message } : {};
  return (
    <>
      <div className="filters"><CostFilters hasEnvironment={false} /></div>
      <Form key={JSON.stringify(form)} form={form} errors={errors} onAsk={(next) => change({ ...next })} />
      {Object.keys(errors).length === 0 && (
        <Asked {...answer} height={400}>
          {(data) => <Options data={data} isAsked={isChange(form)} onTry={(option) => change({ ...formOf(option) })} />}
        </Asked>
      )}
    </>
  );
} // prettier-ignore

interface FormProps {
  readonly form: WhatIfForm;
  readonly errors: Partial<Record<WhatIfField, string>>;
  readonly onAsk: (form: WhatIfForm) => void;
}
/** What was asked stands in the address; what is typed counts when it is asked. */
function Form({ form, errors, onAsk }: FormProps) {
  const [typed, setTyped] = useState(form);
  const set = (name: WhatIfField) => (value: string) => setTyped((before) => ({ ...before, [name]: value }));
  const text = (name: WhatIfField, label: string, placeholder: string) => (
    <Field label={label} error={errors[name]}>
      <input value={typed[name]} placeholder={placeholder} aria-invalid={errors[name] !== undefined} onChange={({ target }) => set(name)(target.value.trim())} />
    </Field>
  );
  return (
    <form className="card cost-form" aria-label="What if" onSubmit={(event) => { event.preventDefault(); onAsk(typed); }}>
      <div className="filters">
        <Suggest label="Calls of model" field="response_model" value={typed.model} onChange={set('model')} placeholder="all models" />
        {text('with', 'Answered by', 'openai/gpt-4o-mini')}
        {text('cache', 'Input from a cache, %', 'as it was')}
        <Field label="Tier" error={errors.tier}>
          <select value={typed.tier} onChange={({ target }) => set('tier')(target.value)}>
            <option value="">as it was</option>
            {TIERS.map((one) => <option key={one}>{one}</option>)}
          </select>
        </Field>
        {text('cap', 'Most output tokens of a call', 'as it was')}
        <button type="submit" className="button" data-main="true">What if?</button>
        {JSON.stringify(form) !== JSON.stringify(NO_CHANGE) && (
          <button type="button" className="button" onClick={() => onAsk(NO_CHANGE)}>Clear</button>
        )}
      </div>
      {errors.model !== undefined && <p className="field-error" role="alert">{errors.model}</p>}
      <p className="quiet">Answers are taken to stay as long and as good: compare outcomes before you change a model.</p>
    </form>
  );
} // prettier-ignore

interface OptionsProps {
  readonly data: Answer<'whatIf'>;
  readonly isAsked: boolean;
  readonly onTry: (option: Option) => void;
}
function Options({ data, isAsked, onTry }: OptionsProps) {
  if (data.spend_nano_usd === 0)
    return (
      <Empty title="No priced call of a model in this time">
        <p className="quiet">Choose a longer time, another service, or another model.</p>
      </Empty>
    );
  if (data.options.length === 0)
    return (
      <Empty title="Nothing that is surely worth a thought">
        <p className="quiet">Name a change above to see what it would have cost: a model, a share read from a cache, a tier, or a cap on outputs.</p>
      </Empty>
    );
  return (
    <Section title={isAsked ? 'It would have cost' : 'Worth a thought'} beside={<Download name="what-if" rows={data.options} columns={CSV} />}>
      <p className="quiet">Of {moneyOf(data.spend_nano_usd)} spent on models in this time{isAsked ? '' : '; the greatest saving first, at most 20'}</p>
      <ol className="cost-findings">
        {data.options.map((option) => (
          <OptionCard key={option.sentence} option={option} {...(isAsked ? {} : { onTry: () => onTry(option) })} />
        ))}
      </ol>
    </Section>
  );
} // prettier-ignore

function OptionCard({ option, onTry }: { readonly option: Option; readonly onTry?: () => void }) {
  const { before_nano_usd: before, after_nano_usd: after, saving_nano_usd: saving, low_nano_usd: low, high_nano_usd: high, latency } = option;
  return (
    <li className="card">
      <h3 className="cost-sentence">{option.sentence}</h3>
      <dl className="stats cost-option">
        <Stat name={saving >= 0 ? 'Saves' : 'Costs more'} beside={shareOf(Math.abs(saving), before)}>{moneyOf(Math.abs(saving))}</Stat>
        <Stat name="The next time as long would save" beside={low === null ? 'too few hours to say' : '80 % interval'}>
          {low === null || high === null ? '–' : `${moneyOf(low)} to ${moneyOf(high)}`}
        </Stat>
        <Stat name="Costs" beside={`${moneyOf(before)} as it was, ${countOf(Math.round(option.calls))} calls`}>{moneyOf(after)}</Stat>
        <Stat name="A mean answer takes" beside={latency ? `${durationOf(latency.before_ms)} as it was; ${durationOf(latency.low_ms)} to ${durationOf(latency.high_ms)}` : 'nothing was observed of it'}>
          {latency ? durationOf(latency.after_ms) : '–'}
        </Stat>
      </dl>
      {option.unpriced_calls > 0 && <p className="quiet">{countOf(option.unpriced_calls)} calls are left out: their price is unknown, now or with the change.</p>}
      {saving < 0 && <p className="quiet">It would have cost {signed(moneyOf(-saving))}.</p>}
      {onTry && <button type="button" className="button" onClick={onTry}>Look at this one</button>}
    </li>
  );
} // prettier-ignore

const CSV = [
  ...(['sentence', 'model', 'with_model', 'cache_read_share', 'tier', 'output_cap', 'calls', 'before_nano_usd', 'after_nano_usd', 'saving_nano_usd', 'low_nano_usd', 'high_nano_usd', 'unpriced_calls'] as const).map((name) => ({ name, of: (option: Option) => option[name] })),
  { name: 'latency_before_ms', of: ({ latency }: Option) => latency?.before_ms },
  { name: 'latency_after_ms', of: ({ latency }: Option) => latency?.after_ms },
]; // prettier-ignore
