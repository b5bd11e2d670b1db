const MAX_CHARS = 2_000;

/** Stands for the part of a line that varies. */
const ANY = '<*>';

/**
 * What varies between two lines of the same statement: quoted text, URLs, UUIDs, addresses, paths, hexadecimal and numbers with their
 * units. The alternatives begin with different characters or have bounded reach, so the match is linear.
 */
const VARIABLE =
  /(?<!\w)"[^"\n]{0,300}"|(?<!\w)'[^'\n]{0,300}'(?!\w)|\bhttps?:\/\/[^\s"'<>]+|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|(?<![\w/])(?:\/[\w.@~+%-]+){2,}\/?|\b0x[0-9a-f]+\b|\b(?=[0-9a-f]{0,15}\d)(?=[0-9a-f]{0,15}[a-f])[0-9a-f]{8,}\b|[-+]?\d+(?:[.,:]\d+)*(?:(?:ns|us|µs|ms|s|m|h|d|%|[kmgt]i?b?)\b|%)?/gi;

const HAS_VARIABLE = /[\d"'/]|[0-9a-f]{8}/i;

/** A log line without its variable parts; the same for every line one statement writes. */
export function logTemplate(line: string): string {
  const text = line.length > MAX_CHARS ? line.slice(0, MAX_CHARS) : line;
  return HAS_VARIABLE.test(text) ? text.replace(VARIABLE, ANY) : text;
}
