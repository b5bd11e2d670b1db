import { DAY_MS, groupBy, isoTime } from '@telltale/kernel';

/** What a provider billed for one model on one day (UTC), nano-dollars. */
export interface BilledDay {
  readonly day: string;
  /** Empty where the bill names none. */
  readonly provider: string;
  readonly model: string;
  readonly nano: number;
}

/** What is stored of the calls of one model that started on one day (UTC). Nano-dollars, weighted. */
export interface StoredDay {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  /** By the price when the calls came. */
  readonly recordedNano: number;
  /** What corrections changed since. */
  readonly correctedNano: number;
  /** Of the cost with corrections, that of calls whose usage was counted from content. */
  readonly estimatedNano: number;
  readonly unpricedCalls: number;
  readonly unpricedTokens: number;
  /** Cost of the calls that started in the last hour of the day: they may be billed on the next one. The day before the bill counts, too. */
  readonly borderNano: number;
}

/** Why a bill differs from what was recorded when the calls came; together they are the difference. */
export const DIFFERENCES = ['corrected', 'late', 'discount', 'unpriced', 'estimated', 'unexplained'] as const;
export type Difference = (typeof DIFFERENCES)[number];

export interface ReconciledDay {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly billed_nano_usd: number;
  readonly recorded_nano_usd: number;
  readonly calls: number;
  readonly differences: Readonly<Record<Difference, number>>;
}

export interface Reconciliation {
  readonly days: readonly ReconciledDay[];
  readonly billed_nano_usd: number;
  readonly recorded_nano_usd: number;
  readonly differences: Readonly<Record<Difference, number>>;
  /** Of the bill, what nothing explains, without sign: an excess of one day does not make up for what is missing on another. */
  readonly unexplained_share: number;
  /** Discounts that all days of a model suggest: the bill is this share lower. */
  readonly suggested_discounts: readonly { readonly provider: string; readonly model: string; readonly share: number }[];
}

/** Counted usage may be wrong by this share. */
const ESTIMATE_ERROR = 0.5;
/** Nano-dollars a token: no model is more expensive (o1-pro, 600 USD for a million output tokens). */
const MAX_NANO_PER_TOKEN = 600_000;
/** Days of one model that a discount is seen on, and how far they may be apart. */
const DISCOUNT_DAYS = 3;
const DISCOUNT_SPREAD = 0.005;
/** Of the days of a model, those that have to agree. */
const STEADY_SHARE = 0.9;

