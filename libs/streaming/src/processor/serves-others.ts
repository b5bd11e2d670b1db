import { TOPICS } from '@telltale/contracts';
import { type LogRecord } from '../ports/broker';

const FIELD = Buffer.from('"tenant":"');
/** Bodies of producers: the header alone says whose they are, and without it they are not ours. */
const BODIES: ReadonlySet<string> = new Set([TOPICS.raw.name, TOPICS.otlpSpans.name, TOPICS.otlpLogs.name]);

/** Whether any field `tenant` in this JSON has another value. In a text that is part of it the quotes are escaped, so none is found there. */
function namesOther(value: Buffer, own: Buffer): boolean {
  for (let at = value.indexOf(FIELD); at >= 0; at = value.indexOf(FIELD, at)) {
    at += FIELD.length;
    if (value.compare(own, 0, own.length, at, Math.min(at + own.length, value.length)) !== 0) return true;
  }
  return false;
}

/**
 * Whether any of these records is of another tenant than this one. Records are those of our topics, as our services write them; it ends
 * with the first one of another tenant.
 */
export function servesOthers(records: readonly LogRecord[], tenant: string): boolean {
  const own = Buffer.from(`${tenant}"`);
  return records.some(({ topic, headers, value }) =>
    BODIES.has(topic) ? headers['tt-tenant'] !== tenant : value !== null && namesOther(value, own),
  );
}
