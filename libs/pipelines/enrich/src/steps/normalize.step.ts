import {
  normalizeConversation,
  normalizeLog,
  normalizeNative,
  normalizeSpan,
  timeProblem,
  type Arrival,
  type Normalized,
} from '@telltale/domain-normalize';
import { dlq, ok, type BatchContext, type Step } from '@telltale/streaming';
import { DAY_MS, isoDay, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type EnrichingEvent, type Item, type DecryptedRecord } from '../types';

export const BACKFILL_AFTER_MS = 10 * MINUTE_MS;

export interface DecodedItem {
  readonly opened: DecryptedRecord;
  readonly item: Item;
}

function normalizeItem(item: Item, arrival: Arrival): Normalized {
  switch (item.type) {
    case 'native':
      return normalizeNative(item.value, arrival);
    case 'openai-chat':
      return normalizeConversation(item.value, arrival);
    case 'otlp-traces':
      return normalizeSpan(item.value, item.head, arrival);
    case 'otlp-logs':
      return normalizeLog(item.value, item.head, arrival);
  }
}

/** Remembers the last answer: the records of a range share their times. */
function lastOf(format: (ms: number) => string): (ms: number) => string {
  let at = NaN;
  let text = '';
  return (ms) => (ms === at ? text : (text = format((at = ms))));
}

/** From an item to its events, by our names, with the times that follow from where and when it came in. */
export function createNormalizeStep(
  retentionDays: (tenant: string) => number,
): Step<DecodedItem, EnrichingEvent[], BatchContext> {
  const receivedTime = lastOf(isoTime);
  const expiryDay = lastOf(isoDay);
  return function normalize({ opened, item }, { now }) {
    const { tenant, receivedAt } = opened;
    const result = normalizeItem(item, { tenant, receivedAt });
    if (!result.ok) return dlq(result.error.reason, result.error.error);
    const received = receivedTime(receivedAt);
    const expires = expiryDay(now + retentionDays(tenant) * DAY_MS);
    const drafts: EnrichingEvent[] = [];
    for (const { event, content, at, heard, tools } of result.value) {
      const wrong = timeProblem(at, now);
      if (wrong !== null) return dlq('bad_timestamp', `ts ${wrong}`);
      event.ts = isoTime(at);
      event.received_at = received;
      event.expires_on = expires;
      event.backfill = opened.backfill || now - at > BACKFILL_AFTER_MS;
      const draft: EnrichingEvent = { event, content, at, json: '' };
      if (heard) draft.heard = heard;
      if (tools !== undefined) draft.tools = tools;
      drafts.push(draft);
    }
    return ok(drafts);
  };
}
