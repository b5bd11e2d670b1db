import { alertmanagerMessage } from './alertmanager';
import { type Message, type RequestParts } from './message';
import { pagerDutyMessage } from './pagerduty';
import { slackMessage } from './slack';
import { webhookMessage } from './webhook';

/** What goes to a receiver over HTTP; null: it gets mail. */
export function messageFor(parts: RequestParts, now: number): Message | null {
  switch (parts.value.type) {
    case 'webhook':
      return webhookMessage(parts);
    case 'slack':
      return slackMessage(parts);
    case 'pagerduty':
      return pagerDutyMessage(parts);
    case 'alertmanager':
      return alertmanagerMessage(parts, now);
    case 'email':
      return null;
  }
}
