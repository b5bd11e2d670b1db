import { isSign, wordOf } from './table-places';
import { type Token } from './tokens';

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A query named by `WITH name AS (SELECT …)` and where that name means it: from there to the end of its parenthesis. */
export interface QueryName {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** For every token the index of the closing parenthesis around it; the end of the statement when there is none. */
function closings(tokens: readonly Token[]): number[] {
  const ends = new Array<number>(tokens.length).fill(tokens.length);
  const open: number[] = [];
  const spans: [number, number][] = [];
  tokens.forEach((token, i) => {
    if (isSign(token, '(')) open.push(i);
    else if (isSign(token, ')')) {
      const start = open.pop();
      if (start !== undefined) spans.push([start, i]);
    }
  });
  // Inner ones close first, so outer ones must not overwrite them.
  for (const [start, end] of spans) for (let i = start + 1; i < end; i++) if (ends[i] === tokens.length) ends[i] = end;
  return ends;
}

export function queryNames(tokens: readonly Token[]): QueryName[] {
  const ends = closings(tokens);
  return tokens.flatMap((token, i) => {
    if (token.kind !== 'word' && token.kind !== 'quoted') return [];
    const open = wordOf(tokens[i + 2]) === 'materialized' ? i + 3 : i + 2;
    const isQuery =
      wordOf(tokens[i + 1]) === 'as' && isSign(tokens[open], '(') && ['select', 'with'].includes(wordOf(tokens[open + 1]));
    return isQuery && PLAIN_NAME.test(token.text) ? [{ name: token.text, from: i, to: ends[i] ?? tokens.length }] : [];
  });
}

/** Names given by `… AS name`. */
export const aliases = (tokens: readonly Token[]): ReadonlySet<string> =>
  new Set(
    tokens.flatMap((token, i) =>
      wordOf(tokens[i - 1]) === 'as' && (token.kind === 'word' || token.kind === 'quoted') ? [token.text] : [],
    ),
  );
