import { type Token } from './tokens';

/** Where a statement names a table. */
export interface TablePlace {
  readonly index: number;
}

const ENDS_FROM = new Set([
  'where', 'prewhere', 'group', 'order', 'having', 'limit', 'offset', 'union', 'except', 'intersect', 'window', 'qualify', 'select', 'settings', 'format', 'fetch', 'sample', 'using',
]); // prettier-ignore

const wordOf = (token: Token | undefined): string => (token?.kind === 'word' ? token.text.toLowerCase() : '');

/** Functions that have FROM as a part of their arguments: `extract(day FROM ts)`. */
const TAKES_FROM = new Set(['extract', 'substring', 'substr', 'trim', 'overlay', 'position']);

/** Indexes of the tokens that begin a table expression: after FROM and JOIN, after commas of a FROM clause, after DESCRIBE and EXISTS. */
export function tablePlaces(tokens: readonly Token[]): number[] {
  const places: number[] = [];
  /** One entry per open parenthesis: whether its FROM clause is open, and which function it belongs to. */
  const levels: { inFrom: boolean; callee: string }[] = [{ inFrom: false, callee: '' }];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const level = levels.at(-1);
    if (!token || !level) break;
    const word = wordOf(token);
    if (token.kind === 'sign') {
      if (token.text === '(')
        levels.push({ inFrom: false, callee: tokens[i - 1]?.kind === 'sign' ? '' : (tokens[i - 1]?.text.toLowerCase() ?? '') });
      else if (token.text === ')') {
        if (levels.length > 1) levels.pop();
      } else if (token.text === ',' && level.inFrom) places.push(i + 1);
    } else if (word !== '' && tokens[i - 1]?.text !== '.') {
      if (word === 'from' && !TAKES_FROM.has(level.callee)) {
        level.inFrom = true;
        places.push(i + 1);
      } else if (word === 'join') {
        if (wordOf(tokens[i - 1]) === 'array') level.inFrom = false;
        else {
          level.inFrom = true;
          places.push(i + 1);
        }
      } else if (ENDS_FROM.has(word)) level.inFrom = false;
    }
  }
  return places;
}
