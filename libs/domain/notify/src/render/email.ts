import { dedupeKeyOf } from '../routing';
import { hashId } from '@telltale/kernel';
import { oneLine, plain } from './clean-text';
import { headlineOf, linkOf, type RequestParts, servicesOf } from './message';

/** Readers show less; a line of a header must not pass 998 characters. */
const SUBJECT = 200;
const TEXT = 20_000;
const URL_LENGTH = 2_000;

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for every try, by which mail servers and readers tell doubles. */
  readonly messageId: string;
  /** Of the whole matter, so that readers show its mails as one conversation. */
  readonly references: string;
  readonly headers: Readonly<Record<string, string>>;
}

const mailId = (from: string, ...parts: readonly string[]): string =>
  `<${hashId(32, ...parts)}@${from.split('@')[1] ?? 'telltale'}>`;

export function mailFor(parts: RequestParts): Mail {
  const { id, alert, firingSince, value } = parts;
  const { from = '', to = [] } = value;
  const link = linkOf(alert, URL_LENGTH);
  const lines = [
    oneLine(headlineOf(parts), TEXT),
    '',
    plain(alert.summary, TEXT),
    '',
    `Severity: ${alert.severity}`,
    `Service: ${oneLine(servicesOf(alert).join(', '), SUBJECT) || 'not of one'}`,
    `Kind: ${alert.kind}`,
    `Firing since: ${firingSince}`,
    `Incident: ${oneLine(alert.incident_id, SUBJECT)}`,
    ...(link === null ? [] : ['', link]),
  ];
  return {
    from,
    to,
    subject: oneLine(`[${alert.severity}] ${headlineOf(parts)}`, SUBJECT),
    text: lines.join('\n'),
    messageId: mailId(from, 'mail', id),
    references: mailId(from, 'matter', alert.tenant, dedupeKeyOf(alert)),
    // Answers of machines to machines would go around in circles.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Telltale-Delivery': oneLine(id, SUBJECT) },
  };
}
