import { isAlnum, runEnd, VALUE } from './characters';
import { match, type Match, PLACEHOLDER, SECRET } from './match';
import { codeAt } from './reading';
import { isBlank, literalAt, MAX_VALUE, skipBlanks } from './secret-place';
import { isReference } from './secret-value';

// Values under `data:` and `stringData:` of a Kubernetes manifest of kind Secret, whatever their names.

const KIND = /^[ \t-]*["']?kind["']?:[ \t]*["']?Secret\b/m;
/** How far from its `data:` the kind of a manifest is looked for, characters. */
const BEFORE = 600;
const AFTER = 2_400;
const MAX_BLOCK = 16_000;

interface Block {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}
let block: Block = { text: '', from: 0, to: 0 };

/** End of the lines that are indented deeper than the one with the colon. */
function blockEnd(text: string, colon: number): number {
  const line = text.lastIndexOf('\n', colon) + 1;
  const depth = skipBlanks(line, 64) - line;
  let at = text.indexOf('\n', colon);
  while (at >= 0 && at - colon < MAX_BLOCK) {
    const first = skipBlanks(at + 1, 64);
    if (codeAt(first) > 32 && first - at - 1 <= depth) return at;
    at = text.indexOf('\n', first);
  }
  return at < 0 ? text.length : at;
}

/** `data`, `stringData`, and not `metadata`. */
const isDataName = (colon: number): boolean =>
  (codeAt(colon - 4) === 68 || (codeAt(colon - 4) === 100 && !isAlnum(codeAt(colon - 5)))) &&
  codeAt(colon - 3) === 97 &&
  codeAt(colon - 2) === 116 &&
  codeAt(colon - 1) === 97;

/** The value after the colon of a line in such a block. A colon that opens a block is remembered for those that follow. */
export function scanManifest(text: string, colon: number): Match | null {
  const next = codeAt(colon + 1);
  if ((next === 10 || next === 13) && isDataName(colon)) {
    const isSecret = KIND.test(text.slice(Math.max(0, colon - BEFORE), colon + AFTER));
    block = isSecret ? { text, from: colon, to: blockEnd(text, colon) } : { text: '', from: 0, to: 0 };
    return null;
  }
  if (colon >= block.to || colon < block.from || text !== block.text || !isBlank(next)) return null;
  const at = skipBlanks(colon + 1);
  const literal = literalAt(text, at);
  const from = literal ? literal.from : at;
  const to = literal ? literal.to : runEnd(at, MAX_VALUE, VALUE);
  const value = text.slice(from, Math.min(to, from + 512));
  return value.length < 3 || PLACEHOLDER.test(text.slice(from, from + 48)) || isReference(value) || /^[|>]/.test(value)
    ? null
    : match(from, to, SECRET);
}
