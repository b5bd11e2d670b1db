/** Characters that are always safe: printable ASCII, line breaks and tabs. */
const HARMLESS = /^[\t\n\x20-\x7e]*$/;
/**
 * Characters that move the cursor, start a terminal command, reorder text or are invisible: C0 except tab and line break, DEL, C1, format
 * characters (bidi controls, zero-width, tags), line and paragraph separators, lone surrogates, and everything Unicode calls ignorable.
 * Joiners inside an emoji are kept.
 */
const INVISIBLE =
  /(?![\t\n])(?!(?<=\p{Emoji})[\ufe0e\ufe0f])(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

/**
 * Makes text safe to print in a terminal or log: invisible characters are shown as `\uXXXX`. JSON keeps its meaning, because these
 * characters do not occur between its values, and inside strings the escape means the same.
 */
export const escapeInvisible = (text: string): string => (HARMLESS.test(text) ? text : text.replace(INVISIBLE, escaped));

/** The text without these characters. */
export const removeInvisible = (text: string): string => (HARMLESS.test(text) ? text : text.replace(INVISIBLE, ''));
