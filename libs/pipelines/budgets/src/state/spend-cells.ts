import { type ParsedCostRecord, SPEND_DIMENSIONS } from '@telltale/contracts';
import {
  addToSums,
  type Budget,
  type BudgetSums,
  budgetValueOf,
  KEPT_DAYS,
  NO_SUMS,
  type Scoped,
  SPEND_FIELDS,
  type SpendChange,
} from '@telltale/domain-cost';
import { DAY_MS, hashId, windowStart } from '@telltale/kernel';
import { type BatchState, countCuts, createBoundedKeys, createStateCodec, createStateSection } from '@telltale/streaming'; // prettier-ignore

/** Spend of a day with the same value of every dimension. */
interface Cell {
  readonly day: number;
  /** In the order of SPEND_DIMENSIONS. */
  readonly values: readonly string[];
  readonly nano: number;
  readonly calls: number;
  readonly unpriced: number;
  readonly at: number;
}
const SECTION = createStateSection('cell/', createStateCodec<Cell>(1));
const IDLE_MS = (KEPT_DAYS + 1) * DAY_MS;
/** How many tenants that have all they may have fit into a task. */
const LARGEST_TENANTS = 5;

const tenantOf = (key: string): string => key.slice(0, key.indexOf('/'));
const scopedOf = ({ values }: Cell): Scoped =>
  Object.fromEntries(SPEND_DIMENSIONS.map((name, i) => [SPEND_FIELDS[name], values[i] ?? '']));

/** Spend by day and all its dimensions, of the days that budgets look at. Counts `spend_cells_*` where some had to go. */
export interface SpendCells extends BatchState {
  add(cost: ParsedCostRecord, change: SpendChange): void;
  /** What a budget counts of them, by its values. */
  sumsOf(tenant: string, budget: Budget): Map<string, BudgetSums>;
  /** In order of name. */
  tenants(): string[];
}

/** State: `cell/<tenant>/<day>/<hash of the values>`. */
export function createSpendCells(restored: ReadonlyMap<string, Buffer>, maxCells: number): SpendCells {
  const byTenant = new Map<string, Map<string, Cell>>();
  const changed = new Set<string>();
  let now = 0;
  function put(key: string, cell: Cell): void {
    const cells = byTenant.get(tenantOf(key)) ?? new Map<string, Cell>();
    byTenant.set(tenantOf(key), cells.set(key, cell));
  }
  const saved = SECTION.restore(restored);
  for (const [key, cell] of saved) put(key, cell);
  const bounded = createBoundedKeys(
    { perTenant: maxCells, perTask: LARGEST_TENANTS * maxCells, idleMs: IDLE_MS },
    saved.map(([key, { at }]) => ({ tenant: tenantOf(key), key, at })),
  );

  return {
    startBatch(time) {
      now = time;
    },
    add(cost, { hour, nano, calls, unpriced }) {
      const day = windowStart(hour, DAY_MS);
      if (day < windowStart(now, DAY_MS) - KEPT_DAYS * DAY_MS) return;
      const values = SPEND_DIMENSIONS.map((name) => cost[SPEND_FIELDS[name]]);
      const key = `${cost.tenant}/${day / DAY_MS}/${hashId(16, ...values)}`;
      const known = byTenant.get(cost.tenant)?.get(key) ?? { nano: 0, calls: 0, unpriced: 0 };
      put(key, { day, values, nano: known.nano + nano, calls: known.calls + calls, unpriced: known.unpriced + unpriced, at: now });
      bounded.touch(cost.tenant, key, now);
      changed.add(key);
    },
    sumsOf(tenant, budget) {
      const sums = new Map<string, BudgetSums>();
      for (const cell of byTenant.get(tenant)?.values() ?? []) {
        const value = budgetValueOf(budget, scopedOf(cell));
        if (value === null) continue;
        const change: SpendChange = { ...cell, hour: cell.day, byFiveMinutes: [], origin: 'past' };
        sums.set(value, addToSums(sums.get(value) ?? NO_SUMS, change, now));
      }
      return sums;
    },
    tenants: () => [...byTenant.keys()].sort(),
    flush(effects) {
      const cut = bounded.cut(now);
      for (const { tenant, key } of cut) {
        const cells = byTenant.get(tenant);
        if (cells?.delete(key) && cells.size === 0) byTenant.delete(tenant);
        changed.add(key);
      }
      for (const key of changed) SECTION.put(effects, key, byTenant.get(tenantOf(key))?.get(key) ?? null);
      changed.clear();
      countCuts('spend_cells', cut, effects.count);
    },
    due: bounded.due,
  };
} // prettier-ignore
