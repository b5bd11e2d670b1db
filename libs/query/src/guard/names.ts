import { Refusal } from './verdict';

const QUOTED_NAME = /^[\p{L}\p{N}_ .,:%/+@#-]+$/u;

/**
 * Checks a statement as the engine writes it: texts in '…' with backslashes, names that need it in backticks, all else plain
 * ASCII. A quoted name must be of harmless characters: the tree prints names bare, and one with a line break or a parenthesis
 * would look like nodes. Returns names that are followed by `AS (`: what WITH may define.
 */
export function checkNames(sql: string): ReadonlySet<string> {
  const piece = /'(?:[^'\\]|\\.)*'|`((?:[^`\\]|\\.)*)`|[^'`]+/gsy;
  let end = 0;
  for (let found = piece.exec(sql); found; found = piece.exec(sql)) {
    end = piece.lastIndex;
    const [text, quoted] = found;
    if (quoted !== undefined && !QUOTED_NAME.test(quoted))
      throw new Refusal(
        `the name ${JSON.stringify(quoted.slice(0, 60))} has characters that names cannot have here`,
        'use letters, digits, spaces and . , : % / + @ # _ -',
      );
    if (quoted === undefined && !text.startsWith("'") && /\bPREWHERE\b/.test(text))
      // It would see rows of all tenants before they are filtered.
      throw new Refusal('PREWHERE cannot be used', 'use WHERE');
    if (quoted === undefined && !text.startsWith("'") && /[^\x20-\x7e]|;/.test(text))
      throw new Refusal('the statement has a character outside quotes that cannot be there', 'put texts in quotes');
  }
  if (end !== sql.length) throw new Refusal('the statement cannot be understood', 'write it in a simpler way');
  return new Set([...sql.matchAll(/\b([A-Za-z_]\w*)`? AS (?:MATERIALIZED )?\(/g)].map((found) => found[1] ?? ''));
}
