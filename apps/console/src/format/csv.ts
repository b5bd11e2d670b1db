/** A column of a file: its name, and what a row has in it. */
export interface CsvColumn<T> {
  readonly name: string;
  readonly of: (row: T) => string | number | boolean | null | undefined;
}

/** Spreadsheets take a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** What the API writes where JavaScript has no number for it. */
const WHOLE = /^-?\d+$/;

function cellOf(value: ReturnType<CsvColumn<unknown>['of']>): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) && !WHOLE.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV (RFC 4180), the names first. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export const csvOf = <T>(rows: readonly T[], columns: readonly CsvColumn<T>[]): string =>
  [columns.map(({ name }) => cellOf(name)), ...rows.map((row) => columns.map(({ of }) => cellOf(of(row))))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
