import { DIGIT, endsWord, isAlnum, isDigit, isEscaped, isHex, isLetter, runEnd, startsWord } from './characters';
import { cuesBefore } from './context-keywords';
import { CARD, IBAN, IP, match, type Match, PHONE, SSN } from './match';
import { codeAt } from './reading';
import { extensionEnd, scanAccount, scanBirthDate, scanCalledNumber } from './scan-context';
import { scanNational } from './scan-national';
import { scanStateZip } from './scan-postal';
import { isVersion } from './version-words';

const MAX_CARD_DIGITS = 19;

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

/** First digits and lengths that issuers use; without this check one long number in ten would match a card. */
export const ISSUED =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}|(?:5[06-8]|6[37])\d{10,17}|0604\d{8,15}|(?:1800|2131)\d{11})$/;
const isCard = (digits: string): boolean => ISSUED.test(digits) && passesLuhn(digits);

const isSeparator = (c: number): boolean => c === 32 || c === 45 || c === 46 || c === 160;

/** `8-4-4-4-12`: never masked, whatever the check of its digits. */
export const uuidEnd = (at: number): number => {
  if (codeAt(at + 8) !== 45 || codeAt(at + 13) !== 45 || codeAt(at + 18) !== 45 || codeAt(at + 23) !== 45) return -1;
  for (let i = at; i < at + 36; i++) if (codeAt(i) !== 45 && !isHex(codeAt(i))) return -1;
  return at + 36;
};

/** Whether `at` begins a later group of a UUID. */
const isInUuid = (at: number): boolean =>
  codeAt(at - 1) === 45 && (uuidEnd(at - 9) > 0 || uuidEnd(at - 14) > 0 || uuidEnd(at - 19) > 0 || uuidEnd(at - 24) > 0);

/** Whether a hexadecimal group precedes the dash before `at`: then the digits are part of an id. */
function followsHexGroup(at: number): boolean {
  if (codeAt(at - 1) !== 45) return false;
  let hasDigit = false;
  let i = at - 2;
  for (; i >= 0 && i > at - 36; i--) {
    const c = codeAt(i);
    if (isDigit(c)) hasDigit = true;
    else if (!isAlnum(c)) break;
    else if (!isHex(c)) return false;
  }
  return hasDigit && at - 2 - i >= 4;
}

/** A card that begins with the run [at, end): the run itself, or groups with four digits in the first one. */
function cardEnd(text: string, at: number, end: number): number {
  if (end - at >= 12) return end - at <= MAX_CARD_DIGITS && endsWord(end) && isCard(text.slice(at, end)) ? end : -1;
  if (end - at !== 4) return -1;
  const separator = codeAt(end);
  if (!isSeparator(separator)) return -1;
  let digits = text.slice(at, end);
  let last = end;
  while (digits.length < MAX_CARD_DIGITS && codeAt(last) === separator && isDigit(codeAt(last + 1))) {
    const groupEnd = runEnd(last + 1, 8, DIGIT);
    digits += text.slice(last + 1, groupEnd);
    last = groupEnd;
    if (digits.length >= 12 && endsWord(last) && isCard(digits)) return last;
  }
  return -1;
}

/** North American: three, three and four digits with separators. */
function nanpEnd(text: string, at: number, end: number): number {
  let area = at;
  let areaEnd = end;
  if (end - at === 1 && codeAt(at) === 49 && isSeparator(codeAt(end))) {
    area = end + 1;
    areaEnd = runEnd(area, 4, DIGIT);
  }
  if (areaEnd - area !== 3 || codeAt(area) < 50) return -1;
  const separator = codeAt(areaEnd);
  if (!isSeparator(separator)) return -1;
  const middle = runEnd(areaEnd + 1, 4, DIGIT);
  if (middle - areaEnd !== 4 || codeAt(areaEnd + 1) < 50 || !isSeparator(codeAt(middle))) return -1;
  const last = runEnd(middle + 1, 5, DIGIT);
  const whole = extensionEnd(text, last);
  return last - middle === 5 && endsWord(whole) ? whole : -1;
}

/** United States social security number, `ddd-dd-dddd`. */
function ssnEnd(at: number, end: number): number {
  if (end - at !== 3 || codeAt(end) !== 45 || codeAt(end + 3) !== 45) return -1;
  const last = runEnd(end + 4, 5, DIGIT);
  return runEnd(end + 1, 3, DIGIT) === end + 3 && last === end + 8 && endsWord(last) && codeAt(at) !== 57 ? last : -1;
}

