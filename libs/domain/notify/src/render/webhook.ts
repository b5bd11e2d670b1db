import { JSON_HEADERS, type Message, type RequestParts } from './message';

/** Raised when a field changes its meaning or goes; fields may be added. */
const FORM = 1;

/** The generic form: the alert as the topic has it. Who sends adds the signature. */
export const webhookMessage = ({ id, reason, alert, firingSince, value: { url = '' } }: RequestParts): Message => ({
  url,
  headers: JSON_HEADERS,
  body: JSON.stringify({ form: FORM, id, type: `alert.${reason}`, firing_since: firingSince, alert }),
});
