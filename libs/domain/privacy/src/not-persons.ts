import { COMMON, NAME, PLACE, SHORT, TECH, THING, WEAK } from './lexicon';
import { codeAt } from './reading';
import { isCapital } from './characters';
import { type Run } from './run';
import { type Word, wordAt } from './words';

// Names that stand for things: goods, methods, programs.

const DETERMINED =
  /(?:^|[^\p{L}])(?:an?|the|this|that|these|those|my|your|our|one|two|three|another|new|sell|use|using|apply|with)\s$/iu;
const isDetermined = (text: string, at: number): boolean => DETERMINED.test(text.slice(Math.max(0, at - 9), at));

/** Whether words from `i` of the run are a thing that is called after somebody: `Mason Jar`, `the Pearson correlation`. Returns its last word, or -1. */
export function thingEnd(text: string, run: Run, i: number): number {
  for (let n = i + 1; n < run.length && n - i < 3; n++) {
    const word = run[n];
    if (!word || (word.bits & THING) === 0) continue;
    // `Rice` and `Plant` are people, too.
    if ((word.bits & (NAME | WEAK | SHORT)) === 0 || isDetermined(text, run[i]?.start ?? 0)) return n;
  }
  const last = run[run.length - 1];
  if (!last || run.length - i > 2 || codeAt(last.end + 1) < 97 || codeAt(last.end) !== 32 || isCapital(codeAt(last.end + 1)))
    return -1;
  const next = wordAt(last.end + 1);
  const isThing = (next.bits & THING) !== 0 && isDetermined(text, run[i]?.start ?? 0);
  return isThing ? run.length - 1 : -1;
}

const APART = /^(?:, (?:and |or )?|\/| and | or | & )/;
const BEFORE = /([\p{L}\d+#.]{1,16})(?:, (?:and |or )?|\/| and | or | & )$/u;
const KIND = /^ (?:code|script|scripts|package|packages|module|notebook|program|programs|programming|language|library|developer|developers|compiler|runtime|server|cluster|client|API|SDK)\b/; // prettier-ignore
const WRITTEN = /\b(?:written|coded|implemented|programmed|built|rewritten|scripts?|code) in $/i;

/** Whether a word that is also the name of a program or a language stands for that: in a list of them, or beside what only they have. */
export function isTechnical(text: string, { bits, start, end }: Word): boolean {
  if ((bits & TECH) === 0) return false;
  if ((bits & (NAME | WEAK)) === 0) return true;
  if ((codeAt(end) === 32 && KIND.test(text.slice(end, end + 14))) || WRITTEN.test(text.slice(Math.max(0, start - 16), start)))
    return true;
  const apart = APART.exec(text.slice(end, end + 7));
  if (apart && (wordAt(end + apart[0].length).bits & TECH) !== 0) return true;
  const before = BEFORE.exec(text.slice(Math.max(0, start - 24), start));
  return before !== null && (wordAt(start - before[0].length).bits & TECH) !== 0;
}

/** An acronym is no part of a name that is written small: `AWS Access`. */
export const isAcronym = ({ bits, shouted, start, end }: Word): boolean =>
  shouted && end - start < 6 && (bits & (NAME | WEAK | PLACE)) === 0;

const SYLLABLES =
  /^(?:(?:zh|ch|sh|[bcdfghjklmnpqrstwxyz])?(?:iang|iong|uang|eong|yeon|yeo|ian|iao|uai|uan|iu|ui|uo|ue|ia|ie|ua|ai|ei|ao|ou|eo|eu|ae|oo|ya|yo|yu|wo|wa|[aeiou])(?:ng|n|m|k|l|p|h)?){2}$/i;
/** An unknown word of two syllables as those of given names of China, Korea and Vietnam. */
export const isSyllabic = (text: string, { bits, start, end, capital, shouted }: Word): boolean =>
  bits === 0 && capital && !shouted && end - start > 3 && end - start < 12 && SYLLABLES.test(text.slice(start, end));

/** Words of no name: those of every day, of goods and of programs, unless they are names, too. */
export const isWordOnly = (bits: number): boolean =>
  (bits & COMMON) !== 0 ? (bits & NAME) === 0 : (bits & (THING | TECH)) !== 0 && (bits & (NAME | WEAK | SHORT)) === 0;
