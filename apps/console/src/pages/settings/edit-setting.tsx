import { type Setting } from '@telltale/api-client';
import { useState } from 'react';
import { ApiFailure } from '../../api/client';
import { useCan } from '../../api/session';
import { Dialog } from '../../design/dialog';
import { Field } from '../../design/fields';
import { type SettingType, type SettingTypes, usePutSetting, useSettings } from './questions';
import { fieldsOf, type FormField, typedOf } from './schema';
import { SchemaForm } from './schema-form';

const SINGLE = 'default';

interface EditSettingProps {
  readonly types: SettingTypes;
  readonly type: SettingType;
  /** Of what there is; absent: a new one is made. */
  readonly setting?: Setting;
  readonly button: string;
}

/** Makes or changes a setting of any type, with the fields that the server says it has. */
export function EditSetting(props: EditSettingProps) {
  const [isOpen, setOpen] = useState(false);
  const { why } = useCan('admin');
  const { button, setting, type } = props;
  const title = setting ? `Change ${setting.name}` : `New ${type.replaceAll('_', ' ')}`;
  return (
    <>
      <button type="button" className="button" disabled={why !== undefined} title={why} onClick={() => setOpen(true)} aria-label={setting ? `${button} ${setting.name}` : undefined}>
        {button}
      </button>
      <Dialog title={title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <EditForm {...props} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
} // prettier-ignore

/** All of a value in one field. */
const WHOLE: FormField = { name: 'value', about: 'All fields, as JSON', isNeeded: true, control: { kind: 'json' } };

function EditForm({ types, type, setting, onDone }: EditSettingProps & { readonly onDone: () => void }) {
  const put = usePutSetting();
  const spec = types.types.find((one) => one.type === type);
  const [name, setName] = useState(setting?.name ?? (spec?.is_single === true ? SINGLE : ''));
  const [kind, setKind] = useState(type === 'receiver' ? String(setting?.value['type'] ?? 'webhook') : '');
  const [isJson, setJson] = useState(false);
  const known = useSettings(type);
  const isTaken = !setting && known.data?.settings.some((one) => one.name === name) === true;
  const needs = types.receivers.find((one) => one.type === kind)?.needs ?? [];
  const fields = fieldsOf(spec?.schema ?? {})
    .filter((field) => isOf(types, type, kind, field))
    .map((field) => (needs.includes(field.name) ? { ...field, isNeeded: true } : field));
  const said = put.error instanceof ApiFailure ? put.error : null;
  const nameProblem = isTaken ? 'name: there is one by this name; change that one, or give another name' : said?.parameter === 'name' ? said.message : undefined;
  const save = (value: Record<string, unknown>): void => {
    if (isTaken) return;
    const version = setting ? { if_version: setting.version } : {};
    put.mutate({ type, name, value: kind === '' ? value : { ...value, type: kind }, ...version }, { onSuccess: onDone });
  };
  const common = { submit: 'Save', isPending: put.isPending, error: said?.parameter === 'name' ? null : put.error };
  const head = (
    <>
      <label className="as-json">
        <input type="checkbox" checked={isJson} onChange={({ target }) => setJson(target.checked)} /> as JSON
      </label>
      {!setting && spec?.is_single !== true && (
        <Field label="name" error={nameProblem}>
          <input value={name} autoComplete="off" onChange={({ target }) => setName(target.value)} />
        </Field>
      )}
      {type === 'receiver' && (
        <Field label="type">
          <select value={kind} disabled={setting !== undefined} onChange={({ target }) => setKind(target.value)}>
            {types.receivers.map((one) => (
              <option key={one.type} value={one.type}>
                {one.type}
              </option>
            ))}
          </select>
        </Field>
      )}
    </>
  );
  if (isJson)
    return (
      <SchemaForm key="json" {...common} fields={[WHOLE]} initial={{ value: JSON.stringify(setting?.value ?? {}, null, 2) }} onSubmit={({ value }) => save((value ?? {}) as Record<string, unknown>)}>
        {head}
      </SchemaForm>
    );
  return (
    <SchemaForm key={kind} {...common} fields={fields} initial={setting ? typedOf(fields, setting.value) : {}} secrets={type === 'receiver' ? types.secret_fields : []} onSubmit={save}>
      {head}
    </SchemaForm>
  );
} // prettier-ignore

/** Of a receiver the fields of its type, and those that all of them may have. */
function isOf({ receivers }: SettingTypes, type: SettingType, kind: string, { name }: FormField): boolean {
  if (type !== 'receiver') return name !== 'sha256';
  const own = receivers.find((one) => one.type === kind);
  const ofOthers = receivers.flatMap(({ needs, may }) => [...needs, ...may]);
  return name !== 'type' && ((own && [...own.needs, ...own.may].includes(name)) || !ofOthers.includes(name));
}
