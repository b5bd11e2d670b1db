type Row = Readonly<Record<string, unknown>>;

/** Spreadsheets take a text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as lines of CSV (RFC 4180), the names first. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export const csvLines = (rows: readonly Row[], names: readonly string[]): string[] => [
  names.join(','),
  ...rows.map((row) => names.map((name) => csvCell(row[name])).join(',')),
];
