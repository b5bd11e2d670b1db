import { DIGIT, HEX, KEY, isKind, isDigit, isUpper, isLower, isLetter, isAlnum, isHex, runEnd } from './characters';
import { ACCOUNT_CUE, BIRTH_CUE, CODE_CUE, cuesBefore, PHONE_CUE, ZIP_CUE } from './context-keywords';
import { codeAt } from './reading';
import { entropy, looksRandom } from './secret-value';
import { saysOtherNumber, saysPhone } from './phone-words';
import { scanZip } from './scan-postal';
import { ACCOUNT, BIRTH_DATE, CARD, IBAN, match, type Match, PHONE, SECRET } from './match';

// Values that are personal only because of the words around them. Each scanner reads a bounded span.

/** A number that was masked stops what a word before it says as it did when it was a number: else each masked one would say it of the next. */
const MASKED_NUMBER = /\[(?:ACCOUNT|CARD|IBAN|PHONE|SSN|NATIONAL_ID|BIRTH_DATE)\]/g;
function before(text: string, at: number, reach: number): string {
  const said = text.slice(Math.max(0, at - reach), at);
  return said.includes('[') ? said.replace(MASKED_NUMBER, '0') : said;
}

const SAYS_ACCOUNT =
  /(?:\b(?:account|acct|routing|sort code|policy|passport|licen[cs]e|membership|member id|medical record|mrn|patient id|insurance|beneficiary|swift|tax(?:payer)? id|e\.?i\.?n|voter|iqama|permit)\b|konto(?:nummer)?)[^\d\n;?!]{0,24}$/i;
/** With such a word before it, a number is masked even if its check digit is wrong. */
const SAYS_CARD = /\bcards?\b[^\d\n;?!]{0,24}$/i;
const SAYS_IBAN = /\biban\b[^\d\n;?!]{0,16}$/i;
const SAYS_CODE =
  /\b(?:pin|otp|cvv2?|cvc|passcode|security code|verification code|one[- ]time (?:code|password)|2fa code)\b[^\d\n]{0,12}$/i;

/** The token of digits and adjacent letters around [at, end): `F162823540116`, `2270-66-1551`. */
function tokenAround(text: string, at: number): { start: number; end: number; digits: number } {
  let start = at;
  while (start > 0 && at - start < 4 && isLetter(codeAt(start - 1))) start--;
  let end = at;
  let digits = 0;
  for (let last = at; last < text.length && last - start < 34; last++) {
    const c = codeAt(last);
    if (isDigit(c)) digits++;
    if (isAlnum(c)) end = last + 1;
    else if (!((c === 45 || c === 32) && isDigit(codeAt(last + 1)))) break;
  }
  return { start, end, digits };
}

/** A number that the words before it call an account, a passport, a licence or similar; or a postal code. */
export function scanAccount(text: string, at: number, cues: number): Match | null {
  const sign = codeAt(at - 1);
  // Amounts and decimals are none of these.
  if (sign === 36 || sign === 46 || sign === 44 || sign === 47) return null;
  if ((cues & (ACCOUNT_CUE | CODE_CUE | ZIP_CUE)) === 0) return null;
  const { start, end, digits } = tokenAround(text, at);
  if ((cues & CODE_CUE) !== 0 && digits > 2 && end - start <= 8 && SAYS_CODE.test(before(text, start, 40)))
    return match(start, end, SECRET);
  if (start > 0 && isAlnum(codeAt(start - 1))) return null;
  const zip = (cues & ZIP_CUE) === 0 ? null : scanZip(text, start, end, digits);
  if (zip || digits < 3) return zip;
  const said = before(text, start, 56);
  if ((cues & ACCOUNT_CUE) !== 0 && digits >= 12 && !saysOtherNumber(said)) {
    if (digits <= 19 && isDigit(codeAt(start)) && SAYS_CARD.test(said)) return match(start, end, CARD);
    if (digits <= 30 && SAYS_IBAN.test(said)) return match(start, end, IBAN);
  }
  if ((cues & ACCOUNT_CUE) !== 0 && digits >= 5 && SAYS_ACCOUNT.test(said) && !saysOtherNumber(said))
    return match(start, end, ACCOUNT);
  return null;
}

const SAYS_BIRTH = /(?:\bborn|birth|\bd\.?o\.?b\b|geboren|\bnaci|\bn(?:é|ée) le\b)[^;\n]{0,28}(?:\n[^;\n]{0,12})?$/i;
const DATE =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Za-zé]{3,9}\.?,? \d{4})(?![\d-])/;
const MONTH = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}\b/i;

const isApart = (c: number): boolean => c === 45 || c === 47 || c === 46;

/** First letter of a month in English and its neighbors, or of `of`. */
const MONTHS = new Set([...'jfmasondJFMASOND'].map((letter) => letter.charCodeAt(0)));
const mayBeMonth = (c: number): boolean => MONTHS.has(c);