/** Provider's own additions to a name: `openai/`, a date, `, input`. */
export const billedModel = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/,\s.*$/, '')
    .replace(/^.*\//, '')
    .replace(/[-@:]?(?:20\d{2}-?[01]\d-?[0-3]\d)(?:-v\d+(?::\d+)?)?$/, '')
    .replace(/\s+/g, '-');

interface Row {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  billed: number;
  recorded: number;
  calls: number;
  estimated: number;
  unpricedTokens: number;
  border: number;
  readonly differences: Record<Difference, number>;
  /** Billed beyond what is explained so far. */
  open: number;
}

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? 0;

/** Explains so much of what is open by `why`, beyond zero too. */
function move(row: Row, why: Difference, nano: number): void {
  row.differences[why] += nano;
  row.open -= nano;
}

/** Takes at most `most` of what is open, towards zero, as explained by `why`. */
function explain(row: Row, why: Difference, most: number): void {
  move(row, why, Math.sign(row.open) * Math.min(Math.abs(row.open), Math.round(most)));
}

/** Providers that the bill is from: those it names, else those of the models it names. Calls of others are not on it. */
function billersOf(billed: readonly BilledDay[], stored: readonly StoredDay[]): ReadonlySet<string> {
  const named = billed.map(({ provider }) => provider.toLowerCase()).filter((provider) => provider !== '');
  if (named.length > 0) return new Set(named);
  const models = new Set(billed.map(({ model }) => billedModel(model)));
  return new Set(stored.filter(({ model }) => models.has(billedModel(model))).map(({ provider }) => provider.toLowerCase()));
}

function rowsOf(billed: readonly BilledDay[], stored: readonly StoredDay[]): Row[] {
  const rows = new Map<string, Row>();
  // A bill that names no provider is compared with the calls of all.
  const namesProvider = billed.some(({ provider }) => provider !== '');
  const days = new Set(billed.map(({ day }) => day));
  const rowOf = (day: string, provider: string, model: string): Row => {
    const whose = namesProvider ? provider.toLowerCase() : '';
    const key = JSON.stringify([day, whose, billedModel(model)]);
    const known = rows.get(key);
    if (known) return known;
    const row: Row = {
      day, provider: whose, model: billedModel(model), billed: 0, recorded: 0, calls: 0, estimated: 0, unpricedTokens: 0, border: 0, open: 0,
      differences: { corrected: 0, late: 0, discount: 0, unpriced: 0, estimated: 0, unexplained: 0 },
    }; // prettier-ignore
    rows.set(key, row);
    return row;
  };
  for (const { day, provider, model, nano } of billed) rowOf(day, provider, model).billed += nano;
  const whoBills = billersOf(billed, stored);
  for (const one of stored) {
    if (!days.has(one.day) || !whoBills.has(one.provider.toLowerCase())) continue;
    const row = rowOf(one.day, one.provider, one.model);
    row.recorded += one.recordedNano;
    row.calls += one.calls;
    row.estimated += one.estimatedNano;
    row.unpricedTokens += one.unpricedTokens;
    row.border += one.borderNano;
    row.differences.corrected += one.correctedNano;
  }
  for (const row of rows.values()) row.open = row.billed - row.recorded - row.differences.corrected;
  const order = ({ model, provider, day }: Row): string => JSON.stringify([model, provider, day]);
  return [...rows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** What one day has too much of and the next too little, up to what was called in the hour before midnight. Of one model, by day. */
function explainLate(rows: readonly Row[], borderBefore: (row: Row) => number): void {
  for (const [i, row] of rows.entries()) {
    const next = rows[i + 1];
    const isNext = next !== undefined && Date.parse(next.day) - Date.parse(row.day) === DAY_MS;
    const hasPrevious = Date.parse(rows[i - 1]?.day ?? '') + DAY_MS === Date.parse(row.day);
    // Before the first day of the bill, and after its last one, the other side is not billed.
    if (row.open > 0 && !hasPrevious) explain(row, 'late', borderBefore(row));
    if (row.open < 0 && !isNext) explain(row, 'late', row.border);
    if (isNext && row.open < 0 && next.open > 0) {
      const moved = Math.min(-row.open, next.open, row.border);
      explain(row, 'late', moved);
      explain(next, 'late', moved);
    }
  }
}

/**
 * Where the bill is lower by the same share on nearly every day of a model, that share. Calls across midnight and counted usage move single
 * days; what they cannot explain has to agree. A share that counted usage may make up is no discount.
 */
function discountIn(rows: readonly Row[], borderBefore: (row: Row) => number): number | null {
  const days = rows
    .map((row) => ({ row, base: row.recorded + row.differences.corrected }))
    .filter(({ row, base }) => row.billed > 0 && base > 0 && row.unpricedTokens === 0);
  const middleOf = (of: (day: (typeof days)[number]) => number): number => median(days.map(of).sort((a, b) => a - b));
  const middle = middleOf(({ row, base }) => -row.open / base);
  const steady = days.filter(({ row, base }) => {
    const movable = row.border + borderBefore(row) + row.estimated * ESTIMATE_ERROR;
    return Math.abs(-row.open - middle * base) <= DISCOUNT_SPREAD * base + movable;
  });
  if (steady.length < DISCOUNT_DAYS || steady.length < STEADY_SHARE * days.length) return null;
  const sum = (of: (day: (typeof days)[number]) => number): number => steady.reduce((total, day) => total + of(day), 0);
  // Over all days, since what one day has too much of the next has too little.
  const share = sum(({ row }) => -row.open) / sum(({ base }) => base);
  return share > DISCOUNT_SPREAD + middleOf(({ row, base }) => (row.estimated * ESTIMATE_ERROR) / base) && share < 1
    ? share
    : null;
}

/** Explains why a provider's bill differs from what was recorded, day by day and model by model. */
export function reconcile(billed: readonly BilledDay[], stored: readonly StoredDay[]): Reconciliation {
  const rows = rowsOf(billed, stored);
  const byModel = groupBy(rows, ({ provider, model }) => JSON.stringify([provider, model]));
  const borders = new Map<string, number>();
  for (const { day, model, borderNano } of stored) {
    const key = JSON.stringify([day, billedModel(model)]);
    borders.set(key, (borders.get(key) ?? 0) + borderNano);
  }
  const borderBefore = ({ day, model }: Row): number =>
    borders.get(JSON.stringify([isoTime(Date.parse(day) - DAY_MS).slice(0, 10), model])) ?? 0;
  const discounts: { provider: string; model: string; share: number }[] = [];
  for (const days of byModel.values()) {
    const share = discountIn(days, borderBefore);
    const [first] = days;
    if (share !== null && first) {
      discounts.push({ provider: first.provider, model: first.model, share });
      // Of all that was called, whether or not it is billed on this day.
      for (const row of days) if (row.unpricedTokens === 0) move(row, 'discount', -Math.round(share * (row.billed - row.open)));
    }
    explainLate(days, borderBefore);
  }
  for (const row of rows) {
    if (row.open > 0) explain(row, 'unpriced', row.unpricedTokens * MAX_NANO_PER_TOKEN);
    explain(row, 'estimated', row.estimated * ESTIMATE_ERROR);
    row.differences.unexplained = row.open;
  }
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const billedNano = sum((row) => row.billed);
  return {
    days: rows.map(({ day, provider, model, billed: nano, recorded, calls, differences }) => ({
      day,
      provider,
      model,
      billed_nano_usd: nano,
      recorded_nano_usd: recorded,
      calls,
      differences,
    })),
    billed_nano_usd: billedNano,
    recorded_nano_usd: sum((row) => row.recorded),
    differences: Object.fromEntries(DIFFERENCES.map((why) => [why, sum((row) => row.differences[why])])) as Record<Difference, number>,
    unexplained_share: billedNano > 0 ? sum((row) => Math.abs(row.open)) / billedNano : 0,
    suggested_discounts: discounts,
  };
} // prettier-ignore
