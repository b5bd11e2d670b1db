import { DAY_MS, isoTime } from '@telltale/kernel';
import { dedupeKeyOf } from '../routing';
import { oneLine, plain } from './clean-text';
import { JSON_HEADERS, linkOf, type Message, type RequestParts, servicesOf } from './message';

const PATH = '/api/v2/alerts';
const TEXT = 8_000;
const LABEL = 500;
const URL_LENGTH = 2_000;
/** Alertmanager ends by itself, after its resolve_timeout, what has no end; each reminder moves the end on. */
const FIRES_FOR_MS = 7 * DAY_MS;
const TEST_FIRES_FOR_MS = 60_000;

/** The address of its API: people give that of the server, which may be behind a path. */
function addressOf(base: string): string {
  const url = new URL(base);
  if (!url.pathname.endsWith(PATH)) url.pathname = url.pathname.replace(/\/+$/, '') + PATH;
  return url.href;
}

/** The end of what is over lies not before its start, which Alertmanager refuses. */
function endOf({ reason, alert, firingSince }: RequestParts): string {
  if (reason === 'resolved') return alert.at > firingSince ? alert.at : isoTime(Date.parse(firingSince) + 1);
  return isoTime(Date.parse(alert.at) + (reason === 'test' ? TEST_FIRES_FOR_MS : FIRES_FOR_MS));
}

/** A postable alert of API v2. Labels are the same in all of one matter, for by them it tells doubles; what may change is an annotation. */
export function alertmanagerMessage(parts: RequestParts, now: number): Message {
  const { reason, alert, firingSince, value } = parts;
  const link = linkOf(alert, URL_LENGTH);
  const isOngoing = reason === 'firing' || reason === 'reminder';
  const postable = {
    labels: {
      alertname: reason === 'test' ? 'TelltaleTest' : 'TelltaleIncident',
      tenant: alert.tenant,
      dedupe_key: oneLine(dedupeKeyOf(alert), LABEL),
      kind: alert.kind,
    },
    annotations: {
      title: oneLine(alert.title, TEXT),
      summary: plain(alert.summary, TEXT),
      severity: alert.severity,
      services: oneLine(servicesOf(alert).join(', '), TEXT),
      incident_id: alert.incident_id,
    },
    startsAt: firingSince,
    endsAt: isOngoing ? isoTime(now + FIRES_FOR_MS) : endOf(parts),
    ...(link !== null && { generatorURL: link }),
  };
  const { username, password, bearer_token: bearer } = value;
  const authorization =
    bearer !== undefined
      ? `Bearer ${bearer}`
      : username === undefined
        ? null
        : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
  return {
    url: addressOf(value.url ?? ''),
    headers: { ...JSON_HEADERS, ...(authorization !== null && { authorization }) },
    body: JSON.stringify([postable]),
  };
}
