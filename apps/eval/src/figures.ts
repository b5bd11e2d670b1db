import { isRecord } from '@telltale/kernel';
import { printTable, type Terminal } from '@telltale/cli';

/** `{found: 3, of: 4}` is a share, other counts are reported by name, lists one after the other. */
function cellOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.join('; ');
  if (!isRecord(value)) return value;
  const { found, of } = value;
  if (found !== undefined && of !== undefined) return `${String(found)} of ${String(of)}`;
  return Object.entries(value).map(([name, count]) => `${String(count)} ${name}`).join(', '); // prettier-ignore
}

/** Figures as people read them: what is one value in one table, then a table for each that has parts. */
export function printFigures(io: Pick<Terminal, 'out' | 'columns'>, figures: object): void {
  const entries = Object.entries(figures);
  printTable(io, entries.flatMap(([figure, value]) => (typeof value === 'object' ? [] : [{ figure, value }]))); // prettier-ignore
  for (const [figure, parts] of entries) {
    const rows = Array.isArray(parts) ? parts.map((part) => ({ [figure]: cellOf(part) })) : rowsOf(figure, parts);
    if (rows.length === 0) continue;
    io.out('');
    printTable(io, rows);
  }
}

function rowsOf(figure: string, parts: unknown): Record<string, unknown>[] {
  if (!isRecord(parts)) return [];
  return Object.entries(parts).map(([part, value]) => {
    const cells = isRecord(value) ? Object.entries(value).map(([name, cell]) => [name, cellOf(cell)]) : [['value', value]];
    return { [figure]: part, ...(Object.fromEntries(cells) as object) };
  });
}
