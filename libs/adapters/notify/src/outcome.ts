import { type DeliveryResult } from '@telltale/contracts';
import { errorCodeOf, escapeInvisible, isPermanent, isTransient } from '@telltale/kernel';
import { type PostAnswer } from './post';

export type Outcome = Pick<DeliveryResult, 'outcome' | 'http_status' | 'error' | 'retry_after_ms'>;

const EXCERPT = 200;
const LONGEST_WAIT_MS = 3_600_000;
const AGAIN = [408, 425, 429];
const NONE = { http_status: null, retry_after_ms: null };

/** Begin of what a receiver said, without what it must not say again. */
export function excerptOf(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((kept, secret) => (secret === '' ? kept : kept.replaceAll(secret, '***')), text.slice(0, 4_000));
  return escapeInvisible(hidden.replace(/\s+/g, ' ').trim()).slice(0, EXCERPT);
} // prettier-ignore

/** Seconds, or a date of HTTP, as ms from now; null where it is neither. */
export function waitOf(retryAfter: string | undefined, now: number): number | null {
  if (retryAfter === undefined) return null;
  const ms = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) ? Math.min(LONGEST_WAIT_MS, Math.max(0, Math.round(ms))) : null;
}

/** What an answer means: taken, to be tried again, or never to be taken. */
export function outcomeOfAnswer({ status, retryAfter, text }: PostAnswer, secrets: readonly string[], now: number): Outcome {
  if (status >= 200 && status < 300) return { ...NONE, outcome: 'delivered', http_status: status, error: '' };
  const isAgain = status >= 500 || AGAIN.includes(status);
  const said = excerptOf(text, secrets);
  const what = status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed; give the address it leads to` : `HTTP ${status}`;
  return {
    outcome: isAgain ? 'retry' : 'failed',
    http_status: status,
    error: said === '' ? what : `${what}: ${said}`,
    retry_after_ms: isAgain ? waitOf(retryAfter, now) : null,
  };
} // prettier-ignore

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');
const smtpCodeOf = (error: unknown): number | null =>
  typeof error === 'object' && error !== null && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null; // prettier-ignore

/** What an error of a try means; null: it is none of the network, of the rules or of a mail server. */
export function outcomeOfError(error: unknown, secrets: readonly string[]): Outcome | null {
  if (isPermanent(error)) return { ...NONE, outcome: 'failed', error: excerptOf(error.message, secrets) };
  if (isTransient(error)) return { ...NONE, outcome: 'retry', error: excerptOf(error.message, secrets) };
  const smtp = smtpCodeOf(error);
  if (smtp !== null)
    return { ...NONE, outcome: smtp < 500 ? 'retry' : 'failed', error: excerptOf(`SMTP ${smtp}: ${messageOf(error)}`, secrets) };
  const code = errorCodeOf(error);
  const isTimeout = error instanceof Error && (error.name === 'TimeoutError' || (error.name === 'AbortError'));
  if (isTimeout) return { ...NONE, outcome: 'retry', error: 'it did not answer in time' };
  if (code === 'EAUTH') return { ...NONE, outcome: 'failed', error: 'the mail server did not take user and password' };
  return typeof code === 'string' ? { ...NONE, outcome: 'retry', error: `it cannot be reached (${code})` } : null;
} // prettier-ignore
