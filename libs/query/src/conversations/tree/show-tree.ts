import { isRecord } from '@telltale/kernel';
import { type Row, textOf } from '../../define/row-values';
import { logfmt } from '../../mcp/logfmt';
import { type Shown } from '../../mcp/tag';

const INDENT = '  ';
/** Lines that are deeper say so instead of being indented further. */
const MAX_INDENT = 20;

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 10) / 10 : value);

function lineOf(node: Row): string {
  const { depth, folded, sizes, kind, tool_name, name, after_ms, duration_ms, ...rest } = node;
  const of = { kind, name, ...(tool_name === name ? {} : { tool_name }) };
  const level = Number(depth ?? 0);
  const indent = level > MAX_INDENT ? `${INDENT.repeat(MAX_INDENT)}depth=${level} ` : INDENT.repeat(level);
  if (isRecord(folded)) {
    const { operations, below, failed_below, first_failed_id, slowest_id, total_ms, max_ms, cost_nano_usd } = folded;
    const { status, error_type, error_message, id } = rest;
    return `${indent}×${Number(operations)} ${logfmt({ ...of, status, error_type, total_ms: rounded(total_ms), max_ms: rounded(max_ms), cost_nano_usd, below: below === 0 ? null : below, failed_below: failed_below === 0 ? null : failed_below, first_failed_id, first_id: id, slowest_id, error_message })}`;
  }
  const { id, status, ...facts } = rest;
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== 0));
  const times = { after_ms: rounded(after_ms), duration_ms: rounded(duration_ms) };
  const payloads = isRecord(sizes) && Object.keys(sizes).length > 0 ? ` sizes: ${logfmt(sizes)}` : '';
  return `${indent}${logfmt({ ...of, status, ...times, ...known, id })}${payloads}`;
}

/** A summary tree, one line for each operation or for many that are alike. */
export function showTree(answer: Readonly<Record<string, unknown>>): Shown {
  const { tree, truncated, ...facts } = answer;
  const nodes = Array.isArray(tree) ? tree.filter(isRecord) : [];
  const folded = nodes.filter((node) => isRecord(node['folded']));
  const alike = [...new Set(folded.map((node) => textOf(node, 'kind')))].length;
  return {
    head: [logfmt(facts)],
    items: nodes.map(lineOf),
    leftOut: [
      ...(alike > 0 ? ['the single operations of lines that begin with ×; find_operations lists them'] : []),
      ...(truncated === true ? ['operations after the first 5,000 of the turn; query_sql over events has them'] : []),
    ],
  };
}
