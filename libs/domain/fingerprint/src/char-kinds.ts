// Classes of UTF-16 code units for the line scanner.

export const DELIMITER = 0;
export const SPACE = 1;
export const LETTER = 2;
export const DIGIT = 3;
/** `_ $`: part of a name. */
export const NAME = 4;
/** `. - / \ @ ~ + %`: part of a word except at its end. */
export const JOINER = 5;

const KINDS = new Uint8Array(128);
const put = (chars: string, kind: number): void => {
  for (const char of chars) KINDS[char.charCodeAt(0)] = kind;
};
put(' \t\n\r\f\v', SPACE);
put('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', LETTER);
put('0123456789', DIGIT);
put('_$', NAME);
put('.-/\\@~+%', JOINER);

/** Every code unit beyond ASCII is a letter, except spaces. */
export function kindOf(code: number): number {
  if (code < 128) return KINDS[code] as number;
  return code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200b) || code === 0xfeff ? SPACE : LETTER;
}

/** Bits of `isHex`: 0–9, a–f, A–F. */
export const isHex = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

export const isUpper = (code: number): boolean => code >= 65 && code <= 90;
