/** An id of a person as it may be kept: never the id itself. */
export interface KnownId {
  readonly pseudonym: string;
  readonly length: number;
}

/** How many words of one text are compared with what is known. */
const MAX_COMPARED = 256;

export const isPartOfWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 127;

/** Whether an id stands for nothing else in a text: a short number or a plain word might. */
export const isDistinctive = (id: string): boolean => (/^\d+$/.test(id) ? id.length >= 6 : id.length >= 4 && /[\d_@]/.test(id));

/**
 * Finds ids in texts of which only pseudonyms are known: of what stands between the borders of words, has the length of a known id and could be
 * one, the pseudonym is made and compared.
 */
export function createRecall(
  known: readonly KnownId[],
  pseudonymOf: (id: string) => string,
): (text: string) => readonly string[] {
  const pseudonyms = new Set(known.map(({ pseudonym }) => pseudonym));
  const lengths = [...new Set(known.map(({ length }) => length))];
  const shortest = Math.min(...lengths);
  return (text) => {
    const found = new Set<string>();
    const compared = new Set<string>();
    for (let at = 0; at + shortest <= text.length; at++) {
      // Not NaN: before a text there is a border.
      if (at > 0 && isPartOfWord(text.charCodeAt(at - 1))) continue;
      for (const length of lengths) {
        const end = at + length;
        if (end > text.length || (end < text.length && isPartOfWord(text.charCodeAt(end)))) continue;
        const word = text.slice(at, end);
        if (!isDistinctive(word) || /[\s[\]{}]/.test(word) || compared.has(word)) continue;
        if (compared.size >= MAX_COMPARED) return [...found];
        compared.add(word);
        if (pseudonyms.has(pseudonymOf(word))) found.add(word);
      }
    }
    return [...found];
  };
}
