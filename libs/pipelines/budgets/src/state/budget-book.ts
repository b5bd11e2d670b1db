import { type BudgetAlertRecord } from '@telltale/contracts';
import {
  addToSums, type Budget, budgetAlertOf, type BudgetSums, type BudgetValue, evaluateBudget, FIVE_MINUTES_MS, type Firing, KEPT_DAYS, mergeSums, NO_SUMS, type SpendChange, totalBetween,
} from '@telltale/domain-cost'; // prettier-ignore
import { DAY_MS, windowStart } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming';

/** A budget, or one value of it. */
interface Account {
  readonly sums: BudgetSums;
  readonly firing: Firing;
  readonly at: number;
}
const ACCOUNTS = createStateSection('account/', createStateCodec<Account>(1));
/** Which calls a budget counts, as a digest. */
const SCOPES = createStateSection('budget/', createStateCodec<string>(1));

/** What values beyond the limit of a tenant spend. */
export const OVERFLOW = '__overflow__';
const IDLE_MS = (KEPT_DAYS + 5) * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;

type Place = readonly [tenant: string, budget: string, value: string];
const keyOf = (...place: Place): string => JSON.stringify(place);
const placeOf = (key: string): Place => JSON.parse(key) as Place;
const budgetKey = (tenant: string, budget: string): string => JSON.stringify([tenant, budget]);

/** What budgets spent, and which of their alerts fire. Counts `budgets_*` where some had to go, and what was counted under __overflow__. */
export interface BudgetBook extends BatchState {
  /** Of the calls that a budget counts; undefined where it was not opened. */
  scopeOf(tenant: string, budget: string): string | undefined;
  opened(): { readonly tenant: string; readonly budget: string }[];
  /** Begins a budget with what its values have spent already. */
  open(tenant: string, budget: string, scope: string, sums: ReadonlyMap<string, BudgetSums>): void;
  /** Forgets a budget. Answers the ends of its alerts. */
  close(tenant: string, budget: string, now: number): BudgetAlertRecord[];
  add(tenant: string, budget: string, value: string, change: SpendChange): void;
  /** The edges of what spent something in this batch, and of what fires. */
  evaluate(budgetOf: (tenant: string, name: string) => Budget | null, now: number): BudgetAlertRecord[];
}

