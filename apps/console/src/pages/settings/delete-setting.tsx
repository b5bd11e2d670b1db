import { type FormEvent, useState } from 'react';
import { useCan } from '../../api/session';
import { Dialog } from '../../design/dialog';
import { Field } from '../../design/fields';
import { Failure } from '../../design/parts';
import { type SettingType, useDeleteSetting } from './questions';

interface DeleteSettingProps {
  readonly type: SettingType;
  readonly name: string;
  /** What it does to whom. */
  readonly about: string;
  /** Typed before it is done, where it cannot be taken back. */
  readonly typesName?: boolean;
  /** Why it cannot be deleted, beside the scope. */
  readonly why?: string | undefined;
}

/** Deletes a setting once that is confirmed. */
export function DeleteSetting({ type, name, about, typesName = false, why: own }: DeleteSettingProps) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const { why } = useCan('admin');
  const remove = useDeleteSetting();
  const reason = why ?? own;
  const close = (): void => {
    setOpen(false);
    setTyped('');
    remove.reset();
  };
  function submit(event: FormEvent): void {
    event.preventDefault();
    remove.mutate({ type, name }, { onSuccess: close });
  }
  return (
    <>
      <button type="button" className="button" disabled={reason !== undefined} title={reason} onClick={() => setOpen(true)} aria-label={`Delete ${name}`}>
        Delete
      </button>
      <Dialog title={`Delete ${name}`} isOpen={isOpen} onClose={close}>
        <form className="section" onSubmit={submit}>
          <p>{about}</p>
          {typesName && (
            <Field label={`Type ${name} to delete it`}>
              <input value={typed} autoComplete="off" onChange={({ target }) => setTyped(target.value)} />
            </Field>
          )}
          {remove.isError && <Failure error={remove.error} />}
          <div className="page-actions">
            <button type="submit" className="button" data-main="true" disabled={remove.isPending || (typesName && typed !== name)}>
              Delete it
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
} // prettier-ignore
