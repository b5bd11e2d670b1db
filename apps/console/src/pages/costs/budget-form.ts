import { type Operations, type Setting } from '@telltale/api-client';

/** What the form of a budget holds: texts as they were typed. */
export interface BudgetForm {
  readonly name: string;
  readonly usd: string;
  readonly soft_usd: string;
  readonly per: string;
  readonly each: string;
  /** Lines of `dimension=value`. */
  readonly where: string;
  /** Percent. */
  readonly max_unpriced_share: string;
  readonly max_turn_usd: string;
}
export type BudgetField = keyof BudgetForm;

export const DIMENSIONS = [
  'service', 'environment', 'version', 'provider', 'model', 'prompt', 'tool', 'kind', 'user', 'agent', 'region', 'release',
] as const; // prettier-ignore
export const NEW_BUDGET: BudgetForm = { name: '', usd: '', soft_usd: '', per: 'month', each: '', where: '', max_unpriced_share: '', max_turn_usd: '' }; // prettier-ignore

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** The form of a budget that is there. */
export function formOfBudget({ name, value }: Pick<Setting, 'name' | 'value'>): BudgetForm {
  const where = (value['where'] ?? {}) as Readonly<Record<string, unknown>>;
  const share = value['max_unpriced_share'];
  return {
    name,
    usd: textOf(value['usd']),
    soft_usd: textOf(value['soft_usd']),
    per: textOf(value['per']) || 'month',
    each: textOf(value['each']),
    where: Object.entries(where).map(([dimension, of]) => `${dimension}=${textOf(of)}`).join('\n'),
    max_unpriced_share: typeof share === 'number' ? String(Number((100 * share).toPrecision(12))) : '',
    max_turn_usd: textOf(value['max_turn_usd']),
  };
} // prettier-ignore

type Errors = Partial<Record<BudgetField, string>>;
type BudgetValue = Readonly<Record<string, unknown>>;

/** A number as it is typed. What is none is said here, for it cannot be sent; whether it fits is for the server to say. */
function numberIn(form: BudgetForm, field: BudgetField, errors: Errors): number | undefined {
  const text = form[field].replace(/^\$/, '').trim();
  if (text === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) errors[field] = 'Give a number, such as 500 or 0.25';
  return value;
}

function whereIn(text: string, errors: Errors): Record<string, string> | undefined {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean); // prettier-ignore
  if (lines.length === 0) return undefined;
  const found = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf('=');
    if (at < 1) errors.where = `${line}: give dimension=value, such as service=shop`;
    else if (found.has(line.slice(0, at).trim())) errors.where = `${line.slice(0, at).trim()} is given twice`;
    else found.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return Object.fromEntries(found);
}

/** The setting that a form says, or what is wrong in it by field. */
export function readBudget(form: BudgetForm): { readonly name: string; readonly value: BudgetValue } | { readonly errors: Errors } {
  const errors: Errors = {};
  const name = form.name.trim();
  if (name === '') errors.name = 'Give the budget a name, such as monthly';
  const usd = numberIn(form, 'usd', errors);
  if (usd === undefined) errors.usd = 'Give the dollars that may be spent';
  const [soft, turn, percent] = [numberIn(form, 'soft_usd', errors), numberIn(form, 'max_turn_usd', errors), numberIn(form, 'max_unpriced_share', errors)];
  const where = whereIn(form.where, errors);
  if (Object.keys(errors).length > 0) return { errors };
  return {
    name,
    value: {
      usd,
      per: form.per,
      ...(soft === undefined ? {} : { soft_usd: soft }),
      ...(where === undefined ? {} : { where }),
      ...(form.each === '' ? {} : { each: form.each }),
      ...(percent === undefined ? {} : { max_unpriced_share: percent / 100 }),
      ...(turn === undefined ? {} : { max_turn_usd: turn }),
    },
  };
} // prettier-ignore

/** The field that the server means: `value.soft_usd` is soft_usd, `value.where.colour` is where; a version that another change has taken is the name's. */
export function fieldOf(parameter: string | undefined): BudgetField | undefined {
  const name = parameter?.replace(/^value\./, '').split('.')[0] ?? '';
  if (name === 'if_version') return 'name';
  return Object.hasOwn(NEW_BUDGET, name) ? (name as BudgetField) : undefined;
}

type Status = Operations['listBudgets']['answer']['budgets'][number];
const HOUR_MS = 3_600_000;
/** The present rate as a multiple of the one that uses the budget up exactly when its period ends; null where nothing may be spent. */
export function burnRateOf({ rate_nano_usd_per_hour: rate, limit_nano_usd: limit, period_start: start, period_end: end }: Status): number | null {
  const hours = (Date.parse(end) - Date.parse(start)) / HOUR_MS;
  return limit > 0 && hours > 0 ? (rate * hours) / limit : null;
} // prettier-ignore