/** National format with a leading zero: groups with 9 to 12 digits in total, `020 7946 0958`. */
function nationalEnd(at: number, end: number): number {
  if (codeAt(at) !== 48 || end - at < 2 || end - at > 5) return -1;
  const separator = codeAt(end);
  if (!isSeparator(separator)) return -1;
  let digits = end - at;
  let last = end;
  for (let groups = 0; groups < 5 && codeAt(last) === separator && isDigit(codeAt(last + 1)); groups++) {
    const groupEnd = runEnd(last + 1, 9, DIGIT);
    if (groupEnd - last < 3) return -1;
    digits += groupEnd - last - 1;
    last = groupEnd;
  }
  // `00-11-63-84-45-E6` is the address of a device.
  const goesOn = codeAt(last) === 45 && isAlnum(codeAt(last + 1));
  return digits >= 9 && digits <= 12 && endsWord(last) && !goesOn ? last : -1;
}

function ipv4End(text: string, at: number, end: number): number {
  let from = at;
  let to = end;
  for (let octet = 0; octet < 4; octet++) {
    if (to - from > 3 || to === from || (to - from === 3 && text.slice(from, to) > '255')) return -1;
    if (octet === 3) break;
    if (codeAt(to) !== 46) return -1;
    from = to + 1;
    to = runEnd(from, 4, DIGIT);
  }
  return endsWord(to) && !(codeAt(to) === 46 && isDigit(codeAt(to + 1))) ? to : -1;
}

/** A number that begins at `at`, the first digit of the run that ends at `end`. */
export function scanNumber(text: string, at: number, end: number): Match | null {
  if (!startsWord(at) || followsHexGroup(at) || isInUuid(at)) return null;
  const before = codeAt(at - 1);
  const card = cardEnd(text, at, end);
  if (card > 0) return match(at, card, CARD);
  if (before === 95) return null;
  return scanNational(text, at, end) ?? scanShort(text, at, end, before) ?? (before === 46 ? null : scanSaid(text, at, end));
}

function scanShort(text: string, at: number, end: number, before: number): Match | null {
  if (before === 46) return null;
  if (end - at <= 3) {
    const ip = ipv4End(text, at, end);
    // Unspecified and loopback addresses are not personal.
    if (ip > 0)
      return text.startsWith('0.0.0.0', at) || text.startsWith('127.', at) || isVersion(text, at) ? null : match(at, ip, IP);
    const nanp = nanpEnd(text, at, end);
    if (nanp > 0) return match(at, nanp, PHONE);
    const ssn = ssnEnd(at, end);
    if (ssn > 0) return match(at, ssn, SSN);
  }
  const phone = end - at <= 5 ? nationalEnd(at, end) : -1;
  return phone > 0 ? match(at, phone, PHONE) : null;
}

/** Numbers that are personal only in context: most are short and isolated, and are rejected at once. */
function scanSaid(text: string, at: number, end: number): Match | null {
  const next = codeAt(end);
  const isGrouped = (isSeparator(next) || next === 47) && isDigit(codeAt(end + 1));
  const cues = cuesBefore(at);
  const born = end - at <= 4 ? scanBirthDate(text, at, end, cues) : null;
  if (born) return born;
  if (isGrouped && isDated(text, at, end)) return null;
  const zip = end - at === 5 ? scanStateZip(text, at, end) : null;
  const account = zip ?? (end - at >= 3 || isGrouped ? scanAccount(text, at, cues) : null);
  return account ?? (isGrouped || end - at >= 5 ? scanCalledNumber(text, at, cues) : null);
}

/** An isolated short number: a day in a birth date, a PIN, a short account; never an amount. */
export function scanBareNumber(text: string, at: number, end: number, before: number): Match | null {
  if (before === 36 || before === 95 || before === 46 || before === 45) return null;
  if (before === 58) return scanAccount(text, at, cuesBefore(at));
  if (end - at < 3 && codeAt(end) !== 32 && codeAt(end) !== 44 && !isAlnum(codeAt(end))) return null;
  const cues = cuesBefore(at);
  return scanBirthDate(text, at, end, cues) ?? (end - at >= 3 ? scanAccount(text, at, cues) : null);
}

/** `2024-05-20`, `5/20`: most numbers in groups are dates. */
const isDated = (text: string, at: number, end: number): boolean =>
  end - at === 4 && codeAt(end) === 45 && codeAt(end + 3) === 45 && (text.startsWith('20', at) || text.startsWith('19', at));

