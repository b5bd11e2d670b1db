import { codeAt } from './reading';

// Patterns over the context of a match are expensive, and usually the context has no such words. A prefilter of three-letter triples rules
// most contexts out.

const BITS = 5;
const MASK = (1 << BITS) - 1;
/** Size of the triple table. */
export const TRIPLES = 1 << (3 * BITS);
/** Case-insensitive. Collisions cost an unnecessary check, but never miss a word. */
export const tripleOf = (a: number, b: number, c: number): number =>
  ((a & MASK) << (2 * BITS)) | ((b & MASK) << BITS) | (c & MASK);

/** Index of the three characters before `end` in the scanned text. */
export const tripleBefore = (end: number): number => tripleOf(codeAt(end - 3), codeAt(end - 2), codeAt(end - 1));

/** Cue flags by triple. */
export function createTriples(marks: Readonly<Record<number, string>>): Uint8Array {
  const table = new Uint8Array(TRIPLES);
  for (const [what, triples] of Object.entries(marks))
    for (const triple of triples.split('|')) {
      const key = tripleOf(triple.charCodeAt(0), triple.charCodeAt(1), triple.charCodeAt(2));
      table[key] = (table[key] ?? 0) | Number(what);
    }
  return table;
}

export const ACCOUNT_CUE = 1;
export const CODE_CUE = 2;
export const ZIP_CUE = 4;
export const BIRTH_CUE = 8;
export const PHONE_CUE = 16;
const CUES = createTriples({
  [ACCOUNT_CUE]: 'cco|cct|ard|iba|rou|ode|lic|ssp|mbe|rec|mrn|pat|nsu|nef|swi|tax|ein|e.i|i.n|vot|iqa|rmi|kon',
  [CODE_CUE]: 'pin|otp|cvv|cvc|ode|ssw',
  [ZIP_CUE]: 'zip|ode|plz|cód|cep|tnu',
  [BIRTH_CUE]: 'bor|bir|dob|.ob|o.b|nac|né |née',
  [PHONE_CUE]: 'pho|mob|cel|tel|tél|han|móv|sđt|cal|fax|sms|wha|dia|des|off|rea|con|rin|tex|ans|mes|reg',
});

/** From here on letters are of other scripts, whose words are too many for triples: they are left to the patterns. */
const BEYOND_LATIN = 0x370;

/** Covers the reach of all their patterns, plus a few letters that accompany a number. */
const REACH = 62;

/** The cues that may be in the words before the number at `at`. */
export function cuesBefore(at: number): number {
  const first = Math.max(0, at - REACH);
  let key = tripleOf(codeAt(at - 2), codeAt(at - 1), 0);
  let found = 0;
  let all = codeAt(at - 1) | codeAt(at - 2);
  for (let i = at - 3; i >= first; i--) {
    const c = codeAt(i);
    key = ((c & MASK) << (2 * BITS)) | (key >> BITS);
    found |= CUES[key] as number;
    all |= c;
  }
  return all < BEYOND_LATIN ? found : found | ZIP_CUE | PHONE_CUE;
}
