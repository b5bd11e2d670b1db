import { useState } from 'react';
import { ApiFailure } from '../../api/client';
import { type Setting } from '@telltale/api-client';
import { Dialog } from '../../design/dialog';
import { Field } from '../../design/fields';
import { Failure } from '../../design/parts';
import { type BudgetField, type BudgetForm, DIMENSIONS, fieldOf, formOfBudget, NEW_BUDGET, readBudget } from './budget-form';
import { useDeleteBudget, useSaveBudget } from './questions';

interface BudgetDialogProps {
  /** The budget to change; null: a new one. */
  readonly budget: Setting | null;
  readonly onClose: () => void;
}

/** Creates or changes a budget. What the server refuses stands at the field that it names. */
export function BudgetDialog({ budget, onClose }: BudgetDialogProps) {
  const [form, setForm] = useState<BudgetForm>(budget ? formOfBudget(budget) : NEW_BUDGET);
  const [wrong, setWrong] = useState<Partial<Record<BudgetField, string>>>({});
  const [isSure, setSure] = useState(false);
  const save = useSaveBudget();
  const remove = useDeleteBudget();
  const error: unknown = save.error ?? remove.error;
  const refused = error instanceof ApiFailure ? fieldOf(error.parameter) : undefined;
  const errorOf = (field: BudgetField): string | undefined => wrong[field] ?? (refused === field && error instanceof Error ? error.message : undefined);
  const set = (field: BudgetField, value: string): void => {
    setForm((before) => ({ ...before, [field]: value }));
    setWrong({});
    save.reset();
  };
  function submit(): void {
    const read = readBudget(form);
    if ('errors' in read) return setWrong(read.errors);
    save.mutate({ ...read, version: budget?.version ?? 0 }, { onSuccess: onClose });
  }
  const text = (field: BudgetField, label: string, hint: string, isFixed = false) => (
    <Field label={label} error={errorOf(field)} hint={hint}>
      <input value={form[field]} disabled={isFixed} aria-invalid={errorOf(field) !== undefined} autoComplete="off" onChange={({ target }) => set(field, target.value)} />
    </Field>
  );
  return (
    <Dialog title={budget ? `Budget ${budget.name}` : 'New budget'} isOpen onClose={onClose}>
      <form className="cost-budget-form" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
        {text('name', 'Name', 'Letters, digits, dots, dashes, underscores', budget !== null)}
        {text('usd', 'Dollars', 'What may be spent in a period')}
        {text('soft_usd', 'Warn from, dollars', 'Left out: only at the limit')}
        <Field label="Period, UTC" error={errorOf('per')}>
          <select value={form.per} onChange={({ target }) => set('per', target.value)}>
            <option value="month">a month</option>
            <option value="day">a day</option>
          </select>
        </Field>
        <Field label="One for each" error={errorOf('each')} hint="A budget of its own for every value">
          <select value={form.each} onChange={({ target }) => set('each', target.value)}>
            <option value="">none: one budget</option>
            {DIMENSIONS.map((one) => <option key={one}>{one}</option>)}
          </select>
        </Field>
        {text('max_turn_usd', 'A turn, dollars at most', 'Reported while it still runs')}
        {text('max_unpriced_share', 'Calls without a price, % at most', 'Above it the sums are too low')}
        <Field label="Only calls with" error={errorOf('where')} hint="One in a line: service=shop. Empty: every call">
          <textarea rows={3} value={form.where} aria-invalid={errorOf('where') !== undefined} onChange={({ target }) => set('where', target.value)} />
        </Field>
        {error !== null && refused === undefined && <Failure error={error} />}
        <div className="cost-actions">
          <button type="submit" className="button" data-main="true" disabled={save.isPending}>{budget ? 'Save' : 'Create'}</button>
          <button type="button" className="button" onClick={onClose}>Cancel</button>
          {budget && (
            <button
              type="button" className="button cost-delete" disabled={remove.isPending}
              onClick={() => (isSure ? remove.mutate(budget.name, { onSuccess: onClose }) : setSure(true))}
            >
              {isSure ? 'Delete it: sure' : 'Delete'}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
} // prettier-ignore
