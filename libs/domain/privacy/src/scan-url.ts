import { isAlnum, isLetter } from './characters';
import { match, type Match, SECRET, URL } from './match';
import { codeAt } from './reading';

const MAX_URL = 2_048;
const isUrlEnd = (c: number): boolean =>
  c <= 32 || c === 34 || c === 60 || c === 62 || c === 92 || c === 96 || c === 124 || c === 0x2026;
const isTrailing = (c: number): boolean => c === 46 || c === 44 || c === 59 || c === 33 || c === 63 || c === 41 || c === 39 || c === 93 || c === 125 || c === 42 || c === 58; // prettier-ignore

function urlEnd(text: string, from: number): number {
  let end = from;
  const limit = Math.min(text.length, from + MAX_URL);
  // A bracket begins a placeholder, or ends a link in Markdown.
  while (end < limit && !isUrlEnd(codeAt(end)) && codeAt(end) !== 91 && codeAt(end) !== 93) end++;
  while (end > from && isTrailing(codeAt(end - 1))) end--;
  return end;
}

/** Whether a host with a dot begins at `at`; `localhost` and internal service names are not personal. */
function hasHost(at: number, end: number): boolean {
  let dots = 0;
  let i = at;
  for (; i < end; i++) {
    const c = codeAt(i);
    if (c === 46) dots++;
    else if (!isAlnum(c) && c !== 45 && c !== 95 && c < 0xc0) break;
  }
  return dots > 0 && i - at >= 4 && isAlnum(codeAt(at));
}

/** `http://…`, `https://…`, `ftp://…` in prose, whole; called at the colon. */
export function scanUrl(text: string, colon: number): Match | null {
  if (codeAt(colon + 1) !== 47 || codeAt(colon + 2) !== 47) return null;
  let start = colon;
  while (start > 0 && colon - start < 6 && isLetter(codeAt(start - 1))) start--;
  if (!/^(?:https?|ftps?|wss?)$/i.test(text.slice(start, colon))) return null;
  const end = urlEnd(text, colon + 3);
  return hasHost(colon + 3, end) ? match(start, end, URL) : null;
}

/** `www.…`, called at its first dot. */
export function scanWww(text: string, dot: number): Match | null {
  const start = dot - 3;
  if (start < 0 || (start > 0 && (isAlnum(codeAt(start - 1)) || codeAt(start - 1) === 47))) return null;
  if (text.slice(start, dot).toLowerCase() !== 'www') return null;
  const end = urlEnd(text, dot + 1);
  return hasHost(dot + 1, end) ? match(start, end, URL) : null;
}

export const HOOKS = ['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/', 'discord.com/api/webhooks/', 'discordapp.com/api/webhooks/', 'hooks.zapier.com/hooks/catch/', 'outlook.office.com/webhook/', 'api.telegram.org/bot']; // prettier-ignore

const TEAMS = /^[\w-]{1,63}\.webhook\.office\.com\/webhookb2\/(?=\w)/;

/** The path of a webhook URL, which permits anyone to post; called at the colon of `https://`. */
export function scanWebhookUrl(text: string, colon: number): Match | null {
  if (codeAt(colon + 1) !== 47 || codeAt(colon + 2) !== 47) return null;
  for (const hook of HOOKS) {
    if (!text.startsWith(hook, colon + 3)) continue;
    const from = colon + 3 + hook.length;
    const end = urlEnd(text, from);
    return end > from + 7 ? match(from, end, SECRET) : null;
  }
  // Hooks of Teams have the tenant in the host.
  const teams = TEAMS.exec(text.slice(colon + 3, colon + 3 + 96));
  if (!teams) return null;
  const from = colon + 3 + teams[0].length;
  return match(from, urlEnd(text, from), SECRET);
}
