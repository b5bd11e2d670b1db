import { QUERYABLE_TABLES } from '@telltale/contracts';
import { type RowStore } from '@telltale/streaming';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}
interface Table {
  readonly name: string;
  readonly engine: string;
  readonly comment: string;
  readonly sorting_key: string;
  readonly partition_key: string;
  readonly ttl: string;
  readonly target: string;
  readonly sources: readonly string[];
}

/** Its comment is the lease itself. */
const LEASE = /^migrations_lease_\d+$/;
const LEASE_COMMENT =
  'The lease that lets one process at a time apply migrations. The number counts up; holder and end are in the comment of the table.';

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;

async function readTables(store: RowStore): Promise<{ tables: Map<string, Table>; columns: Map<string, Column[]> }> {
  const tables = await store.query<Table>(
    `SELECT name, engine, comment, sorting_key, partition_key, extract(engine_full, ' TTL (.*?)(?: SETTINGS |$)') AS ttl,
         extract(create_table_query, ' TO telltale\\\\.(\\\\w+) ') AS target,
         arrayDistinct(extractAll(as_select, 'FROM telltale\\\\.(\\\\w+)')) AS sources
     FROM system.tables WHERE database = 'telltale' ORDER BY name`,
  );
  const columns = await store.query<Column>(
    "SELECT table, name, type, comment FROM system.columns WHERE database = 'telltale' ORDER BY table, position",
  );
  const byTable = new Map<string, Column[]>();
  for (const column of columns) byTable.set(column.table, [...(byTable.get(column.table) ?? []), column]);
  const commented = tables.map((table) => (LEASE.test(table.name) ? { ...table, comment: LEASE_COMMENT } : table));
  return { tables: new Map(commented.map((table) => [table.name, table])), columns: byTable };
}

/** The page of all tables and views as the engine has them after every migration. Throws where one of them has no description. */
export async function tablesPage(store: RowStore): Promise<string> {
  const { tables, columns } = await readTables(store);
  const filledBy = (name: string): string[] =>
    [...tables.values()].filter(({ target }) => target === name).map((view) => view.name);

  /** A column's own comment, that of the column it is said to equal, or that of the column it is read from. */
  function describe(table: string, name: string, seen: readonly string[] = []): string | undefined {
    const comment = columns.get(table)?.find((column) => column.name === name)?.comment ?? '';
    const [, other] = /^As in (\w+)$/.exec(comment) ?? [];
    if (comment !== '' && other === undefined) return comment;
    if (seen.includes(table)) return undefined;
    const from = other === undefined ? [...(tables.get(table)?.sources ?? []), ...filledBy(table)] : [other];
    for (const source of from) {
      const found = describe(source, name, [...seen, table]);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function section({ name, engine, comment, sorting_key: order, partition_key: partition, ttl }: Table): string {
    if (comment === '') throw new Error(`${name} has no description: give it a COMMENT in deploy/clickhouse/migrations`);
    const kept = partition === '' ? '' : `, a partition per \`${partition}\`, dropped after \`${ttl}\``;
    const how = order === '' ? `${engine}.` : `${engine}, sorted by \`${order}\`${kept}.`;
    const rows = (columns.get(name) ?? []).map((column) => {
      const what = describe(name, column.name);
      if (what === undefined)
        throw new Error(`column ${column.name} of ${name} has no description: give it a COMMENT in deploy/clickhouse/migrations`);
      return row([`\`${column.name}\``, `\`${column.type}\``, what]);
    });
    return `## ${name}\n\n${comment}\n\n${how}\n\n${row(['column', 'type', 'what'])}${row(['---', '---', '---'])}${rows.join('')}`;
  }

  const readable: readonly string[] = QUERYABLE_TABLES;
  const rank = ({ name }: Table): number => (readable.includes(name) ? readable.indexOf(name) : readable.length);
  const all = [...tables.values()].sort((a, b) => rank(a) - rank(b));
  const views = all.filter(({ engine, target }) => engine === 'MaterializedView' && target !== '');
  const rest = all.filter((table) => !views.includes(table));
  const fills = views.map(({ name, target, sources, comment }) =>
    row([`\`${name}\``, sources.map((source) => `\`${source}\``).join(', '), `[\`${target}\`](#${target})`, comment]),
  );
  return `${rest.map(section).join('\n')}
## Materialized views

They have the columns of the table that they fill.

${row(['view', 'reads', 'fills', 'what'])}${row(['---', '---', '---', '---'])}${fills.join('')}`;
}
