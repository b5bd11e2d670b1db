import { DIGIT, isAlnum, isUpper, runEnd } from './characters';
import { ADDRESS, match, type Match } from './match';
import { codeAt } from './reading';

// Postal codes: after what calls a number one, after the abbreviation of a state, or of a form that nothing else has.

const SAYS_ZIP =
  /(?:\bzip|post ?code|postal(?: ?code)?|\bplz|postleitzahl|c[oó]d(?:igo|ice)? (?:postal|postale)|code postal|\bcep\b|postnummer|pin ?code|邮[编編]|邮政编码|郵便番号|индекс|우편번호|पिन ?कोड|الرمز البريدي)(?:[ _-]?(?:code|number))?\W{0,3}(?:is|was|number|ist|est|es)?\W{0,4}$/i;

/** A postal code of any country in [start, end), when the words before it call it one. */
export function scanZip(text: string, start: number, end: number, digits: number): Match | null {
  if (end - start > 10 || digits < 2 || !SAYS_ZIP.test(text.slice(Math.max(0, start - 56), start))) return null;
  // `7412 SL`, the Dutch format.
  const isDutch = codeAt(end) === 32 && isUpper(codeAt(end + 1)) && isUpper(codeAt(end + 2)) && !isAlnum(codeAt(end + 3));
  return match(start, isDutch ? end + 3 : end, ADDRESS);
}

const STATE =
  /(?:, ?|[\p{L}.] )(A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) $/iu;
/** States that are written like words. */
const WORDY = /^(?:OR|IN|OK|ME|HI|PA|MA|LA|OH|ID|AL|DE|CO|AR|MS|MD|PR)$/i;

/** `TX 78701`, `tx 78701-1234` after a town: called at the run of five digits [at, end). */
export function scanStateZip(text: string, at: number, end: number): Match | null {
  if (end - at !== 5 || codeAt(at - 1) !== 32 || isAlnum(codeAt(at - 4)) || isAlnum(codeAt(end))) return null;
  const found = STATE.exec(text.slice(Math.max(0, at - 6), at));
  const state = found?.[1] ?? '';
  const isSure = found?.[0].startsWith(',') === true || (state === state.toUpperCase() && !WORDY.test(state));
  if (!found || !isSure) return null;
  const isPlus = codeAt(end) === 45 && runEnd(end + 1, 5, DIGIT) === end + 5;
  return match(at, isPlus ? end + 5 : end, ADDRESS);
}

const BRITISH = /^[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?![A-Za-z\d])/;
const CANADIAN = /^[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d(?![A-Za-z\d])/;

/** `SW1A 1AA`, `M5V 2T6`: called at the first digit, which follows a letter. */
export function scanLetteredZip(text: string, at: number): Match | null {
  const start = isUpper(codeAt(at - 2)) ? at - 2 : at - 1;
  if (start < 0 || !isUpper(codeAt(at - 1)) || isAlnum(codeAt(start - 1)) || codeAt(start - 1) === 45) return null;
  const said = text.slice(start, start + 9);
  const found = BRITISH.exec(said) ?? (start === at - 1 ? CANADIAN.exec(said) : null);
  return found?.[0].includes(' ') ? match(start, start + found[0].length, ADDRESS) : null;
}
