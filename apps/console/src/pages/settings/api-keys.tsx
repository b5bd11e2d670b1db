import { type Setting } from '@telltale/api-client';
import { useState } from 'react';
import { ApiFailure } from '../../api/client';
import { useCan, useSession } from '../../api/session';
import { Asked } from '../../design/asked';
import { Copy } from '../../design/copy';
import { Dialog } from '../../design/dialog';
import { Field } from '../../design/fields';
import { Badge, TableFrame, Time } from '../../design/parts';
import { Section } from '../../design/page';
import { DeleteSetting } from './delete-setting';
import { EditSetting } from './edit-setting';
import { canMakeKeys, makeKey } from './new-key';
import { type SettingTypes, usePutSetting, useSettings } from './questions';
import { fieldsOf } from './schema';
import { SchemaForm } from './schema-form';

const CELL = /^([a-z0-9][a-z0-9-]{0,31})?$/;
const OWN = 'It is the key of this session: sign in with another one to change or delete it';

/** The keys of the tenant: what each may do, and a new one, which is seen once. */
export function ApiKeys({ types }: { readonly types: SettingTypes }) {
  const keys = useSettings('api_key');
  return (
    <Section title="API keys" beside={<NewKey types={types} />}>
      <p className="quiet">
        A key is a program&apos;s or a person&apos;s way in. Only its digest is kept, so nobody can be shown a key again. Keys do not expire: to replace one, make another, then delete the first.
      </p>
      <Asked of={keys} queryKey={['settings', 'list', 'api_key']} height={200}>
        {({ settings }) => (
          <TableFrame label="API keys">
            <table className="rows setting-rows">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">May</th>
                  <th scope="col">Digest</th>
                  <th scope="col">Changed</th>
                  <th scope="col"><span className="visually-hidden">What can be done</span></th>
                </tr>
              </thead>
              <tbody>
                {settings.map((setting) => (
                  <KeyRow key={setting.name} setting={setting} types={types} />
                ))}
              </tbody>
            </table>
          </TableFrame>
        )}
      </Asked>
    </Section>
  );
} // prettier-ignore

function KeyRow({ setting, types }: { readonly setting: Setting; readonly types: SettingTypes }) {
  const { data: session } = useSession();
  const { name, value, changed_at: at, changed_by: by } = setting;
  const isOwn = session?.name === name && session.tenant === setting.tenant;
  const scopes = Array.isArray(value['scopes']) ? value['scopes'].map(String) : ['everything but operator'];
  const rate = value['max_requests_per_second'];
  return (
    <tr>
      <th scope="row">
        {name} {isOwn && <Badge>this session</Badge>}
      </th>
      <td className="says">
        {scopes.join(', ')}
        {typeof rate === 'number' && <span className="quiet"> · {rate} requests/s at most</span>}
      </td>
      <td className="mono">{String(value['sha256'])}…</td>
      <td>
        <Time at={at} /> <span className="quiet">by {by}</span>
      </td>
      <td className="do">
        {isOwn ? <span className="quiet" title={OWN}>in use here</span> : <EditSetting button="Change" type="api_key" types={types} setting={setting} />}
        <DeleteSetting typesName type="api_key" name={name} why={isOwn ? OWN : undefined} about={`The key ${name} lets nobody in from then on: neither programs, nor sessions and shared links that were made with it.`} />
      </td>
    </tr>
  );
} // prettier-ignore

function NewKey({ types }: { readonly types: SettingTypes }) {
  const [isOpen, setOpen] = useState(false);
  const { why } = useCan('admin');
  const reason = why ?? (canMakeKeys() ? undefined : 'Browsers make no digests for pages without HTTPS: use HTTPS, or telltale settings set api_key NAME');
  return (
    <>
      <button type="button" className="button" data-main="true" disabled={reason !== undefined} title={reason} onClick={() => setOpen(true)}>
        New key
      </button>
      <Dialog title="New API key" isOpen={isOpen} onClose={() => setOpen(false)}>
        <NewKeyForm types={types} />
      </Dialog>
    </>
  );
} // prettier-ignore

function NewKeyForm({ types }: { readonly types: SettingTypes }) {
  const [name, setName] = useState('');
  const [cell, setCell] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const put = usePutSetting();
  const schema = types.types.find(({ type }) => type === 'api_key')?.schema ?? {};
  const said = put.error instanceof ApiFailure ? put.error : null;
  const cellProblem = CELL.test(cell) ? undefined : 'cell: is not 1 to 32 small letters, digits and dashes';
  async function make(value: Record<string, unknown>): Promise<void> {
    if (cellProblem !== undefined) return;
    const { key, sha256 } = await makeKey(cell);
    put.mutate({ type: 'api_key', name, value: { ...value, sha256 }, if_version: 0 }, { onSuccess: () => setMade(key) });
  }
  if (made !== null)
    return (
      <div className="section" role="status">
        <p>
          This is the key <strong>{name}</strong>. It is shown this once: it was made in this browser, and only its digest was
          sent.
        </p>
        <code className="new-key">{made}</code>
        <div className="page-actions">
          <Copy text={made} name="Copy the key" />
        </div>
      </div>
    );
  return (
    <SchemaForm
      fields={fieldsOf(schema).filter((field) => field.name !== 'sha256')}
      initial={{ scopes: 'ingest,control:read' }}
      submit="Make the key"
      isPending={put.isPending}
      error={said?.parameter === 'name' || said?.parameter === 'if_version' ? null : put.error}
      onSubmit={(value) => void make(value)}
    >
      <Field label="name" hint="Of the program or person it is for" error={nameProblem(said)}>
        <input value={name} autoComplete="off" onChange={({ target }) => setName(target.value)} />
      </Field>
      <Field
        label="cell (optional)"
        hint="Only where there are several cells: the one whose gateways know the key"
        error={cellProblem}
      >
        <input value={cell} autoComplete="off" onChange={({ target }) => setCell(target.value.trim())} />
      </Field>
    </SchemaForm>
  );
}

/** A key of this name is never replaced by a new one. */
function nameProblem(said: ApiFailure | null): string | undefined {
  if (said?.parameter === 'if_version') return 'name: is that of a key that there is, or was; give another one';
  return said?.parameter === 'name' ? said.message : undefined;
}
