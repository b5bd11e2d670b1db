import { endsWord, isAlnum, isDigit, isEscaped, isHex, isLetter, startsWord } from './characters';
import { EMAIL, IP, match, type Match, SECRET } from './match';
import { codeAt } from './reading';

const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;
const MAX_USERINFO = 512;

const isLocal = (c: number): boolean =>
  isAlnum(c) || c === 46 || c === 95 || c === 37 || c === 43 || c === 45 || c === 39 || c >= 0xc0;

/** The e-mail address around the `@` at `at`; never begins before `floor`. */
export function scanEmail(text: string, at: number, floor: number): Match | null {
  let start = at;
  const first = Math.max(floor, at - MAX_LOCAL);
  while (start > first && isLocal(codeAt(start - 1))) start--;
  if (start < at && codeAt(start - 1) === 92 && isEscaped(start + 1)) start++;
  while (start < at && (codeAt(start) === 39 || codeAt(start) === 46)) start++;
  if (start === at) return null;
  let end = at + 1;
  let lastDot = -1;
  const limit = Math.min(text.length, end + MAX_DOMAIN);
  for (; end < limit; end++) {
    const c = codeAt(end);
    if (c === 46) {
      if (!isDomain(codeAt(end + 1))) break;
      lastDot = end;
    } else if (!isDomain(c)) break;
  }
  while (end > at && codeAt(end - 1) === 45) end--;
  if (lastDot < 0 || end - lastDot < 3 || !isLetterOrBeyond(codeAt(lastDot + 1))) return null;
  return match(start, end, EMAIL);
}
const isDomain = (c: number): boolean => isAlnum(c) || c === 45 || c >= 0xc0;
const isLetterOrBeyond = (c: number): boolean => isLetter(c) || c >= 0xc0;

const endsAuthority = (c: number): boolean =>
  c <= 32 || c === 47 || c === 63 || c === 35 || c === 34 || c === 39 || c === 60 || c === 62 || c === 92 || c === 96;

/** `scheme://user:password@host`, called at its colon. */
export function scanUrlCredentials(text: string, colon: number): Match | null {
  if (codeAt(colon + 1) !== 47 || codeAt(colon + 2) !== 47) return null;
  const start = colon + 3;
  let last = -1;
  const limit = Math.min(text.length, start + MAX_USERINFO);
  for (let i = start; i < limit; i++) {
    const c = codeAt(i);
    if (c === 64) last = i;
    // A password may contain slashes, but then its `@` still comes before the host.
    else if (endsAuthority(c) && !(c === 47 && last < 0 && codeAt(i - 1) !== 47 && hasUserBefore(text, start, i))) break;
  }
  if (last <= start) return null;
  return text.startsWith(SECRET, start) && last === start + SECRET.length ? null : match(start, last, SECRET);
}

/** After `user:` no port can follow, so the rest is a password. */
function hasUserBefore(text: string, start: number, slash: number): boolean {
  const colon = text.indexOf(':', start);
  return colon > 0 && colon < slash && !isDigit(codeAt(colon + 1));
}

const isIpv6Char = (c: number): boolean => isHex(c) || c === 58;

/** An IPv6 address around the first colon of its run; never begins before `floor`. */
export function scanIpv6(text: string, colon: number, floor: number): Match | null {
  if (!isIpv6Char(codeAt(colon + 1))) return null;
  let start = colon;
  while (start > floor && start > colon - 4 && isHex(codeAt(start - 1))) start--;
  if (start > floor && isEscaped(start + 1) && codeAt(start - 1) === 92) start++;
  // Only the first colon of a run is handled; this one is a later one.
  if (start > floor && codeAt(start - 1) === 58) return null;
  let end = colon;
  let colons = 0;
  let compressed = -1;
  const limit = Math.min(text.length, colon + 41);
  for (; end < limit && isIpv6Char(codeAt(end)); end++) {
    if (codeAt(end) !== 58) continue;
    colons++;
    if (codeAt(end + 1) === 58) compressed = end;
  }
  // A single colon at the end is punctuation.
  if (codeAt(end - 1) === 58 && codeAt(end - 2) !== 58) {
    end--;
    colons--;
  }
  if (colons < 2 || (compressed < 0 && colons !== 7) || !startsWord(start) || !endsWord(end)) return null;
  const groups = text.slice(start, end).split(':');
  if (groups.some((group) => group.length > 4)) return null;
  const written = groups.filter((group) => group !== '');
  if (compressed < 0) return written.length === 8 && groups.length === 8 ? match(start, end, IP) : null;
  // `a::b` also occurs in identifiers, so an address needs more evidence.
  const isAddress =
    written.length >= 2 &&
    written.length <= 7 &&
    written.some((group) => group.length >= 3) &&
    text.lastIndexOf('::', end - 2) === compressed;
  return isAddress ? match(start, end, IP) : null;
}
