import { PermanentError } from './errors';
import { isDeeperThan } from './json';

const BLANK = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = 'value' | 'value_or_end' | 'key' | 'key_or_end' | 'colon' | 'next';

const matchEnd = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

/** End of the string that starts at `at`, or the negated position of its error. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length;) {
    const c = text.charCodeAt(i);
    if (c === 34) return i + 1;
    if (c < 32) return -i;
    if (c === 92) {
      const end = matchEnd(ESCAPE, text, i);
      if (end < 0) return -i;
      i = end;
    } else i++;
  }
  return -text.length;
}

/** The position where `text` stops being valid JSON. Called only after a parse failed; reveals no content. */
export function jsonErrorPosition(text: string): number {
  const open: string[] = [];
  let expect = 'value' as Expected;
  for (let at = matchEnd(BLANK, text, 0); at < text.length; at = matchEnd(BLANK, text, at)) {
    const sign = text.charAt(at);
    const top = open.at(-1);
    if (expect === 'colon') {
      if (sign !== ':') return at;
      expect = 'value';
      at++;
    } else if (expect === 'next') {
      if (sign === ',' && top) expect = top === '{' ? 'key' : 'value';
      else if ((sign === '}' && top === '{') || (sign === ']' && top === '[')) open.pop();
      else return at;
      at++;
    } else if ((expect === 'key_or_end' && sign === '}') || (expect === 'value_or_end' && sign === ']')) {
      open.pop();
      expect = 'next';
      at++;
    } else if (sign === '"') {
      const end = stringEnd(text, at);
      if (end < 0) return -end;
      expect = expect === 'key' || expect === 'key_or_end' ? 'colon' : 'next';
      at = end;
    } else if (expect === 'key' || expect === 'key_or_end') return at;
    else if (sign === '{' || sign === '[') {
      open.push(sign);
      expect = sign === '{' ? 'key_or_end' : 'value_or_end';
      at++;
    } else {
      const end = matchEnd(SCALAR, text, at);
      if (end < 0) return at;
      expect = 'next';
      at = end;
    }
  }
  return text.length;
}

/** Parses untrusted JSON: bounded depth, and errors that never quote the text (`JSON.parse` does). Throws PermanentError('undecodable'). */
export function parseJson(text: string, maxDepth: number): unknown {
  if (isDeeperThan(text, maxDepth)) {
    throw new PermanentError(
      'undecodable',
      `JSON nests deeper than ${maxDepth} levels; flatten it, or send the inner part as text`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new PermanentError('undecodable', `not JSON: it breaks at position ${jsonErrorPosition(text)} of ${text.length}`);
  }
}
