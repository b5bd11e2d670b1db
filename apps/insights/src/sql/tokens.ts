/** A piece of a statement. `text` is the name without quotes for `quoted`, and as written for all else. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type Tokens = { readonly ok: true; readonly tokens: readonly Token[] } | { readonly ok: false; readonly problem: string };

const isDigit = (c: string): boolean => c >= '0' && c <= '9';
const isWordStart = (c: string): boolean => /[A-Za-z_]/.test(c);
const isWordPart = (c: string): boolean => /[A-Za-z0-9_]/.test(c);

const NUMBER = /^(0x[0-9a-f_]*|0b[01_]+|\d[\d_]*(\.[\d_]*)?(e\d*)?|\d[\d_]*(\.\d+)+)$/i;

/** Index after the closing quote, or -1. A backslash takes the next character with it; a doubled quote is one. */
function endOfQuoted(sql: string, open: number): number {
  const quote = sql[open];
  for (let i = open + 1; i < sql.length; i++) {
    if (sql[i] === '\\') i++;
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return -1;
}

function endOfComment(sql: string, at: number): number | null {
  if (sql.startsWith('/*', at)) {
    const end = sql.indexOf('*/', at + 2);
    return end < 0 ? -1 : end + 2;
  }
  if (!sql.startsWith('--', at) && !sql.startsWith('#!', at) && !sql.startsWith('# ', at)) return null;
  const end = sql.indexOf('\n', at);
  return end < 0 ? sql.length : end + 1;
}

/** Splits a ClickHouse statement the way its own lexer does; what this one would read otherwise is refused. */
export function tokensOf(sql: string): Tokens {
  const tokens: Token[] = [];
  const problem = (text: string): Tokens => ({ ok: false, problem: text });
  let at = 0;
  while (at < sql.length) {
    const c = sql.charAt(at);
    const start = at;
    const comment = endOfComment(sql, at);
    if (comment === -1) return problem('a comment is not closed');
    if (comment !== null) at = comment;
    else if (/[ \t\r\n\f\v]/.test(c)) at++;
    else if (c === "'") {
      at = endOfQuoted(sql, at);
      if (at < 0) return problem('a text in quotes is not closed');
      tokens.push({ kind: 'string', text: sql.slice(start, at), start, end: at });
    } else if (c === '`' || c === '"') {
      at = endOfQuoted(sql, at);
      if (at < 0) return problem('a quoted name is not closed');
      tokens.push({ kind: 'quoted', text: sql.slice(start + 1, at - 1), start, end: at });
    } else if (c === '$') {
      const tag = /^\$\w*\$/.exec(sql.slice(at, at + 200))?.[0];
      const close = tag === undefined ? -1 : sql.indexOf(tag, at + tag.length);
      if (tag === undefined || close < 0) return problem('the character $ stands where no name or value can');
      at = close + tag.length;
      tokens.push({ kind: 'string', text: sql.slice(start, at), start, end: at });
    } else if (isWordStart(c)) {
      while (at < sql.length && isWordPart(sql.charAt(at))) at++;
      tokens.push({ kind: 'word', text: sql.slice(start, at), start, end: at });
    } else if (isDigit(c)) {
      while (at < sql.length && /[A-Za-z0-9_.]/.test(sql.charAt(at))) at++;
      const text = sql.slice(start, at);
      if (!NUMBER.test(text)) return problem(`${text.slice(0, 40)} is neither a number nor a name`);
      tokens.push({ kind: 'number', text, start, end: at });
    } else if (c > '~' || c < ' ') {
      return problem(
        `a character (U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}) outside quotes: put names in backticks and texts in '…'`,
      );
    } else {
      at++;
      tokens.push({ kind: 'sign', text: c, start, end: at });
    }
  }
  return { ok: true, tokens };
}
