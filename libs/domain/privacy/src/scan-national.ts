import { ALNUM, isAlnum, isDigit, isLetter, runEnd } from './characters';
import { match, type Match, NATIONAL_ID, SSN } from './match';
import { codeAt } from './reading';

// National numbers of persons. Those with weak check digits (one in ten random numbers passes) also need a keyword before them.

const digitAt = (text: string, at: number): number => text.charCodeAt(at) - 48;

/** Sum of digit × weight. */
function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += digitAt(digits, i) * (weights[i] ?? 0);
  return sum;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digitAt(digits, digits.length - 1 - i) * (1 + (i % 2));
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

const isDate = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;
const two = (digits: string, at: number): number => digitAt(digits, at) * 10 + digitAt(digits, at + 1);
const repeats = (digits: string): boolean => digits === (digits[0] ?? '').repeat(digits.length);

/** Brazil, CPF: two check digits modulo 11. */
function isCpf(d: string): boolean {
  if (repeats(d)) return false;
  const check = (n: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += digitAt(d, i) * (n + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  return check(9) === digitAt(d, 9) && check(10) === digitAt(d, 10);
}

const CNPJ = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
/** Brazil, CNPJ. */
function isCnpj(d: string): boolean {
  const check = (weights: readonly number[]): number => {
    const rest = weighted(d, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return !repeats(d) && check(CNPJ.slice(1)) === digitAt(d, 12) && check(CNPJ) === digitAt(d, 13);
}

// Verhoeff, https://en.wikipedia.org/wiki/Verhoeff_algorithm: multiplication in the dihedral group of order ten, and its permutation.
const times = (a: number, b: number): number => {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
};
const PERMUTED = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
/** India, Aadhaar. */
function isAadhaar(d: string): boolean {
  let check = 0;
  for (let i = 0; i < d.length; i++) {
    let digit = digitAt(d, d.length - 1 - i);
    for (let n = i % 8; n > 0; n--) digit = PERMUTED[digit] ?? 0;
    check = times(check, digit);
  }
  return check === 0 && digitAt(d, 0) > 1;
}

/** Germany, tax id: ISO 7064 modulo 11, 10. */
function isGermanTaxId(d: string): boolean {
  let product = 10;
  for (let i = 0; i < 10; i++) {
    const sum = (digitAt(d, i) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return digitAt(d, 0) !== 0 && (11 - product) % 10 === digitAt(d, 10);
}

/** Remainder of a long decimal number. */
function modulo(digits: string, by: number): number {
  let rest = 0;
  for (let i = 0; i < digits.length; i++) rest = (rest * 10 + digitAt(digits, i)) % by;
  return rest;
}

const NORWAY = [[3, 7, 6, 1, 8, 9, 4, 5, 2, 1], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]]; // prettier-ignore
const CHINA = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

interface Rule {
  readonly digits: number;
  /** Also matches an undivided run of digits, unless `written`. */
  readonly groups?: readonly number[];
  readonly separators?: string;
  readonly written?: boolean;
  /** A keyword that is required before the number when the check alone is too weak. */
  readonly said?: RegExp;
  readonly passes: (digits: string) => boolean;
  readonly placeholder?: string;
}

const RULES: readonly Rule[] = [
  { digits: 9, groups: [3, 2, 4], separators: ' -.', said: /\bssn\b|\bsocial(?: security)?(?: (?:number|no|num|id))?\b|\bs\.s\.n|\bitin\b/i, passes: (d) => !repeats(d) && !d.startsWith('000') && !d.endsWith('0000'), placeholder: SSN },
  { digits: 9, groups: [3, 3, 3], separators: ' -', said: /\bs\.?i\.?n\b|social insurance/i, passes: luhn },
  { digits: 9, groups: [3, 3, 3], separators: ' ', said: /\bt\.?f\.?n\b|tax file/i, passes: (d) => weighted(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 },
  { digits: 9, said: /\bbsn\b|burgerservice|sofi/i, passes: (d) => weighted(d, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 },
  { digits: 10, groups: [3, 3, 4], separators: ' -', said: /\bnhs\b/i, passes: (d) => weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 },
  { digits: 10, groups: [6, 4], separators: '-+', written: true, passes: (d) => isDate(two(d, 4), two(d, 2)) && luhn(d) },
  { digits: 10, groups: [6, 4], separators: '-', written: true, said: /\bcpr\b|personnummer|person(?:al)? (?:number|id)/i, passes: (d) => isDate(two(d, 0), two(d, 2)) },
  { digits: 11, groups: [3, 3, 3, 2], separators: '.-', passes: isCpf, written: true },
  { digits: 11, said: /\bcpf\b/i, passes: isCpf },
  { digits: 11, said: /\bpesel\b/i, passes: (d) => weighted(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0 },
  { digits: 11, groups: [2, 3, 3, 3], separators: ' ', said: /steuer|tax id|\btin\b|idnr/i, passes: isGermanTaxId },
  { digits: 11, groups: [6, 5], separators: ' ', said: /f(?:ø|o)dsels|personnummer|national id/i, passes: (d) => NORWAY.every((weights) => weighted(d, weights) % 11 === 0) },
  { digits: 11, said: /\bt\.?c\.?\b|kimlik/i, passes: (d) => weighted(d, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === digitAt(d, 10) },
  { digits: 11, groups: [2, 2, 2, 3, 2], separators: '.-', passes: isBelgian, written: true },
  { digits: 12, groups: [4, 4, 4], separators: ' -', written: true, passes: isAadhaar },
  { digits: 12, said: /aadha+r|\buid(?:ai)?\b/i, passes: isAadhaar },
  { digits: 13, groups: [6, 7], separators: '-', written: true, passes: (d) => isDate(two(d, 4), two(d, 2)) && digitAt(d, 6) >= 1 && digitAt(d, 6) <= 8 },
  { digits: 14, groups: [2, 3, 3, 4, 2], separators: '.-/', written: true, passes: isCnpj },
  { digits: 15, groups: [1, 2, 2, 2, 3, 3, 2], separators: ' ', passes: (d) => /^[12]/.test(d) && 97 - modulo(d.slice(0, 13), 97) === Number(d.slice(13)) && two(d, 3) <= 42 },
]; // prettier-ignore

function isBelgian(d: string): boolean {
  const said = Number(d.slice(9));
  return 97 - modulo(d.slice(0, 9), 97) === said || 97 - modulo(`2${d.slice(0, 9)}`, 97) === said;
}

/** Digits in the groups of the rule, or as one run; returns their end, or -1. */
function writtenEnd(at: number, rule: Rule): number {
  const { groups = [rule.digits], separators = '' } = rule;
  let i = at;
  let apart = 0;
  for (let g = 0; g < groups.length; g++) {
    for (let n = groups[g] ?? 0; n > 0; n--, i++) if (!isDigit(codeAt(i))) return -1;
    if (g < groups.length - 1 && !isDigit(codeAt(i))) {
      if (!separators.includes(String.fromCharCode(codeAt(i)))) return -1;
      apart++;
      i++;
    }
  }
  if (isAlnum(codeAt(i)) || (apart !== 0 && apart !== groups.length - 1)) return -1;
  return rule.written && apart === 0 ? -1 : i;
}

const REACH = 36;
const APART = /\D/g;

/** Rules by the length of the first run of digits: of the whole number, or of its first group. */
const BY_RUN: readonly Rule[][] = Array.from({ length: 16 }, (_, run) =>
  RULES.filter(({ digits, groups }) => digits === run || groups?.[0] === run),
);

/** A national number of digits that begins at `at`, the start of the run that ends at `end`. */
export function scanNational(text: string, at: number, end: number): Match | null {
  const run = end - at;
  if (run > 15) return scanChinese(text, at, end);
  // A short run can only be a first group.
  if (run < 9 && !isDigit(codeAt(end + 1))) return null;
  let before: string | null = null;
  for (const rule of BY_RUN[run] ?? []) {
    const whole = writtenEnd(at, rule);
    if (whole < 0 || !rule.passes(text.slice(at, whole).replace(APART, ''))) continue;
    if (rule.said) {
      before ??= text.slice(Math.max(0, at - REACH), at);
      if (!rule.said.test(before)) continue;
    }
    return match(at, whole, rule.placeholder ?? NATIONAL_ID);
  }
  return null;
}

/** China, resident identity: 17 digits with a date in them and a check sign, ISO 7064 modulo 11-2. */
function scanChinese(text: string, at: number, end: number): Match | null {
  if (end - at !== 17 && end - at !== 18) return null;
  const last = codeAt(at + 17);
  if (end - at === 17 && last !== 88 && last !== 120) return null;
  if (isAlnum(codeAt(at + 18))) return null;
  const digits = text.slice(at, at + 17);
  const year = two(digits, 6);
  if ((year !== 19 && year !== 20) || !isDate(two(digits, 12), two(digits, 10))) return null;
  const value = end - at === 17 ? 10 : digitAt(text, at + 17);
  return (weighted(digits, CHINA) + value) % 11 === 1 ? match(at, at + 18, NATIONAL_ID) : null;
}

const DNI = 'TRWAGMYFPDXBNJZSQVHLCKE';
const NINO_NOT = /^(?:[DFIQUV]|.[DFIQUVO]|BG|GB|NK|KN|TN|NT|ZZ)/;
const FISCAL_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const ordinal = (c: number): number => (isDigit(c) ? c - 48 : c - 65);

/** Italy, codice fiscale: odd places by a table, even ones by their order, modulo 26. */
function isFiscalCode(code: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const value = ordinal(code.charCodeAt(i));
    sum += i % 2 === 0 ? (FISCAL_ODD[value] ?? 0) : value;
  }
  return sum % 26 === code.charCodeAt(15) - 65;
}

const SINGAPORE = [2, 7, 6, 5, 4, 3, 2];
function isNric(code: string): boolean {
  const first = code.charAt(0);
  const rest = (weighted(code.slice(1), SINGAPORE) + (first === 'T' || first === 'G' ? 4 : 0)) % 11;
  return code.charAt(8) === (first === 'S' || first === 'T' ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK').charAt(rest);
}

/** Finland: birth date, a sign of the century, and a check sign of all nine digits modulo 31. */
const isHetu = (code: string): boolean =>
  isDate(two(code, 0), two(code, 2)) &&
  '0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(code.slice(0, 6) + code.slice(7, 10)) % 31) === code.charAt(10);

const LETTERED: readonly { readonly shape: RegExp; readonly passes: (code: string) => boolean; readonly said?: RegExp }[] = [
  { shape: /^\d{8}[A-Z]$/, passes: (c) => DNI.charAt(Number(c.slice(0, 8)) % 23) === c.charAt(8) },
  { shape: /^[XYZ]\d{7}[A-Z]$/, passes: (c) => DNI.charAt(Number(`${'XYZ'.indexOf(c.charAt(0))}${c.slice(1, 8)}`) % 23) === c.charAt(8) },
  { shape: /^[A-Z]{2}\d{6}[A-D]$/, passes: (c) => !NINO_NOT.test(c) },
  { shape: /^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/, passes: isFiscalCode },
  { shape: /^[STFG]\d{7}[A-Z]$/, passes: isNric },
  { shape: /^[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d$/, passes: (c) => isDate(two(c, 8), two(c, 6)) },
  { shape: /^[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]$/, said: /\bpan\b|permanent account|income tax/i, passes: () => true },
]; // prettier-ignore

/** A national number with letters, around the digit at `at`, which is the first digit of its word. */
export function scanAlphanumericId(text: string, at: number): Match | null {
  let start = at;
  while (start > 0 && at - start < 7 && isLetter(codeAt(start - 1))) start--;
  if (start > 0 && (isAlnum(codeAt(start - 1)) || codeAt(start - 1) === 95)) return null;
  const end = runEnd(at, 19, ALNUM);
  if (end - at === 6 && start === at) return scanHetu(text, start);
  if (end - start < 9 || end - start > 18) return null;
  const code = text.slice(start, end);
  const upper = code.toUpperCase();
  for (const { shape, passes, said } of LETTERED) {
    if (!shape.test(upper) || !passes(upper)) continue;
    if (said && !said.test(text.slice(Math.max(0, start - REACH), start))) continue;
    return match(start, end, NATIONAL_ID);
  }
  return null;
}

function scanHetu(text: string, at: number): Match | null {
  const code = text.slice(at, at + 11);
  if (!/^\d{6}[-+A]\d{3}[0-9A-Y]$/.test(code) || isAlnum(codeAt(at + 11))) return null;
  return isHetu(code) ? match(at, at + 11, NATIONAL_ID) : null;
}

/** A British insurance number in groups, `AB 12 34 56 C`; called at its first digit. */
export function scanSpacedDigits(text: string, at: number, end: number): Match | null {
  if (end - at !== 2 || at < 3 || codeAt(at - 1) !== 32 || isAlnum(codeAt(at - 4))) return null;
  const found = /^[A-Z]{2} \d\d \d\d \d\d [A-D](?![A-Za-z0-9])/.exec(text.slice(at - 3, at + 11));
  return found && !NINO_NOT.test(found[0]) ? match(at - 3, at - 3 + found[0].length, NATIONAL_ID) : null;
}
