import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { ApiFailure } from '../../api/client';
import { Dialog } from '../../design/dialog';
import { Field } from '../../design/fields';
import { nameOf } from './layout';
import { type DashboardPanel } from './panel-data';
import { type DashboardList, usePin } from './questions';
import { api } from '../../api/client';
import { dashboardHref } from '../../format/links';

export interface ToPin {
  readonly title: string;
  readonly about: string;
  readonly panels: readonly DashboardPanel[];
}

interface PinProps {
  readonly what: ToPin | null;
  readonly pinned: DashboardList['pinned'];
  readonly onClose: () => void;
}
const NEW = '';

/** Keeps panels: as a dashboard of their own, or behind those of one that is pinned. */
export const PinDialog = ({ what, pinned, onClose }: PinProps) => (
  <Dialog title={what?.panels.length === 1 ? 'Pin this panel' : 'Pin this dashboard'} isOpen={what !== null} onClose={onClose}>
    {what && <PinForm what={what} pinned={pinned} onClose={onClose} />}
  </Dialog>
);

function PinForm({ what, pinned, onClose }: PinProps & { readonly what: ToPin }) {
  const [title, setTitle] = useState(what.title);
  const [into, setInto] = useState(NEW);
  const [, go] = useLocation();
  const pin = usePin();
  const name = into === NEW ? nameOf(title) : into;
  const exists = into === NEW && pinned.some((one) => one.name === name);

  async function save(): Promise<void> {
    const before = into === NEW ? null : await api.getDashboard({ name: into });
    await pin.mutateAsync({
      name,
      title: before?.title ?? title.trim(),
      about: before?.about ?? what.about,
      panels: [...(before?.panels ?? []), ...what.panels],
      version: before?.version ?? 0,
    });
    onClose();
    go(dashboardHref(name));
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    // What went wrong is shown by the form.
    if (!exists && (into !== NEW || title.trim() !== '')) save().catch(() => undefined);
  }
  const problem = exists ? `There is a dashboard of the name ${name}; give another title, or add to it` : pin.error instanceof ApiFailure ? `${pin.error.message}${pin.error.fix === undefined ? '' : `: ${pin.error.fix}`}` : undefined; // prettier-ignore
  return (
    <form className="dashboard-pin" onSubmit={onSubmit}>
      {pinned.length > 0 && (
        <Field label="Where">
          <select value={into} onChange={({ target }) => setInto(target.value)}>
            <option value={NEW}>a new dashboard</option>
            {pinned.map((one) => (
              <option key={one.name} value={one.name}>behind the panels of {one.title}</option>
            ))}
          </select>
        </Field>
      )}
      {into === NEW && (
        <Field label="Title" error={problem}>
          <input value={title} maxLength={200} onChange={({ target }) => setTitle(target.value)} />
        </Field>
      )}
      {into !== NEW && problem !== undefined && <p className="bad" role="alert">{problem}</p>}
      <div>
        <button type="submit" className="button" data-main="true" disabled={pin.isPending || exists || (into === NEW && title.trim() === '')}>Pin</button>
      </div>
    </form>
  );
} // prettier-ignore
