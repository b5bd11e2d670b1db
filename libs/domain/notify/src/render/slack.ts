import { cut, oneLine, plain } from './clean-text';
import { headlineOf, JSON_HEADERS, linkOf, type Message, type RequestParts, servicesOf } from './message';

/** Limits of Block Kit, in characters. */
const HEADER = 150;
const SECTION = 3_000;
const FIELD = 2_000;
const URL_LENGTH = 3_000;
/** A fallback for notifications; Slack cuts longer ones. */
const FALLBACK = 1_000;

const text = (given: string) => ({ type: 'plain_text', text: given, emoji: false });

/** The three characters by which Slack knows links, mentions and commands in a text. */
const escaped = (given: string): string => given.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Everything that others may have written is plain text, in which nothing is a link, a mention or formatting. */
export function slackMessage(parts: RequestParts): Message {
  const { alert, value, firingSince } = parts;
  const headline = oneLine(headlineOf(parts), HEADER);
  const link = linkOf(alert, URL_LENGTH);
  const facts = [
    `Severity: ${alert.severity}`,
    `Service: ${servicesOf(alert).join(', ') || 'not of one'}`,
    `Kind: ${alert.kind}`,
    `Firing since: ${firingSince}`,
  ];
  const blocks = [
    { type: 'header', text: text(headline) },
    ...(alert.summary.trim() === '' ? [] : [{ type: 'section', text: text(plain(alert.summary, SECTION)) }]),
    { type: 'section', fields: facts.map((fact) => text(oneLine(fact, FIELD))) },
    ...(link === null ? [] : [{ type: 'actions', elements: [{ type: 'button', text: text('Open the incident'), url: link }] }]),
  ];
  const fallback = cut(escaped(oneLine(headlineOf(parts), FALLBACK)), 3 * FALLBACK);
  return { url: value.url ?? '', headers: JSON_HEADERS, body: JSON.stringify({ text: fallback, blocks }) };
}
