import {
  normaliseConversation,
  normaliseLog,
  normaliseNative,
  normaliseSpan,
  timeProblem,
  type Arrival,
  type Normalised,
} from '@telltale/domain-normalize';
import { dlq, ok, type RangeContext, type Step } from '@telltale/engine';
import { DAY_MS, isoDay, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type Draft, type Item, type Opened } from './flow';

export const HISTORIC_AFTER_MS = 10 * MINUTE_MS;

export interface DecodedItem {
  readonly opened: Opened;
  readonly item: Item;
}

function normaliseItem(item: Item, arrival: Arrival): Normalised {
  switch (item.type) {
    case 'native':
      return normaliseNative(item.value, arrival);
    case 'openai-chat':
      return normaliseConversation(item.value, arrival);
    case 'otlp-traces':
      return normaliseSpan(item.value, item.head, arrival);
    case 'otlp-logs':
      return normaliseLog(item.value, item.head, arrival);
  }
}

/** Remembers the last answer: the records of a range share their times. */
function lastOf(format: (ms: number) => string): (ms: number) => string {
  let at = NaN;
  let text = '';
  return (ms) => (ms === at ? text : (text = format((at = ms))));
}

/** From an item to its events, by our names, with the times that follow from where and when it came in. */
export function createNormaliseStep(retentionDays: (tenant: string) => number): Step<DecodedItem, Draft[], RangeContext> {
  const receivedTime = lastOf(isoTime);
  const expiryDay = lastOf(isoDay);
  return function normalise({ opened, item }, { now }) {
    const { tenant, receivedAt } = opened;
    const result = normaliseItem(item, { tenant, receivedAt });
    if (!result.ok) return dlq(result.error.reason, result.error.error);
    const received = receivedTime(receivedAt);
    const expires = expiryDay(now + retentionDays(tenant) * DAY_MS);
    const drafts: Draft[] = [];
    for (const { event, content, at, heard, tools } of result.value) {
      const wrong = timeProblem(at, now);
      if (wrong !== null) return dlq('bad_timestamp', `ts ${wrong}`);
      event.ts = isoTime(at);
      event.received_at = received;
      event.expires_on = expires;
      event.historic = opened.historic || now - at > HISTORIC_AFTER_MS;
      const draft: Draft = { event, content, at, json: '' };
      if (heard) draft.heard = heard;
      if (tools !== undefined) draft.tools = tools;
      drafts.push(draft);
    }
    return ok(drafts);
  };
}
