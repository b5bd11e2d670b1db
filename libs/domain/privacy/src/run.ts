import { isDigit } from './characters';
import { isCapital, isWordLetter, type Word, wordAt } from './words';

/** Capitalised words that stand together: `Dr. Anna K. van der Berg`. */
export type Run = readonly Word[];

const MAX_WORDS = 9;
/** Small words inside names. */
const PARTICLES = new Set(
  'de da di du do dos das del della la le van von der den ter ten bin ibn al el zu zum af av und of y e i'.split(' '),
);
const MAX_PARTICLE = 5;

/** Small words at `at` that join a capitalised one to what is before, one or two; none when no capital follows them. */
function particlesAt(text: string, at: number): number[] {
  const starts: number[] = [];
  for (let from = at; starts.length < 2;) {
    let end = from;
    while (end - from <= MAX_PARTICLE && isWordLetter(text.charCodeAt(end))) end++;
    if (end - from > MAX_PARTICLE || text.charCodeAt(end) !== 32) return NONE;
    const next = text.charCodeAt(end + 1);
    if (!isWordLetter(next) || !PARTICLES.has(text.slice(from, end))) return NONE;
    starts.push(from);
    if (isCapital(next)) return starts;
    from = end + 1;
  }
  return NONE;
}
const NONE: number[] = [];

/** Where the next word of the run begins, after the word that ends at `end`, or -1. */
function nextStart(text: string, word: Word): number {
  let at = word.end;
  const c = text.charCodeAt(at);
  if (c === 45 && isWordLetter(text.charCodeAt(at + 1))) return at + 1;
  // An initial or a title may have its dot.
  if (c === 46 && word.end - word.start <= 4) at++;
  if (text.charCodeAt(at) !== 32 && text.charCodeAt(at) !== 160) return at > word.end && isCapital(text.charCodeAt(at)) ? at : -1;
  return at + 1;
}

/** The run that begins with the word at `start`. */
export function runAt(text: string, start: number): Word[] {
  const words = [wordAt(text, start)];
  for (let last = words[0]; last && words.length < MAX_WORDS;) {
    let next = nextStart(text, last);
    if (next < 0) break;
    const c = text.charCodeAt(next);
    if (!isWordLetter(c)) break;
    if (!isCapital(c)) {
      if (text.charCodeAt(next - 1) === 45) {
        words.push((last = wordAt(text, next)));
        continue;
      }
      const particles = particlesAt(text, next);
      const final = particles[particles.length - 1];
      if (final === undefined) break;
      for (const particle of particles) words.push(wordAt(text, particle));
      next = (words[words.length - 1]?.end ?? final) + 1;
    }
    last = wordAt(text, next);
    words.push(last);
  }
  return words;
}

/** Whether the words are a piece of something else that goes on behind them: a name in a program, a file, an address of the web. */
export function goesOn(text: string, end: number): boolean {
  const c = text.charCodeAt(end);
  if (isDigit(c) || c === 95 || c === 64 || c === 40 || c === 47 || c === 61) return true;
  if (c === 45 && isDigit(text.charCodeAt(end + 1))) return true;
  return (c === 46 || c === 58) && (isWordLetter(text.charCodeAt(end + 1)) || text.charCodeAt(end + 1) === 58);
}
