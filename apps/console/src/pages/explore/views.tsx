import { type FormEvent, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ApiFailure } from '../../api/client';
import { useCan } from '../../api/session';
import { Dialog } from '../../design/dialog';
import { Field } from '../../design/fields';
import { Failure, Skeleton } from '../../design/parts';
import { hrefOf } from '../../format/links';
import { viewParamsOf } from './explore-state';
import { useDeleteView, useSaveView, useViews } from './questions';
import { nameOf } from './view-name';

/** Saved views: everybody who may read opens them, who may change settings saves and deletes them. */
export function Views() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        Views
      </button>
      <Dialog title="Saved views" isOpen={isOpen} onClose={() => setOpen(false)}>
        <List onOpen={() => setOpen(false)} />
        <Save />
      </Dialog>
    </>
  );
}

function List({ onOpen }: { readonly onOpen: () => void }) {
  const views = useViews();
  const drop = useDeleteView();
  const { can, why } = useCan('admin');
  if (views.isError) return <Failure error={views.error} again={() => void views.refetch()} />;
  if (!views.data) return <Skeleton height={80} />;
  if (views.data.views.length === 0) return <p className="quiet">No view is saved yet. A view keeps what this page shows: filters, measure, groups, time.</p>;
  return (
    <ul className="explore-views">
      {views.data.views.map((view) => (
        <li key={view.name}>
          <Link href={hrefOf('/explore', view.params)} onClick={onOpen}>{view.title}</Link>
          <span className="quiet mono">{Object.values(view.params).join(' · ').slice(0, 80)}</span>
          <button type="button" className="button" disabled={!can || drop.isPending} title={why} aria-label={`Delete ${view.title}`} onClick={() => drop.mutate(view.name)}>
            Delete
          </button>
        </li>
      ))}
      {drop.isError && <Failure error={drop.error} />}
    </ul>
  );
} // prettier-ignore

function Save() {
  const [params] = useSearchParams();
  const [title, setTitle] = useState('');
  const save = useSaveView();
  const { can, why } = useCan('admin');
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    const text = title.trim();
    if (text !== '') save.mutate({ name: nameOf(text), title: text, params: viewParamsOf(params) }, { onSuccess: () => setTitle('') });
  }
  return (
    <form className="filters" onSubmit={onSubmit}>
      <Field label="Save what is shown as" error={save.error instanceof ApiFailure ? save.error.message : undefined} {...(why === undefined ? {} : { hint: why })}>
        <input value={title} maxLength={200} disabled={!can} placeholder="Slow refunds" onChange={({ target }) => setTitle(target.value)} />
      </Field>
      <button type="submit" className="button" data-main="true" disabled={!can || title.trim() === '' || save.isPending}>
        Save view
      </button>
      <span role="status">{save.isSuccess ? 'Saved' : ''}</span>
    </form>
  );
} // prettier-ignore
