import { isWordLetter } from './characters';
import { COMMON, COMPANY, COMPANY_END, COMPANY_HEAD } from './lexicon';
import { codeAt } from './reading';
import { type Run } from './run';
import { phraseFrom, type Word } from './words';

// Companies, schools and offices by what their names end with, and those of the list.

/** The longest place or company that begins with word `i` of the run, as the index of its last word; or -1. */
export function phraseEnd(run: Run, i: number, whole: number, head: number): number {
  const first = run[i];
  if (!first) return -1;
  let last = i;
  const end = (first.bits & head) === 0 ? -1 : phraseFrom(first, whole, head, () => run[++last]?.end ?? -1);
  if (end > 0) return run.findIndex((word) => word.end === end);
  return (first.bits & whole) !== 0 ? i : -1;
}

/** `Inc`, `Group`, `University` after at least one word that is not the start of a sentence. */
function companyEnd(run: Run, from: number): number {
  for (let i = run.length - 1; i > from; i--) {
    const word = run[i];
    if (word && (word.bits & COMPANY_END) !== 0 && word.capital) return i;
  }
  return -1;
}

const dotEnd = (word: Word | undefined): number =>
  word ? word.end + (codeAt(word.end) === 46 && word.end - word.start <= 5 ? 1 : 0) : 0;

/** `ООО «Вектор»`: the form of a company, and its name in quotes. */
function quotedEnd(text: string, { end }: Word): number {
  if (codeAt(end) !== 32) return -1;
  const found = /^ (?:«[^»\n]{1,60}»|"[^"\n]{1,60}"|“[^”\n]{1,60}”|„[^“”\n]{1,60}[“”])/.exec(text.slice(end, end + 66));
  return found ? end + found[0].length : -1;
}

const FORM =
  /^(?:, ?| )(?:Inc|LLC|L\.L\.C|Ltd|Pvt\.? Ltd|Pty\.? Ltd|Co\.?,? Ltd|Corp|Co|LLP|PLC|S\.A|S\.p\.A|S\.r\.l|a\.s|s\.r\.o|GmbH|KG|AG|N\.A|N\.V|B\.V|L\.P)(?![\p{L}\d])\.?/u;
/** End of the form of a company behind its name, `Heron Software, Inc.`; or `end`. */
function formEnd(text: string, end: number): number {
  const c = codeAt(end);
  const form = c === 44 || c === 32 ? FORM.exec(text.slice(end, end + 16)) : null;
  return form ? end + form[0].length : end;
}

/** Whether a word of every day is a part of the name after it: `hired by Blue Heron Software`. */
const isInside = (run: Run, i: number, ending: number, { start, shouted }: Word): boolean =>
  !shouted && ending > i + 1 && codeAt(start - 1) === 32 && (isWordLetter(codeAt(start - 2)) || codeAt(start - 2) === 44) &&
  run.slice(i + 1, ending).some(({ bits }) => (bits & COMMON) === 0); // prettier-ignore

/** The company that begins with word `i` of the run: its last word, and its end. */
export function companyAt(text: string, run: Run, i: number, isPlain: boolean): { last: number; end: number } | null {
  const word = run[i];
  if (!word) return null;
  const isForm = (word.bits & COMPANY_END) !== 0;
  const quoted = isForm ? quotedEnd(text, word) : -1;
  if (quoted > 0) return { last: i, end: quoted };
  const known = phraseEnd(run, i, COMPANY, COMPANY_HEAD);
  // `DON'T KNOW`: a letter begins no name.
  const ending = word.end - word.start === 1 && codeAt(word.end) !== 46 ? -1 : companyEnd(run, i);
  if (known >= 0) return { last: Math.max(known, ending), end: 0 };
  // `University of Eastvale`: the kind comes first.
  const [of, town] = [run[i + 1], run[i + 2]];
  if (isForm && of && town && !of.capital && (town.bits & COMMON) === 0) return { last: Math.max(i + 2, ending), end: 0 };
  const last = run[run.length - 1];
  if (isPlain) return last && isInside(run, i, ending, word) ? { last: ending, end: formEnd(text, dotEnd(run[ending])) } : null;
  if (ending > i) return { last: ending, end: formEnd(text, dotEnd(run[ending])) };
  const formed = last && codeAt(last.end) === 44 ? formEnd(text, last.end) : -1;
  return last && formed > last.end ? { last: run.length - 1, end: formed } : null;
}