/** State: `budget/[tenant,budget]` → its scope; `account/[tenant,budget,value]` → sums and firing alerts. */
export function createBudgetBook(restored: ReadonlyMap<string, Buffer>, maxValues: number): BudgetBook {
  const accounts = new Map(ACCOUNTS.restore(restored));
  const scopes = new Map(SCOPES.restore(restored));
  /** Keys of accounts by tenant. */
  const keysOf = new Map<string, Set<string>>();
  const firing = new Set<string>();
  const changed = new Set<string>();
  const changedScopes = new Set<string>();
  /** Accounts that spent something in this batch. */
  const spending = new Set<string>();
  let overflown = 0;
  let evaluatedAt = 0;
  let now = 0;
  const bounded = createBoundedKeys(
    { perTenant: 2 * maxValues, perTask: 2 * LARGEST_TENANTS * maxValues, idleMs: IDLE_MS },
    [...accounts].map(([key, { at }]) => ({ tenant: placeOf(key)[0], key, at })),
  );
  function index(key: string, account: Account): void {
    const [tenant] = placeOf(key);
    keysOf.set(tenant, (keysOf.get(tenant) ?? new Set()).add(key));
    if (Object.keys(account.firing).length > 0) firing.add(key);
    else firing.delete(key);
  }
  for (const [key, account] of accounts) index(key, account);

  function put(key: string, account: Account): void {
    accounts.set(key, account);
    index(key, account);
    bounded.touch(placeOf(key)[0], key, account.at);
    changed.add(key);
  }
  function drop(key: string): void {
    const [tenant] = placeOf(key);
    const keys = keysOf.get(tenant);
    if (keys?.delete(key) && keys.size === 0) keysOf.delete(tenant);
    accounts.delete(key);
    firing.delete(key);
    bounded.remove(tenant, key);
    changed.add(key);
  }
  /** The key that a value is counted under: its own as long as there is room. */
  function keyFor(tenant: string, budget: string, value: string): string {
    const key = keyOf(tenant, budget, value);
    if (accounts.has(key) || (keysOf.get(tenant)?.size ?? 0) < maxValues) return key;
    overflown++;
    return keyOf(tenant, budget, OVERFLOW);
  }
  const accountAt = (key: string): Account => accounts.get(key) ?? { sums: NO_SUMS, firing: {}, at: now };

  function alertsOf(key: string, budget: Budget, value: BudgetValue | null, canFire: boolean, at: number): BudgetAlertRecord[] {
    const [tenant, , sub] = placeOf(key);
    const account = accountAt(key);
    const { findings, firing: next } = evaluateBudget(value, account.sums, account.firing, { now: at, canFire });
    if (findings.length > 0) put(key, { ...account, firing: next });
    return findings.map((finding) => budgetAlertOf({ tenant, budget, value: sub }, finding, at));
  }

  return {
    startBatch(time) {
      now = time;
    },
    scopeOf: (tenant, budget) => scopes.get(budgetKey(tenant, budget)),
    opened: () =>
      [...scopes.keys()].sort().map((key) => {
        const [tenant = '', budget = ''] = JSON.parse(key) as string[];
        return { tenant, budget };
      }),
    open(tenant, budget, scope, sums) {
      scopes.set(budgetKey(tenant, budget), scope);
      changedScopes.add(budgetKey(tenant, budget));
      const spent = (of: BudgetSums): number => totalBetween(of.days, 0).nano;
      for (const [value, of] of [...sums].sort(([a, x], [b, y]) => spent(y) - spent(x) || (a < b ? -1 : 1))) {
        const key = keyFor(tenant, budget, value);
        const account = accountAt(key);
        put(key, { ...account, sums: mergeSums(account.sums, of), at: now });
      }
    },
    close(tenant, budget, at) {
      const known: Budget = { name: budget, value: { usd: 0, per: 'month' } };
      const keys = [...(keysOf.get(tenant) ?? [])].filter((key) => placeOf(key)[1] === budget).sort();
      const alerts = keys.flatMap((key) => alertsOf(key, known, null, false, at));
      keys.forEach(drop);
      if (scopes.delete(budgetKey(tenant, budget))) changedScopes.add(budgetKey(tenant, budget));
      return alerts;
    },
    add(tenant, budget, value, change) {
      const key = keyFor(tenant, budget, value);
      const account = accountAt(key);
      put(key, { ...account, sums: addToSums(account.sums, change, now), at: now });
      if (change.origin !== 'past') spending.add(key);
    },
    evaluate(budgetOf, at) {
      evaluatedAt = at;
      return [...new Set([...spending, ...firing])].sort().flatMap((key) => {
        const [tenant, name] = placeOf(key);
        const budget = budgetOf(tenant, name);
        return budget ? alertsOf(key, budget, budget.value, spending.has(key), at) : [];
      });
    },
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { key } of cut) drop(key);
      for (const key of changed) ACCOUNTS.put(effects, key, accounts.get(key) ?? null);
      for (const key of changedScopes) SCOPES.put(effects, key, scopes.get(key) ?? null);
      countCuts('budgets', cut, effects.count);
      if (overflown > 0) effects.count('budgets_overflow', overflown);
      overflown = 0;
      changed.clear();
      changedScopes.clear();
      spending.clear();
    },
    // What fires is looked at again every five minutes: rates fall by time alone, and periods end.
    due: (time) =>
      bounded.due(time) || (firing.size > 0 && windowStart(time, FIVE_MINUTES_MS) > windowStart(evaluatedAt, FIVE_MINUTES_MS)),
  };
}
