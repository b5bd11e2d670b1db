import { type Operations } from '@telltale/api-client';
import { type FormEvent, useState } from 'react';
import { useCan, useSession } from '../../api/session';
import { Asked } from '../../design/asked';
import { Field } from '../../design/fields';
import { Section } from '../../design/page';
import { Badge, Failure, TableFrame } from '../../design/parts';
import { EditSetting } from './edit-setting';
import { type SettingTypes, usePolicy, useSettings, useTryPrivacy } from './questions';

type Policy = Operations['getPrivacyPolicy']['answer'];
const MAX_TEXT = 5_000;
const KINDS: Readonly<Record<string, string>> = {
  person: 'Names of people', place: 'Places', organisation: 'Organisations', address: 'Street addresses', email: 'E-mail addresses', phone: 'Telephone numbers', card: 'Card numbers', iban: 'IBAN', account: 'Account numbers',
  ssn: 'Social security numbers', national_id: 'National ids', birth_date: 'Dates of birth', ip: 'IP addresses', mac: 'Addresses of devices', wallet: 'Wallets', url: 'Web addresses', user_id: 'Ids of users', secret: 'Keys, tokens, passwords',
}; // prettier-ignore
const BECOMES = {
  kept: 'is kept as it is',
  masked: 'becomes a placeholder, and cannot be had back',
  pseudonym: 'becomes a pseudonym, the same each time',
};

/** What is kept of what people and bots say, in words, and what it does to a text. */
export function Privacy({ types }: { readonly types: SettingTypes | undefined }) {
  const policy = usePolicy();
  return (
    <>
      <Section title="What is kept" beside={types && <EditPolicy types={types} />}>
        <Asked of={policy} queryKey={['settings', 'policy']} height={420}>
          {(said) => <PolicyWords policy={said} />}
        </Asked>
      </Section>
      <TryText />
    </>
  );
}

function EditPolicy({ types }: { readonly types: SettingTypes }) {
  const settings = useSettings('tenant');
  const setting = settings.data?.settings[0];
  return (
    <EditSetting key={setting?.version ?? 0} button="Change privacy" type="tenant" types={types} {...(setting && { setting })} />
  );
}

function PolicyWords({ policy: { privacy, content, details, types } }: { readonly policy: Policy }) {
  return (
    <>
      <p>
        Mode <strong>{privacy ?? 'mask'}</strong>
        {privacy === undefined && <span className="quiet"> (none is set: this is what holds unless the operator chose another default)</span>}. Messages, arguments, results and log lines are <strong>{content}</strong>; errors, reasons and attributes are <strong>{details}</strong>.
      </p>
      <TableFrame label="What becomes of each kind">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Becomes</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(types).map(([kind, becomes]) => (
              <tr key={kind}>
                <th scope="row">{KINDS[kind] ?? kind}</th>
                <td>
                  <Badge tone={becomes === 'kept' ? 'warn' : 'quiet'}>{becomes}</Badge> <span className="quiet">{BECOMES[becomes]}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
} // prettier-ignore

function TryText() {
  const [text, setText] = useState('');
  const tries = useTryPrivacy();
  const { data: session } = useSession();
  const { why } = useCan('read');
  const reason = session?.shared === true ? 'You see this by a shared link, which sends nothing: sign in to try a text' : why;
  function submit(event: FormEvent): void {
    event.preventDefault();
    tries.mutate(text);
  }
  return (
    <Section title="Try a text">
      <form className="section" onSubmit={submit}>
        <Field label="A message" hint={`Nothing of it is stored. At most ${MAX_TEXT.toLocaleString('en-US')} characters`}>
          <textarea rows={3} maxLength={MAX_TEXT} value={text} placeholder="My name is Mia Rossi. Is it raining in Lisbon?" onChange={({ target }) => setText(target.value)} />
        </Field>
        <div className="page-actions">
          <button type="submit" className="button" disabled={text.trim() === '' || tries.isPending || reason !== undefined} title={reason}>
            Show what is stored
          </button>
        </div>
      </form>
      {tries.isError && <Failure error={tries.error} />}
      {tries.data && (
        <dl className="tries" aria-live="polite">
          {tries.data.tries.map(({ mode, in_force: isInForce, stored }) => (
            <div key={mode}>
              <dt>
                {mode} {isInForce && <Badge tone="good">in force</Badge>}
              </dt>
              <dd className={stored === null ? 'quiet' : undefined}>{stored ?? 'not kept'}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
} // prettier-ignore
