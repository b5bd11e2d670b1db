import { DIGIT, isAlnum, isDigit, isLetter, runEnd } from './characters';
import { cuesBefore } from './context-keywords';
import { scanKnownToken } from './known-tokens';
import { type Match } from './match';
import { findCandidatePositions, forms } from './candidate-positions';
import { codeAt } from './reading';
import { scanEmail, scanIpv6, scanUrlCredentials } from './scan-address';
import { scanAccount, scanEntropy } from './scan-context';
import { scanAlphanumericId, scanSpacedDigits } from './scan-national';
import { scanIban, scanBareNumber, scanNumber, scanParenthesis, scanPlus, uuidEnd } from './scan-number';
import { scanArgument, scanAwsCommand, scanCallOf, scanColonCommand, scanSetCommand, scanWordThenLiteral } from './scan-call';
import { scanFlag } from './scan-flag';
import { scanKeyed, scanOperator } from './scan-keyed';
import { scanManifest } from './scan-manifest';
import { scanLetteredZip } from './scan-postal';
import { scanElement } from './scan-markup';
import { scanBearer, scanBotToken, scanJwt, scanPrivateKey, scanSpokenPassword } from './scan-secret';
import { scanWebhookUrl, scanUrl, scanWww } from './scan-url';
import { scanMac, scanWallet } from './scan-wallet';
import { isPhoneName } from './secret-names';
import { AT, BEARER, BRACE, CLASS, COLON, COMMA, DASH, DOUBLED, EQUALS, isCommandEnd, JWT, MARKUP, NUMBER, PASSWORD, PLUS, QUOTE, TELLING } from './trigger-chars'; // prettier-ignore

/**
 * `prose`: what people and models say; `content`: what programs write; `identifier`: ids and names, whose digits are neither phones nor
 * cards.
 */
export type Mode = 'prose' | 'content' | 'identifier';

export interface Scan {
  /** In order, without overlaps; null when there are none. */
  readonly matches: Match[] | null;
  readonly needsWalk: boolean;
}
const CLEAN: Scan = { matches: null, needsWalk: false };

/** `"phone":[…]` in JSON: bare digits in it are a telephone number only because of the name, which a scan does not track. */
function holdsPhones(json: string, colon: number): boolean {
  const opening = codeAt(colon + 1);
  if ((opening !== 91 && opening !== 123) || codeAt(colon - 1) !== 34) return false;
  let start = colon - 1;
  while (start > 0 && colon - start < 48 && codeAt(start - 1) !== 34) start--;
  return isPhoneName(json.slice(start, colon - 1));
}

const isGroupSign = (c: number): boolean => c === 45 || c === 46 || c === 32 || c === 47 || c === 160 || c === 41;

/** Classifies the run of digits [at, end). Most are short and meaningless; those are rejected first. */
function scanDigits(text: string, at: number, end: number): Match | null {
  const before = codeAt(at - 1);
  const after = codeAt(end);
  if (isLetter(before) || isAlnum(after))
    return (
      scanNumber(text, at, end) ??
      scanIban(text, at) ??
      scanWallet(text, at) ??
      scanAlphanumericId(text, at) ??
      scanLetteredZip(text, at) ??
      (isLetter(before) ? scanAccount(text, at, cuesBefore(at)) : null) ??
      scanEntropy(text, at)
    );
  const isGrouped = isGroupSign(after) && isDigit(codeAt(end + 1));
  if (!isGrouped && end - at <= 4) return scanBareNumber(text, at, end, before);
  return (
    scanNumber(text, at, end) ??
    (isAlnum(codeAt(end + 1)) ? (scanAlphanumericId(text, at) ?? scanSpacedDigits(text, at, end)) : null)
  );
}

/**
 * Finds all matches that begin in [from, to), in one pass. Linear: every character is visited once, with bounded lookahead, except for
 * private keys, tokens and values, which the pass then skips.
 */
export function scanText(text: string, mode: Mode, from = 0, to = text.length): Scan {
  let matches: Match[] | null = null;
  let needsWalk = false;
  let floor = 0;
  const count = findCandidatePositions(text, from, to).forms;
  for (let n = 0, next = from; n < count; n++) {
    const at = forms[n] as number;
    if (at < next) continue;
    const what = CLASS[codeAt(at)];
    let found: Match | null = null;
    switch (what) {
      case NUMBER: {
        const end = runEnd(at + 1, text.length, DIGIT);
        next = end;
        const uuid = end - at <= 8 ? uuidEnd(at) : -1;
        if (uuid > 0) next = uuid;
        else if (mode !== 'identifier') found = scanDigits(text, at, end);
        break;
      }
      case AT:
        found = scanEmail(text, at, floor);
        break;
      case COLON:
        found = scanUrlCredentials(text, at) ?? scanWebhookUrl(text, at);
        if (!found && mode === 'prose') found = scanUrl(text, at);
        if (!found) {
          const keyed = scanKeyed(text, at);
          found = keyed.found ?? scanManifest(text, at) ?? scanColonCommand(text, at);
          if (mode !== 'prose') needsWalk ||= keyed.needsWalk || holdsPhones(text, at);
        }
        if (!found && mode !== 'identifier') found = scanMac(at) ?? scanIpv6(text, at, floor) ?? scanBotToken(at);
        break;
      case EQUALS:
        found = scanKeyed(text, at).found;
        break;
      case DASH:
        found =
          scanPrivateKey(text, at) ??
          scanKnownToken(text, at) ??
          (codeAt(at - 1) === 60 ? scanOperator(text, at) : scanFlag(text, at));
        if (!found && mode !== 'identifier') found = scanMac(at);
        break;
      case TELLING:
        found = scanKnownToken(text, at);
        if (!found && mode === 'prose' && (codeAt(at - 1) | 32) === 119) found = scanWww(text, at);
        if (!found && isCommandEnd(codeAt(at - 1), codeAt(at))) found = scanSetCommand(text, at);
        break;
      case JWT:
        found = scanJwt(text, at);
        break;
      case BEARER:
        found = scanBearer(text, at) ?? scanKnownToken(text, at);
        break;
      case PASSWORD:
        found = scanSpokenPassword(text, at) ?? scanAwsCommand(text, at);
        break;
      case COMMA:
        found = scanArgument(text, at);
        break;
      case QUOTE:
        if (isAlnum(codeAt(at - 2)) || codeAt(at - 2) === 32 || codeAt(at - 2) === 34) found = scanWordThenLiteral(text, at);
        break;
      case BRACE:
        found = scanCallOf(text, at);
        break;
      case MARKUP:
        found = scanElement(text, at);
        break;
      case DOUBLED:
        found = scanOperator(text, at);
        break;
      default:
        if (what !== PLUS) found = scanCallOf(text, at);
        if (!found && mode !== 'identifier') found = what === PLUS ? scanPlus(text, at) : scanParenthesis(text, at);
    }
    if (found && found.start >= floor && found.end > at) {
      (matches ??= []).push(found);
      floor = found.end;
      next = found.end;
    }
  }
  return matches || needsWalk ? { matches, needsWalk } : CLEAN;
}
