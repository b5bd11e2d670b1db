import { CAPITAL, DIGIT, isCapital, isDigit, isKind, isLetter, SCRIPT } from './characters';
import { bitsOf, COMMON, feed, SEED, TECH, THING } from './lexicon';
import { type Match, PLACEHOLDER } from './match';
import { findCandidatePositions, words } from './candidate-positions';
import { codeAt } from './reading';
import { runAt } from './run';
import { scanScript } from './scan-script';
import { scanLowered } from './scan-lowercase';
import { scanNames } from './scan-name';
import { addressAtNumber, addressAtWord } from './scan-street';
import { isBound } from './words';

/** Texts in lower case only are scanned as if every word could be a name, up to this length: longer ones are not typed messages. */
const MAX_LOWERED = 600;

function isLowered(text: string): boolean {
  if (text.length > MAX_LOWERED) return false;
  for (let i = 0; i < text.length; i++) if (isCapital(codeAt(i))) return false;
  return true;
}

/** A possible start: a capitalized word or a house number. */
const BEGINS = CAPITAL | DIGIT;

const PLAIN = COMMON | THING | TECH;

/** A dictionary word without a capital or number after it: most capitals are sentence starts. */
function plainEnd(at: number): number {
  let hash = SEED;
  let end = at;
  for (; end - at < 24; end++) {
    const c = codeAt(end);
    if (!isLetter(c)) break;
    hash = feed(hash, c);
  }
  const c = codeAt(end);
  const next = codeAt(end + 1);
  if (c === 32 && next < 128 && isKind(next, BEGINS)) return -1;
  if (c >= 0xc0 || c === 46 || c === 45) return -1;
  if (end - at === 1) return end;
  const bits = bitsOf(hash);
  return (bits & COMMON) !== 0 && (bits & ~PLAIN) === 0 ? end : -1;
}

/** Names, places, organizations and addresses that begin in [from, to), in order and without overlaps; one pass with bounded lookahead. */
export function scanProse(text: string, from = 0, to = text.length): Match[] {
  const count = findCandidatePositions(text, from, to).words;
  if (isLowered(text)) return scanLowered(text);
  const matches: Match[] = [];
  for (let n = 0, next = from; n < count; n++) {
    const at = words[n] as number;
    if (at < next) continue;
    if (isKind(codeAt(at), SCRIPT)) next = scanScript(text, at, matches);
    else if (!isBound(at)) next = isDigit(codeAt(at)) ? addressAtNumber(text, at, matches) : scanWord(text, at, matches);
  }
  return matches;
}

/** Matches what begins with the capitalized word at `at`; returns where to continue. */
function scanWord(text: string, at: number, matches: Match[]): number {
  const replaced = codeAt(at - 1) === 91 ? PLACEHOLDER.exec(text.slice(at - 1, at + 52)) : null;
  if (replaced) return at + replaced[0].length - 1;
  const end = plainEnd(at);
  if (end > 0) return end;
  const run = runAt(text, at);
  const address = addressAtWord(text, run, matches);
  return address > 0 ? address : scanNames(text, run, matches);
}
