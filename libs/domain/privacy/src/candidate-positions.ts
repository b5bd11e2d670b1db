import { CAPITAL, DIGIT, isKind, KINDS, SCRIPT, WORD_LETTER } from './characters';
import { codeAt, MAX_TEXT, read } from './reading';
import { mayBeForm } from './trigger-chars';

// Positions where a match can begin. One pass over all characters collects them for all scanners; the previous character rules most out.

/** A structured value can begin there. */
const FORM = 1;
/** A capitalized word or a house number can begin there. */
const WORD = 2;

/** Positions of either kind in the surveyed span, in order. */
export const forms = new Int32Array(MAX_TEXT);
export const words = new Int32Array(MAX_TEXT);

// Characters beyond ASCII share one entry in the table of pairs.
const LETTER_BEYOND = 1;
const CAPITAL_BEYOND = 2;
const SCRIPT_LETTER = 3;
const ids = Uint8Array.from(KINDS, (kinds, c) => {
  if (c < 128) return c < 32 ? 0 : c;
  if ((kinds & CAPITAL) !== 0) return CAPITAL_BEYOND;
  if ((kinds & SCRIPT) !== 0) return SCRIPT_LETTER;
  return (kinds & WORD_LETTER) !== 0 ? LETTER_BEYOND : 0;
});

/**
 * `]`, `_`, `/`, `@`, `$`, `#` and `%` belong to the word that follows them; so does a letter, unless it is part of an escape such as `\
 * `.
 */
function mayBeWord(before: number, c: number): boolean {
  if (c === SCRIPT_LETTER) return before !== SCRIPT_LETTER;
  if (c !== CAPITAL_BEYOND && !isKind(c, CAPITAL | DIGIT)) return false;
  if (before === LETTER_BEYOND || before === CAPITAL_BEYOND || ']_/@$#%'.includes(String.fromCharCode(before))) return false;
  return !isKind(before, WORD_LETTER | DIGIT) || before === 110 || before === 114 || before === 116;
}

const BITS = 7;
const pairs = Uint8Array.from({ length: 1 << (2 * BITS) }, (_, pair) => {
  const before = pair >> BITS;
  const c = pair & ((1 << BITS) - 1);
  return (mayBeForm(before, c) ? FORM : 0) | (mayBeWord(before, c) ? WORD : 0);
});

interface Survey {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly forms: number;
  readonly words: number;
}
let survey: Survey = { text: '', from: 0, to: 0, forms: 0, words: 0 };

/** Collects the positions in [from, to) of the text and returns their number; cached for a repeated span. */
export function findCandidatePositions(text: string, from: number, to: number): Survey {
  read(text);
  if (text === survey.text && from === survey.from && to === survey.to) return survey;
  let before = ids[codeAt(from - 1)] as number;
  let formCount = 0;
  let wordCount = 0;
  for (let at = from; at < to; at++) {
    const id = ids[codeAt(at)] as number;
    const may = pairs[(before << BITS) | id] as number;
    before = id;
    if (may === 0) continue;
    // Writing always and counting conditionally is faster than a branch.
    forms[formCount] = at;
    formCount += may & FORM;
    words[wordCount] = at;
    wordCount += may >> 1;
  }
  survey = { text, from, to, forms: formCount, words: wordCount };
  return survey;
}
