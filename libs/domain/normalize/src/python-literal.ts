/** Longer ones are no counts. */
const MAX_LENGTH = 4_000;
/** Names, numbers and nesting: nothing in which a quote could mean anything else. */
const PLAIN = /^[[{][\w\s'.,:+\-[\]{}]*[\]}]$/;
const WORDS: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false', "'": '"' };

/**
 * The value of a text that Python's `str` made of a dictionary of counts, as some exporters write them; undefined for any other text,
 * also for one whose strings hold more than names.
 */
export function readPythonLiteral(text: string): unknown {
  if (text.length > MAX_LENGTH || !text.includes("'") || !PLAIN.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/\b(?:None|True|False)\b|'/g, (word) => WORDS[word] ?? word)) as unknown;
  } catch {
    return undefined;
  }
}
