import { type DeliveryReason } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { dedupeKeyOf } from '../routing';
import { oneLine, plain } from './clean-text';
import { headlineOf, JSON_HEADERS, linkOf, type Message, type RequestParts, servicesOf } from './message';

const ENQUEUE = 'https://events.pagerduty.com/v2/enqueue';
/** Limits of Events API v2, in characters. */
const SUMMARY = 1_024;
const DEDUP_KEY = 255;
const DETAIL = 8_000;
const URL_LENGTH = 2_000;

const ACTIONS: Readonly<Record<DeliveryReason, 'trigger' | 'acknowledge' | 'resolve'>> = {
  firing: 'trigger',
  reminder: 'trigger',
  test: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

function dedupKeyOf({ alert }: RequestParts): string {
  const key = `telltale:${alert.tenant}:${dedupeKeyOf(alert)}`;
  return key.length <= DEDUP_KEY ? key : `telltale:${hashId(64, key)}`;
}

/** An event of Events API v2. */
export function pagerDutyMessage(parts: RequestParts): Message {
  const { reason, alert, firingSince, value } = parts;
  const event = { routing_key: value.routing_key ?? '', event_action: ACTIONS[reason], dedup_key: dedupKeyOf(parts) };
  const link = linkOf(alert, URL_LENGTH);
  const services = servicesOf(alert);
  const trigger = {
    client: 'Telltale',
    ...(link !== null && { client_url: link, links: [{ href: link, text: 'Open the incident' }] }),
    payload: {
      summary: oneLine(reason === 'firing' ? alert.title : headlineOf(parts), SUMMARY) || 'An incident without a title',
      source: oneLine(services.join(', '), SUMMARY) || 'telltale',
      severity: alert.severity,
      timestamp: firingSince,
      component: oneLine(services[0] ?? '', SUMMARY) || 'telltale',
      group: oneLine(alert.tenant, SUMMARY),
      class: alert.kind,
      custom_details: { summary: plain(alert.summary, DETAIL), incident_id: alert.incident_id, services: services.slice(0, 50) },
    },
  };
  const body = JSON.stringify(event.event_action === 'trigger' ? { ...event, ...trigger } : event);
  return { url: value.url ?? ENQUEUE, headers: JSON_HEADERS, body };
}
