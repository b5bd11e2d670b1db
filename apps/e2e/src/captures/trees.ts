/** A stored event. */
export interface Row {
  readonly kind: string;
  readonly name: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  readonly [field: string]: unknown;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
const sum = (row: Row, ...fields: readonly string[]): number =>
  fields.reduce((total, field) => total + Number(row[field] ?? 0), 0);

/** Whether it failed, and why: the first sentence of it. */
const failure = (row: Row): string =>
  row['status'] === 'error' ? ` failed: ${(text(row['error_message']).split(/(?<=\.) [A-Z]/)[0] ?? '').trim()}` : '';

function llm(row: Row): string {
  const usage = `${sum(row, 'usage_input_uncached', 'usage_cache_read', 'usage_cache_write')}+${sum(row, 'usage_output', 'usage_reasoning')}`;
  const asked = row['requested_tool_call_ids'] as readonly string[];
  const messages = `${text(row['input']).length > 2 ? 'in' : ''}${text(row['output']).length > 2 ? '/out' : ''}`;
  const firstToken = row['time_to_first_token_ms'] === null ? '' : ', first token';
  return `${row.kind} ${text(row['provider'])} ${text(row['response_model']) || text(row['request_model'])} ${usage}${row['usage_estimated'] ? ' estimated' : ''} ${messages}${firstToken}${asked.length ? `, asks for ${asked.join(' ')}` : ''}`;
} // prettier-ignore

function tool(row: Row, askers: ReadonlyMap<string, string>): string {
  const attributes = row['attributes'] as Readonly<Record<string, string>>;
  const server = attributes['mcp.server.name'] ? ` of ${attributes['mcp.server.name']}` : '';
  const id = text(row['tool_call_id']);
  return `tool ${text(row['tool_name'])}${server} ${text(row['tool_arguments'])} -> ${text(row['tool_result'])}${id && ` ${id}`}${askers.get(row.span_id) ? ', tied' : ''}`;
} // prettier-ignore

function line(row: Row, askers: ReadonlyMap<string, string>): string {
  if (row.kind === 'turn') return `turn ${row.name}: ${text(row['input'])} -> ${text(row['output'])}`;
  if (row.kind === 'llm' || row.kind === 'embedding') return llm(row);
  if (row.kind === 'tool') return tool(row, askers);
  if (row.kind === 'log') return `log ${text(row['body'])}`;
  return `${row.kind} ${row.name}`;
}

/** The operations of each turn in order of time, each below what called it; one that names a caller that is not there is an orphan. */
export function treesOf(rows: readonly Row[], askers: ReadonlyMap<string, string>): string[] {
  const operations = new Set(rows.filter(({ kind }) => kind !== 'log').map(({ trace_id: trace, span_id: span }) => `${trace}/${span}`));
  /** A log line has the id of the operation that it was written in. */
  const caller = (row: Row): string => (row.kind === 'log' ? row.span_id : row.parent_span_id);
  /** Tools that one call asked for run at once, in any order. */
  const order = (a: Row, b: Row): number => {
    const asker = askers.get(a.span_id);
    return asker && asker === askers.get(b.span_id) ? text(a['tool_call_id']).localeCompare(text(b['tool_call_id'])) : 0;
  };
  const below = (parent: Row, depth: number): string[] =>
    rows
      .filter((row) => row !== parent && row.trace_id === parent.trace_id && caller(row) === parent.span_id)
      .sort(order)
      .flatMap((row) => [`${'  '.repeat(depth)}${line(row, askers)}${failure(row)}`, ...(row.kind === 'log' ? [] : below(row, depth + 1))]);
  const isRoot = (row: Row): boolean => !operations.has(`${row.trace_id}/${caller(row)}`);
  return rows.filter(isRoot).flatMap((row) => [
    `${caller(row) ? 'orphan ' : ''}${line(row, askers)}${failure(row)}`,
    ...(row.kind === 'log' ? [] : below(row, 1)),
  ]);
} // prettier-ignore
