import { type BudgetDimension, type EventRecord, type SettingValue, SPEND_DIMENSIONS } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { type Spend } from '../spend';

export type BudgetValue = SettingValue<'budget'>;
/** A budget of a tenant, by the name of its setting. */
export interface Budget {
  readonly name: string;
  readonly value: BudgetValue;
}

/** The budgets of a tenant in order of name; its own take the place of those that all tenants have. */
export function mergeBudgets(ofAll: readonly Budget[], own: readonly Budget[]): Budget[] {
  const byName = new Map([...ofAll, ...own].map((budget) => [budget.name, budget]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export type SpendDimension = (typeof SPEND_DIMENSIONS)[number];
export const SPEND_FIELDS = {
  service: 'service_name',
  environment: 'deployment_environment',
  version: 'service_version',
  provider: 'provider',
  model: 'model',
  prompt: 'prompt_version',
  tool: 'tool_name',
  kind: 'kind',
} as const satisfies Record<SpendDimension, keyof Spend>;
const CALL_FIELDS = {
  user: 'user_id',
  agent: 'agent_name',
  region: 'region',
  release: 'release',
} as const satisfies Record<Exclude<BudgetDimension, SpendDimension>, keyof EventRecord>;

const FIELDS = { ...SPEND_FIELDS, ...CALL_FIELDS };
/** What a budget reads of a call. */
export type Scoped = Readonly<Partial<Record<(typeof FIELDS)[BudgetDimension], string>>>;

const isOfSpend = (dimension: string): boolean => SPEND_DIMENSIONS.some((one) => one === dimension);
const dimensionsOf = ({ where = {}, each }: BudgetValue): string[] => [
  ...Object.keys(where),
  ...(each === undefined ? [] : [each]),
];

/** Whether the table of spend has all that the budget is about; of others only the calls themselves say what they count for. */
export const isBySpend = ({ value }: Budget): boolean => dimensionsOf(value).every(isOfSpend);

/** The value of the budget that a call counts for: '' where it is not divided; null where the budget is about other calls. */
export function budgetValueOf({ value: { where = {}, each } }: Budget, call: Scoped): string | null {
  for (const [dimension, wanted] of Object.entries(where))
    if ((call[FIELDS[dimension as BudgetDimension]] ?? '') !== wanted) return null;
  return each === undefined ? '' : (call[FIELDS[each]] ?? '');
}

/** Digest of which calls a budget counts. A budget that counts others begins with other sums. */
export const scopeOf = ({ value: { where = {}, each } }: Budget): string =>
  hashId(16, JSON.stringify([Object.entries(where).sort(([a], [b]) => (a < b ? -1 : 1)), each ?? '']));

/** The one service that a budget, or a value of it, is about; empty where it is about several. */
export const serviceOf = ({ value: { where, each } }: Budget, value: string): string =>
  each === 'service' ? value : (where?.service ?? '');