/** A date that the words before it call a birth date; called at its first digit, [at, end) is the run of digits. */
export function scanBirthDate(text: string, at: number, end: number, cues: number): Match | null {
  if ((cues & BIRTH_CUE) === 0) return null;
  const next = codeAt(end);
  const isWritten = isApart(next)
    ? isDigit(codeAt(end + 1))
    : end - at <= 2 && (isLetter(next) || (next === 32 && mayBeMonth(codeAt(end + 1))));
  const mayFollowMonth = end - at <= 2 && codeAt(at - 1) === 32 && (next === 44 || next === 32 || next === 116 || next === 115);
  if (isWritten) {
    const found = DATE.exec(text.slice(at, at + 26));
    if (found) return SAYS_BIRTH.test(before(text, at, 48)) ? match(at, at + found[0].length, BIRTH_DATE) : null;
  }
  // `March 12, 1985`: the month is before the first digit, the year after it.
  if (!mayFollowMonth) return null;
  let start = at - 1;
  if (codeAt(start - 1) === 46) start--;
  while (start > 0 && at - start < 12 && isLetter(codeAt(start - 1))) start--;
  if (at - start < 4) return null;
  const named = MONTH.exec(text.slice(start, start + 24));
  return named && SAYS_BIRTH.test(before(text, start, 48)) ? match(start, start + named[0].length, BIRTH_DATE) : null;
}

const SAYS_AFTER = /^[ \t]{0,2}[-(]?[ \t]?(?:office|fax|mobile|cell|desk|home|work|phone)\b/i;

/** End and number of digit groups that are separated by one character each. */
function groups(at: number): { end: number; digits: number; groups: number } {
  let digits = 0;
  let count = 0;
  let end = at;
  let i = at;
  while (count < 7) {
    if (codeAt(i) === 40) i++;
    const to = runEnd(i, 16, DIGIT);
    if (to === i) break;
    digits += to - i;
    count++;
    end = to;
    i = to;
    if (codeAt(i) === 41) i++;
    const c = codeAt(i);
    if (c === 32 || c === 45 || c === 46 || c === 160 || c === 47) i++;
    else if (i === to) break;
  }
  return { end, digits, groups: count };
}

/** `x123`, `ext. 5`: an extension belongs to its number. */
export function extensionEnd(text: string, at: number): number {
  const c = codeAt(at);
  if (c !== 120 && c !== 32 && c !== 101) return at;
  const found = /^(?:x| ?ext\.? ?)\d{1,6}(?!\d)/.exec(text.slice(at, at + 14));
  return found ? at + found[0].length : at;
}

const YEARLY = /^(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)/;

/** A number in any grouping that the words around it call a telephone number; called at its first digit or bracket. */
export function scanCalledNumber(text: string, at: number, cues = cuesBefore(at)): Match | null {
  const found = groups(at);
  if (found.digits < 6 || found.digits > 15 || found.end >= at + 24 || YEARLY.test(text.slice(at, at + 10))) return null;
  const end = extensionEnd(text, found.end);
  if (isAlnum(codeAt(end)) || isAlnum(codeAt(at - 1))) return null;
  if (found.groups === 1 && found.digits < 7) return null;
  const said = (cues & PHONE_CUE) === 0 ? '' : before(text, at, 32);
  // `Contact: mia@example.com, 4155552671`.
  const isSaid = said !== '' && saysPhone(said.includes('@') ? before(text, at, 62) : said) && !saysOtherNumber(said);
  return isSaid || SAYS_AFTER.test(text.slice(end, end + 12)) ? match(at, end, PHONE) : null;
}

const LEAST_ENTROPY = 3.3;

const SAYS_SECRET =
  /(?:secret|token|api.?key|access.?key|\bkey\b|passw|\bpwd\b|credential|\bauth|private|\bpat\b|bearer)[^\n]{0,24}$/i;
const MAX_TOKEN = 512;
const isKeyChar = (c: number): boolean => isKind(c, KEY);

const AIRTABLE = /^pat[A-Za-z\d]{14}\.$/;
const isHexRun = (from: number, to: number): boolean => runEnd(from, to - from, HEX) === to;

/** A long word of mixed characters that the words before it call secret; called at a digit inside it. */
export function scanEntropy(text: string, at: number): Match | null {
  if (!isKeyChar(codeAt(at - 1)) && !isKeyChar(codeAt(at + 1))) return null;
  let start = at;
  for (; start > 0 && at - start < MAX_TOKEN && isKeyChar(codeAt(start - 1)); start--)
    // The word was already checked at an earlier digit.
    if (isDigit(codeAt(start - 1))) return null;
  const end = runEnd(at, MAX_TOKEN, KEY);
  if (end - start < 20) return null;
  let uppers = 0;
  let lowers = 0;
  let digits = 0;
  let hex = 0;
  for (let i = start; i < end; i++) {
    const c = codeAt(i);
    if (isUpper(c)) uppers++;
    else if (isLower(c)) lowers++;
    else if (isDigit(c)) digits++;
    if (isHex(c)) hex++;
  }
  const isMixed = digits > 1 && ((uppers > 1 && lowers > 1) || (hex === end - start && end - start >= 32 && uppers + lowers > 4));
  // A token of Airtable has its number before the dot.
  if (end - start === 64 && hex === 64 && AIRTABLE.test(before(text, start, 18))) return match(start - 18, end, SECRET);
  if (end - start === 36 && text.startsWith('dapi', start) && isHexRun(start + 4, end)) return match(start, end, SECRET);
  const run = text.slice(start, end);
  const isDrawn = isMixed || (digits > 2 && lowers > 2 && hex < run.length && looksRandom(run) && !run.includes('/'));
  if (!isDrawn || !SAYS_SECRET.test(before(text, start, 40))) return null;
  return entropy(run) >= LEAST_ENTROPY ? match(start, end, SECRET) : null;
}