/** `+` and 8 to 15 digits in groups. */
export function scanPlus(text: string, at: number): Match | null {
  if (!startsWord(at) || !isDigit(codeAt(at + 1))) return null;
  let digits = 0;
  let last = at + 1;
  for (let i = at + 1; i < at + 26 && digits < 16; i++) {
    const c = codeAt(i);
    if (isDigit(c)) {
      digits++;
      last = i + 1;
    } else if (!(isSeparator(c) || c === 40 || c === 41) || i - last >= 2) break;
  }
  const whole = extensionEnd(text, last);
  return digits >= 8 && digits <= 15 && endsWord(whole) ? match(at, whole, PHONE) : null;
}

/** `8 (911) 132-06-37`: the digit for long distance before the bracket belongs to the number. */
const trunkStart = (at: number): number => (codeAt(at - 1) === 32 && isDigit(codeAt(at - 2)) && startsWord(at - 2) ? at - 2 : at);

/** `(ddd) ddd-dddd` and similar formats: an area code in brackets, then two groups; 8 to 12 digits. */
export function scanParenthesis(text: string, at: number): Match | null {
  const area = runEnd(at + 1, 5, DIGIT);
  if (area < at + 3 || area > at + 5 || codeAt(area) !== 41) return null;
  const from = isSeparator(codeAt(area + 1)) ? area + 2 : area + 1;
  const middle = runEnd(from, 5, DIGIT);
  if (middle - from < 3 || middle - from > 4 || !isSeparator(codeAt(middle))) return scanCalledNumber(text, at);
  const last = runEnd(middle + 1, 5, DIGIT);
  const russian = last - middle === 3 && isSeparator(codeAt(last)) ? runEnd(last + 1, 3, DIGIT) : -1;
  if (russian === last + 3 && endsWord(russian)) return match(trunkStart(at), russian, PHONE);
  if (last - middle < 4 || last - middle > 5) return null;
  if (last - middle === 4 && codeAt(at + 1) !== 48) return scanCalledNumber(text, at);
  const whole = extensionEnd(text, last);
  return endsWord(whole) ? match(at, whole, PHONE) : null;
}

// Length of an IBAN by country: https://www.swift.com/standards/data-standards/iban
const IBAN_LENGTHS =
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20';
export const IBAN_LENGTH = new Map(
  Array.from({ length: IBAN_LENGTHS.length / 4 }, (_, i) => [
    IBAN_LENGTHS.slice(4 * i, 4 * i + 2),
    Number(IBAN_LENGTHS.slice(4 * i + 2, 4 * i + 4)),
  ]),
);

/** Countries whose account numbers contain only digits. */
export const DIGITS_ALONE = new Set(
  'AE AT BA BE CZ DE DK EE ES FI HR HU IL IS LT LY ME MN NO PL PT RS SE SI SK SV TL TN VA XK'.split(' '),
);

/** ISO 13616: the first four characters moved to the end, letters as 10 to 35, modulo 97 is 1. */
export function passesIban(compact: string): boolean {
  let rest = 0;
  for (let i = 0; i < compact.length; i++) {
    const c = compact.charCodeAt((i + 4) % compact.length);
    rest = isDigit(c) ? (rest * 10 + c - 48) % 97 : (rest * 100 + c - 55) % 97;
  }
  return rest === 1;
}

/** An IBAN whose check digits begin at `at`. */
export function scanIban(text: string, at: number): Match | null {
  const start = at - 2;
  if (start < 0 || !isLetter(codeAt(start)) || !isLetter(codeAt(start + 1))) return null;
  if (!(startsWord(start) || isEscaped(start)) || isInUuid(start)) return null;
  const country = text.slice(start, at).toUpperCase();
  const length = IBAN_LENGTH.get(country);
  if (length === undefined || uuidEnd(start) > 0) return null;
  const takes = DIGITS_ALONE.has(country) ? isDigit : isAlnum;
  let compact = '';
  let i = start;
  for (; compact.length < length; i++) {
    const c = codeAt(i);
    if (compact.length < 2 || takes(c)) compact += text.charAt(i);
    else if (!(c === 32 || c === 45 || c === 160) || !isAlnum(codeAt(i - 1))) return null;
  }
  return endsWord(i) && passesIban(compact.toUpperCase()) ? match(start, i, IBAN) : null;
}
