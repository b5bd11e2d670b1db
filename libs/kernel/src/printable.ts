/** Characters that need no look: printable ASCII, line breaks and tabs. */
const HARMLESS = /^[\t\n\x20-\x7e]*$/;
/**
 * Characters that move the cursor, start a terminal command, reorder text or cannot be seen: C0 but tab and line break, DEL, C1, format characters
 * (bidi controls, zero-width, tags), line and paragraph separators, lone surrogates, everything Unicode calls ignorable. What holds an emoji together
 * stays, where an emoji is.
 */
const INVISIBLE =
  /(?![\t\n])(?!(?<=\p{Emoji})[\ufe0e\ufe0f])(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

/**
 * Text for a terminal or a log that shows what it holds and does nothing: invisible characters appear as `\uXXXX`. JSON text stays the same JSON,
 * because between its values such characters do not occur and within its strings the escape means the same.
 */
export const escapeInvisible = (text: string): string => (HARMLESS.test(text) ? text : text.replace(INVISIBLE, escaped));
