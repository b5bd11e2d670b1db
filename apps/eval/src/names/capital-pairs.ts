/** What the simplest rule would mask: two words with capitals, e-mail addresses, and long numbers. */
const RULES = [
  /(?<![\p{L}\d])\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)+/gu,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /(?<![\w.])\+?\d(?:[\d ().-]{5,}\d)/g,
];

export const findByCapitals = (text: string): { start: number; end: number }[] =>
  RULES.flatMap((rule) => [...text.matchAll(rule)].map(({ index, 0: found }) => ({ start: index, end: index + found.length })));
