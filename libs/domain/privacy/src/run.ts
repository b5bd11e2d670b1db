import { isCapital, isDigit, isWordLetter } from './characters';
import { codeAt } from './reading';
import { type Word, wordAt } from './words';

/** Adjacent capitalized words: `Dr. Anna K. van der Berg`. */
export type Run = readonly Word[];

const MAX_WORDS = 9;
/** Particles inside names. */
const PARTICLES = new Set(
  'de da di du do dos das del della la le van von der den ter ten bin ibn al el zu zum af av und of y e i'.split(' '),
);
const MAX_PARTICLE = 5;

/** One or two particles at `at` that join a capitalized word to the one before; none when no capital follows. */
function particlesAt(text: string, at: number): readonly number[] {
  const first = particleEnd(at);
  if (first < 0) return NONE;
  if (isCapital(codeAt(first + 1))) return PARTICLES.has(text.slice(at, first)) ? [at] : NONE;
  const second = particleEnd(first + 1);
  const isTwo = second > 0 && isCapital(codeAt(second + 1)) && PARTICLES.has(text.slice(at, first));
  return isTwo && PARTICLES.has(text.slice(first + 1, second)) ? [at, first + 1] : NONE;
}

/** End of a short word that is followed by a space, or -1. */
function particleEnd(at: number): number {
  let end = at;
  while (end - at <= MAX_PARTICLE && isWordLetter(codeAt(end))) end++;
  return end > at && end - at <= MAX_PARTICLE && codeAt(end) === 32 ? end : -1;
}
const NONE: readonly number[] = [];

/** Start of the next word of the run after the word that ends at `end`, or -1. */
function nextStart(word: Word): number {
  let at = word.end;
  const c = codeAt(at);
  if (c === 45 && isWordLetter(codeAt(at + 1))) return at + 1;
  // `Kestrel & Vane`.
  if (c === 32 && codeAt(at + 1) === 38 && codeAt(at + 2) === 32) return isCapital(codeAt(at + 3)) ? at + 3 : -1;
  // An initial or a title may be followed by a dot.
  if (c === 46 && word.end - word.start <= 4) at++;
  if (codeAt(at) !== 32 && codeAt(at) !== 160) return at > word.end && isCapital(codeAt(at)) ? at : -1;
  return at + 1;
}

/** The run that begins with the word at `start`. */
export function runAt(text: string, start: number): Word[] {
  const words = [wordAt(start)];
  for (let last = words[0]; last && words.length < MAX_WORDS;) {
    let next = nextStart(last);
    if (next < 0) break;
    const c = codeAt(next);
    if (!isWordLetter(c)) break;
    if (!isCapital(c)) {
      if (codeAt(next - 1) === 45) {
        words.push((last = wordAt(next)));
        continue;
      }
      const particles = particlesAt(text, next);
      const final = particles[particles.length - 1];
      if (final === undefined) break;
      for (const particle of particles) words.push(wordAt(particle));
      next = (words[words.length - 1]?.end ?? final) + 1;
    }
    last = wordAt(next);
    words.push(last);
  }
  return words;
}

/** Whether the words continue as part of something else: an identifier, a file, a URL. */
export function goesOn(end: number): boolean {
  const c = codeAt(end);
  if (isDigit(c) || c === 95 || c === 64 || c === 40 || c === 47 || c === 61) return true;
  if (c === 45 && isDigit(codeAt(end + 1))) return true;
  return (c === 46 || c === 58) && (isWordLetter(codeAt(end + 1)) || codeAt(end + 1) === 58);
}
