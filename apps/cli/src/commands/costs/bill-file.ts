import { parse } from 'csv-parse/sync';
import { UsageError } from '../../terminal/errors';

/** One line of a bill, as the API takes it. */
export interface BillLine {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly usd: number;
}

/** Names that providers' exports have for a column, in small letters. */
const NAMES = {
  day: ['day', 'date', 'usage_date', 'usage_date_utc', 'start_time_iso', 'start_time'],
  provider: ['provider', 'vendor'],
  model: ['model', 'model_name', 'model_id', 'line_item', 'sku', 'sku description'],
  usd: ['usd', 'cost_usd', 'cost', 'amount', 'amount_usd', 'amount_value', 'cost ($)', 'cost in usd', 'total_cost'],
  currency: ['currency', 'amount_currency'],
} as const;
type Name = keyof typeof NAMES;
type Item = Readonly<Record<string, unknown>>;

const MAX_LINES = 1_000_000;
const FIX = 'correct it and try again; nothing was compared';

/** The day of UTC of a day, a time, or Unix seconds; null for anything else. */
function dayOf(value: unknown): string | null {
  const text = String(value ?? '').trim();
  if (/^\d{9,11}$/.test(text)) return new Date(Number(text) * 1_000).toISOString().slice(0, 10);
  const [, day] = /^(\d{4}-\d\d-\d\d)(?:$|[T ])/.exec(text) ?? [];
  if (day === undefined) return null;
  const time = Date.parse(text.length === 10 ? day : text.replace(' ', 'T').replace(/(\d)$/, '$1Z'));
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}

function lineOf(item: Item, where: string): BillLine {
  const fields = new Map(Object.entries(item).map(([name, value]) => [name.trim().toLowerCase(), value]));
  const get = (name: Name): unknown => NAMES[name].map((one) => fields.get(one)).find((value) => value !== undefined && value !== '');
  const fail = (what: string): never => {
    throw new UsageError(`${where}: ${what}`, FIX);
  };
  for (const name of ['day', 'model', 'usd'] as const)
    if (get(name) === undefined) fail(`there is no ${name}; a line has ${name === 'usd' ? 'usd' : name} under one of the names ${NAMES[name].join(', ')}`);
  const day = dayOf(get('day')) ?? fail(`${JSON.stringify(String(get('day')).slice(0, 40))} is not a day; give YYYY-MM-DD`);
  const currency = String(get('currency') ?? 'USD').trim().toUpperCase();
  if (currency !== 'USD') fail(`the currency is ${currency.slice(0, 20)}; bills in USD are compared: convert it`);
  const amount = String(get('usd')).trim().replace(/^(-?)\$/, '$1');
  if (!/^-?\d+(?:\.\d+)?(?:[eE]-?\d{1,2})?$/.test(amount)) fail(`${JSON.stringify(amount.slice(0, 40))} is not an amount; give dollars, such as 12.34`);
  return { day, provider: String(get('provider') ?? '').trim(), model: String(get('model')).trim().slice(0, 200), usd: Number(amount) };
} // prettier-ignore

const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Buckets of the answer of OpenAI's GET /v1/organization/costs: `data[].results[]` with `line_item` and `amount {value, currency}`. */
function costsPage(value: unknown): Item[] | null {
  if (!isObject(value) || !Array.isArray(value['data'])) return null;
  return (value['data'] as unknown[]).filter(isObject).flatMap((bucket) =>
    (Array.isArray(bucket['results']) ? (bucket['results'] as unknown[]) : []).filter(isObject).map((result) => {
      const amount = isObject(result['amount']) ? result['amount'] : {};
      return { start_time: bucket['start_time'], line_item: result['line_item'] ?? '', amount: amount['value'], currency: String(amount['currency'] ?? 'usd') };
    }),
  );
} // prettier-ignore

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`${where}: is not JSON`, FIX);
  }
}

/** Items of a file with where each stands in it, for messages. */
function itemsOf(text: string): { readonly item: unknown; readonly where: string }[] {
  const start = text.trimStart()[0];
  if (start === '[' || start === '{') {
    const whole = start === '[' || /^\s*\{[\s\S]*"data"/.test(text) ? jsonOf(text, 'the file') : null;
    const list = Array.isArray(whole) ? (whole as unknown[]) : costsPage(whole);
    if (list) return list.map((item, i) => ({ item, where: `item ${i + 1}` }));
    return text.split('\n').flatMap((one, i) => (one.trim() === '' ? [] : [{ item: jsonOf(one, `line ${i + 1}`), where: `line ${i + 1}` }]));
  }
  try {
    const rows: { record: Item; info: { lines: number } }[] = parse(text, { columns: true, info: true, skip_empty_lines: true, bom: true, trim: true });
    return rows.map(({ record, info }) => ({ item: record, where: `line ${info.lines}` }));
  } catch (error) {
    throw new UsageError(`the file is no CSV: ${error instanceof Error ? error.message : String(error)}`, FIX);
  }
} // prettier-ignore

/** Lines of a bill, summed by day, provider and model. UsageError names the line that is wrong: then nothing of the file counts. */
export function readBill(text: string): BillLine[] {
  const items = itemsOf(text);
  if (items.length === 0) throw new UsageError('the bill has no lines', 'give a CSV with day, model and usd, or the same as JSON');
  if (items.length > MAX_LINES) throw new UsageError(`the bill has more than ${MAX_LINES} lines`, 'cut it by month');
  const sums = new Map<string, BillLine>();
  for (const { item, where } of items) {
    if (!isObject(item)) throw new UsageError(`${where}: is no object`, FIX);
    const line = lineOf(item, where);
    const key = JSON.stringify([line.day, line.provider, line.model]);
    const sum = sums.get(key);
    sums.set(key, sum ? { ...sum, usd: sum.usd + line.usd } : line);
  }
  return [...sums.values()];
} // prettier-ignore
