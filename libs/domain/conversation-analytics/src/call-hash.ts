import { hashId } from '@telltale/kernel';

const MAX_DEPTH = 64;

function canonical(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => canonical(item, depth + 1));
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return entries.map(([key, item]) => [key, canonical(item, depth + 1)]).concat([['{}']]);
}

/** The text of a value in which the order of keys and the spaces of JSON say nothing. Text that is not JSON stays as it is. */
function canonicalText(json: string): string {
  try {
    return JSON.stringify(canonical(JSON.parse(json) as unknown, 0));
  } catch {
    return json.trim();
  }
}

/** Same tool called with the same arguments: same value; '' without a tool. `args` is JSON or plain text. */
export const toolCallHash = (tool: string, args: string): string => (tool === '' ? '' : hashId(16, tool, canonicalText(args)));

/** Looking is cheaper than replacing, and seldom finds any. */
const OTHER_SPACES = /\s{2}|[^\S ]/;

/** Same prompt sent again: same value; '' without one. Only runs of spaces are taken as equal. */
export const promptHash = (model: string, input: string): string =>
  input === '' ? '' : hashId(16, model, (OTHER_SPACES.test(input) ? input.replace(/\s+/g, ' ') : input).trim());
