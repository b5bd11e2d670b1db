import { escapeInvisible } from '@telltale/kernel';

type Row = Readonly<Record<string, unknown>>;

const GAP = '  ';
const NARROWEST = 6;
/** A cell is one line; what cannot be seen is escaped before widths are measured. */
const plain = (text: string): string => escapeInvisible(text.replace(/[\t\n\r]+/g, ' ')).trimEnd();

export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return plain(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

const lengthOf = (text: string): number => [...text].length;
const cut = (text: string, width: number): string =>
  lengthOf(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;
const pad = (text: string, width: number, right: boolean): string => {
  const gap = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return right ? gap + text : text + gap;
};

/** Takes from the widest columns until the line fits. */
function fit(widths: readonly number[], columns: number): number[] {
  const fitted = [...widths];
  let over = fitted.reduce((sum, width) => sum + width, 0) + GAP.length * (fitted.length - 1) - columns;
  while (over > 0) {
    const widest = fitted.indexOf(Math.max(...fitted));
    const width = fitted[widest] ?? 0;
    if (width <= NARROWEST) break;
    fitted[widest] = width - 1;
    over--;
  }
  return fitted;
}

/** Rows as aligned columns, numbers to the right, cut to the width of the terminal. */
export function formatTable(
  rows: readonly Row[],
  columns: number,
  names: readonly string[] = [...new Set(rows.flatMap((row) => Object.keys(row)))],
): string {
  if (rows.length === 0 || names.length === 0) return '(no rows)';
  const isNumeric = names.map(
    (name) =>
      rows.some((row) => typeof row[name] === 'number') &&
      rows.every((row) => row[name] == null || typeof row[name] === 'number'),
  );
  const cells = rows.map((row) => names.map((name) => cellOf(row[name])));
  const widths = fit(
    names.map((name, i) => Math.max(lengthOf(name), ...cells.slice(0, 10_000).map((line) => lengthOf(line[i] ?? '')))),
    columns,
  );
  const line = (texts: readonly string[]): string => texts.map((text, i) => pad(cut(text, widths[i] ?? 0), widths[i] ?? 0, isNumeric[i] ?? false)).join(GAP).trimEnd(); // prettier-ignore
  return [line(names.map(plain)), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n');
}
