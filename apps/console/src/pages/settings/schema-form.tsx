import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiFailure } from '../../api/client';
import { Field } from '../../design/fields';
import { Failure } from '../../design/parts';
import { fieldOfParameter, type FormField, readForm, type Typed } from './schema';

interface SchemaFormProps {
  readonly fields: readonly FormField[];
  readonly initial: Typed;
  /** Fields whose value is never shown: one that is there stays where nothing is typed. */
  readonly secrets?: readonly string[];
  readonly submit: string;
  readonly isPending: boolean;
  readonly error: unknown;
  /** Why nothing can be changed. */
  readonly why?: string | undefined;
  readonly onSubmit: (value: Record<string, unknown>) => void;
  /** Above the fields of the value. */
  readonly children?: ReactNode;
}

/** The fields of a setting; what the server says is wrong stands at the field it names. */
export function SchemaForm({ fields, initial, secrets = [], submit, isPending, error, why, onSubmit, children }: SchemaFormProps) {
  const [typed, setTyped] = useState<Typed>({});
  const [unread, setUnread] = useState<{ readonly field: string; readonly problem: string } | null>(null);
  const said = error instanceof ApiFailure ? error : null;
  const wrong = fieldOfParameter(said?.parameter);
  const isAtField = wrong !== null && fields.some(({ name }) => name === wrong);
  const valueOf = (name: string): string => typed[name] ?? (secrets.includes(name) ? '' : (initial[name] ?? ''));
  function send(event: FormEvent): void {
    event.preventDefault();
    // A secret that is there is given back as it was shown, which leaves it as it is.
    const kept = secrets.map((name) => [name, typed[name] || (initial[name] ?? '')]);
    const read = readForm(fields, { ...initial, ...typed, ...Object.fromEntries(kept) });
    setUnread('problem' in read ? read : null);
    if ('value' in read) onSubmit(read.value);
  }
  const errorOf = (name: string): string | undefined =>
    unread?.field === name ? `${name} ${unread.problem}` : wrong === name && said ? said.message.replace(/^value\./, '') : undefined;
  return (
    <form className="schema-form" onSubmit={send} noValidate>
      {children}
      {fields.map((field) => (
        <Field key={field.name} label={`${field.name}${field.isNeeded ? '' : ' (optional)'}`} hint={field.about} error={errorOf(field.name)}>
          <Input
            field={field}
            value={valueOf(field.name)}
            hint={secrets.includes(field.name) ? (initial[field.name] ?? '') : null}
            disabled={why !== undefined}
            isWrong={errorOf(field.name) !== undefined}
            onChange={(value) => setTyped((before) => ({ ...before, [field.name]: value }))}
          />
        </Field>
      ))}
      {error !== null && error !== undefined && !isAtField && <Failure error={error} />}
      <div className="page-actions">
        <button type="submit" className="button" data-main="true" disabled={isPending || why !== undefined} title={why}>
          {submit}
        </button>
        {why !== undefined && <span className="quiet">{why}</span>}
      </div>
    </form>
  );
} // prettier-ignore

interface InputProps {
  readonly field: FormField;
  readonly value: string;
  /** Of a secret what is shown in its place; null: it is none. */
  readonly hint: string | null;
  readonly disabled: boolean;
  readonly isWrong: boolean;
  readonly onChange: (value: string) => void;
}

function Input({ field: { name, control, isNeeded }, value, hint, disabled, isWrong, onChange }: InputProps) {
  const common = { disabled, 'aria-invalid': isWrong || undefined };
  if (control.kind === 'one' || control.kind === 'switch') {
    const options = control.kind === 'one' ? control.of : ['true', 'false'];
    return (
      <select {...common} value={value} onChange={({ target }) => onChange(target.value)}>
        {(!isNeeded || value === '') && <option value="">{isNeeded ? 'choose one' : 'not set'}</option>}
        {options.map((one) => (
          <option key={one} value={one}>
            {control.kind === 'switch' ? (one === 'true' ? 'yes' : 'no') : one}
          </option>
        ))}
      </select>
    );
  }
  if (control.kind === 'some') return <Some of={control.of} value={value} disabled={disabled} label={name} onChange={onChange} />;
  if (control.kind === 'json')
    return <textarea {...common} className="mono" rows={4} spellCheck={false} value={value} onChange={({ target }) => onChange(target.value)} />;
  return (
    <input
      {...common}
      type={hint === null ? 'text' : 'password'}
      inputMode={control.kind === 'number' ? 'decimal' : undefined}
      autoComplete={hint === null ? 'off' : 'new-password'}
      placeholder={hint ? 'is kept as it is' : undefined}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
} // prettier-ignore

interface SomeProps {
  readonly of: readonly string[];
  readonly value: string;
  readonly disabled: boolean;
  readonly label: string;
  readonly onChange: (value: string) => void;
}
function Some({ of, value, disabled, label, onChange }: SomeProps) {
  const chosen = value === '' ? [] : value.split(',');
  const toggle = (one: string): void =>
    onChange(of.filter((other) => (other === one ? !chosen.includes(one) : chosen.includes(other))).join(','));
  return (
    <span role="group" aria-label={label} className="choices">
      {of.map((one) => (
        <label key={one}>
          <input type="checkbox" checked={chosen.includes(one)} disabled={disabled} onChange={() => toggle(one)} /> {one}
        </label>
      ))}
    </span>
  );
}
