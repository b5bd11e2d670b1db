import { CAPITAL, DIGIT, isDigit, isKind, KINDS, WORD_LETTER } from './characters';
import { isContextTrigger } from './known-tokens';
import { codeAt, MAX_TEXT, read } from './reading';
import { CLASS, JWT, NUMBER, PASSWORD, TELLING } from './trigger-chars';

// Where in a text anything may begin. One walk over all its characters notes it for all scanners; most are distinguished by the one before.

/** What has a form may begin there. */
const FORM = 1;
/** A word with a capital, or the number of a street, may begin there. */
const WORD = 2;

/** Places of either in the stretch that was surveyed, in order. */
export const forms = new Int32Array(MAX_TEXT);
export const words = new Int32Array(MAX_TEXT);

// Characters beyond ASCII stand for each other in the table of pairs.
const LETTER_BEYOND = 1;
const CAPITAL_BEYOND = 2;
const ids = Uint8Array.from(KINDS, (kinds, c) => {
  if (c < 128) return c < 32 ? 0 : c;
  if ((kinds & CAPITAL) !== 0) return CAPITAL_BEYOND;
  return (kinds & WORD_LETTER) !== 0 ? LETTER_BEYOND : 0;
});

function mayBeForm(before: number, c: number): boolean {
  const what = CLASS[c];
  if (what === NUMBER) return !isDigit(before);
  if (what === JWT) return before === 121;
  if (what === PASSWORD) return before === 115;
  if (what === TELLING) return isContextTrigger(before, c) || (c === 46 && (before | 32) === 119);
  return what !== 0;
}

/** `]`, `_`, `/`, `@`, `$`, `#` and `%` bind what follows them; of letters, those of escapes such as `\n` may not. */
function mayBeWord(before: number, c: number): boolean {
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

/** Notes the places in [from, to) of the text and gives how many there are; costs nothing when it is the same stretch again. */
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
    // Written always, counted when it is so: cheaper than to ask.
    forms[formCount] = at;
    formCount += may & FORM;
    words[wordCount] = at;
    wordCount += may >> 1;
  }
  survey = { text, from, to, forms: formCount, words: wordCount };
  return survey;
}
