export const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

const WORDS: Readonly<Record<string, (typeof SEVERITIES)[number]>> = {
  trace: 'trace', verbose: 'trace', debug: 'debug', info: 'info', information: 'info', notice: 'info', warn: 'warn', warning: 'warn',
  error: 'error', err: 'error', fatal: 'fatal', critical: 'fatal', crit: 'fatal', alert: 'fatal', emergency: 'fatal', panic: 'fatal',
}; // prettier-ignore

/** One of six words from OpenTelemetry's number (1-24, four a word) or, without one, from the sender's word; info when neither says. */
export function severityOf(word: string, number: number): string {
  if (number >= 1 && number <= 24) return SEVERITIES[Math.floor((number - 1) / 4)] ?? 'info';
  const known = word.toLowerCase();
  return Object.hasOwn(WORDS, known) ? (WORDS[known] ?? 'info') : 'info';
}
