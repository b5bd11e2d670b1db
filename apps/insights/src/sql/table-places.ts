import { type Token } from './tokens';

/** Words that end a FROM clause, after which commas no longer part tables. */
const ENDS_FROM = new Set([
  'where',
  'prewhere',
  'group',
  'order',
  'having',
  'limit',
  'union',
  'except',
  'intersect',
  'window',
  'qualify',
]);
/** Words after which an operand comes, so that the next word is a name, whatever it looks like. */
const AWAITS_OPERAND = new Set([
  'as', 'on', 'and', 'or', 'not', 'in', 'like', 'ilike', 'between', 'is', 'when', 'then', 'else', 'case', 'by', 'from', 'join', 'div', 'mod', 'interval', 'using', 'global', 'select', 'distinct', 'regexp', 'rlike',
]); // prettier-ignore
/** Functions that have FROM as a part of their arguments: `extract(day FROM ts)`. */
const TAKES_FROM = new Set(['extract', 'substring', 'substr', 'trim', 'ltrim', 'rtrim']);

export const wordOf = (token: Token | undefined): string => (token?.kind === 'word' ? token.text.toLowerCase() : '');
export const isSign = (token: Token | undefined, text: string): boolean => token?.kind === 'sign' && token.text === text;

const endsOperand = (token: Token | undefined): boolean =>
  token !== undefined && (token.kind === 'sign' ? [')', ']', '}'].includes(token.text) : !AWAITS_OPERAND.has(wordOf(token)));

const beginsQuery = (token: Token | undefined): boolean => ['select', 'with', 'from', 'explain'].includes(wordOf(token));

export interface Places {
  /** Tokens that begin a table expression: after FROM and JOIN, and after commas of a FROM clause. */
  readonly tables: readonly number[];
  /** Tokens after IN, where a table may stand as well. */
  readonly sets: readonly number[];
}

interface Level {
  inFrom: boolean;
  /** The function whose arguments these are. */
  readonly callee: string;
}

/**
 * Where a table can stand. A word that only might end the FROM clause does not: a comma that is looked at in vain refuses a
 * statement, a comma that is not looked at opens a file.
 */
export function placesOf(tokens: readonly Token[]): Places {
  const tables: number[] = [];
  const sets: number[] = [];
  const levels: Level[] = [{ inFrom: false, callee: '' }];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const level = levels.at(-1);
    if (!token || !level) break;
    const before = tokens[i - 1];
    if (isSign(token, '(')) {
      const isNested = tables.at(-1) === i && isSign(tokens[i + 1], '(');
      if (isNested) tables.push(i + 1);
      levels.push({ inFrom: isNested, callee: beginsQuery(tokens[i + 1]) ? '' : wordOf(before) });
    } else if (isSign(token, ')')) {
      if (levels.length > 1) levels.pop();
    } else if (isSign(token, ',')) {
      if (level.inFrom) tables.push(i + 1);
    }
    const word = isSign(before, '.') ? '' : wordOf(token);
    if (word === 'from' && !TAKES_FROM.has(level.callee)) {
      level.inFrom = true;
      tables.push(i + 1);
    } else if (word === 'join') {
      const isArray = wordOf(before) === 'array' && wordOf(tokens[i - 2]) !== 'as';
      level.inFrom = !isArray;
      if (!isArray) tables.push(i + 1);
    } else if (word === 'in') sets.push(i + 1);
    else if (word === 'using') {
      if (endsOperand(before) && !isSign(tokens[i + 1], '(')) level.inFrom = false;
    } else if (ENDS_FROM.has(word) && endsOperand(before)) level.inFrom = false;
  }
  return { tables, sets };
}
