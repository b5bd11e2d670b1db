import { type ReadAlert, type DeliveryReason, type ReceiverValue } from '@telltale/contracts';

/** What is to be said to whom, its secrets open. */
export interface RequestParts {
  readonly id: string;
  readonly reason: DeliveryReason;
  readonly alert: ReadAlert;
  readonly firingSince: string;
  readonly value: ReceiverValue;
}

/** A request of HTTP, with POST. */
export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** What stands before a title, so that nobody takes one for the other. */
const PREFIX: Readonly<Record<DeliveryReason, string>> = {
  firing: 'Firing',
  resolved: 'Resolved',
  acknowledged: 'Acknowledged',
  reminder: 'Still firing',
  test: 'Test',
};
const OVER = /^Over: /;

export const headlineOf = ({ reason, alert }: Pick<RequestParts, 'reason' | 'alert'>): string =>
  `${PREFIX[reason]}: ${reason === 'resolved' ? alert.title.replace(OVER, '') : alert.title}`;

/** Link to the incident, where it is one that people may be sent to; others would be refused with the whole message. */
export function linkOf({ link }: ReadAlert, longest: number): string | null {
  if (link.length > longest || !URL.canParse(link)) return null;
  return /^https?:$/.test(new URL(link).protocol) ? link : null;
}

export const servicesOf = ({ service_name: name, services }: ReadAlert): string[] =>
  [...new Set([name, ...services])].filter((service) => service !== '');
