import { type ReactNode, useId, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { useLater } from './later';

/** A named control of a form; `error` is what the server says of it. */
export const Field = ({ label, error, hint, children }: { readonly label: string; readonly error?: string | undefined; readonly hint?: string; readonly children: ReactNode }) => (
  <label className="field">
    <span>{label}</span>
    {children}
    {hint !== undefined && <span className="field-hint">{hint}</span>}
    {error !== undefined && <span className="field-error" role="alert">{error}</span>}
  </label>
); // prettier-ignore

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly onChange: (value: string) => void;
  readonly disabled?: boolean;
}
/** One of a few. */
export const Choice = ({ label, value, options, onChange, disabled }: ChoiceProps) => (
  <Field label={label}>
    <select value={value} disabled={disabled} onChange={({ target }) => onChange(target.value)}>
      {options.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  </Field>
);

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}
interface SuggestProps extends TextProps {
  /** A dimension of GET /api/fields, whose values are offered while somebody types. */
  readonly field: string;
  readonly service?: string | undefined;
}
const WAIT_MS = 150;

/** A text of which the values of a field are offered. It counts when it is left, Enter is pressed or an offer is taken: not at every letter. */
export function Suggest({ field, service, ...text }: SuggestProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const prefix = useLater(typed, WAIT_MS);
  const offers = useQuery({
    queryKey: ['values', field, prefix, service],
    queryFn: ({ signal }) => api.listValues({ field, limit: 12, ...(prefix ? { prefix } : {}), ...(service ? { service } : {}) }, signal),
    enabled: prefix !== null,
  }); // prettier-ignore
  return <TextFilter key={text.value} {...text} onType={setTyped} offers={offers.data?.values.map(({ value }) => value) ?? []} />;
}

interface TextFilterProps extends TextProps {
  readonly onType?: (typed: string) => void;
  readonly offers?: readonly string[];
}
/** A text that counts when it is left or Enter is pressed. Give it a `key` of its value, so that it follows the address. */
export function TextFilter({ label, value, onChange, placeholder, onType, offers = [] }: TextFilterProps) {
  const [typed, setTyped] = useState(value);
  const list = useId();
  const apply = (text: string): void => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <Field label={label}>
      <input
        value={typed}
        placeholder={placeholder}
        list={offers.length > 0 ? list : undefined}
        autoComplete="off"
        onFocus={() => onType?.(typed)}
        onChange={({ target, nativeEvent }) => {
          setTyped(target.value);
          onType?.(target.value);
          // An offer that was taken comes as one change of the whole text.
          if (!('inputType' in nativeEvent) && offers.includes(target.value)) apply(target.value);
        }}
        onBlur={() => apply(typed)}
        onKeyDown={({ key }) => key === 'Enter' && apply(typed)}
      />
      {offers.length > 0 && (
        <datalist id={list}>
          {offers.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </Field>
  );
}
