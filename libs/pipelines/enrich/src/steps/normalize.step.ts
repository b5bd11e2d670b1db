import {
  normalizeConversation,
  normalizeLog,
  normalizeNative,
  normalizeSpan,
  timeProblem,
  type Arrival,
  type Normalized as NormalizedItem,
} from '@telltale/domain-normalize';
import { DAY_MS, isoDay, isoTime, MINUTE_MS } from '@telltale/kernel';
import { dlq, ok, type StepResult } from '@telltale/streaming';
import { type Decoded, type EnrichContext, type Item, type Normalized, type UnreadableItem } from '../types';

export const BACKFILL_AFTER_MS = 10 * MINUTE_MS;

function normalizeItem(item: Exclude<Item, UnreadableItem>, arrival: Arrival): NormalizedItem {
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

/** Remembers the last answer: the records of a batch share their times. */
function lastOf(format: (ms: number) => string): (ms: number) => string {
  let at = NaN;
  let text = '';
  return (ms) => (ms === at ? text : (text = format((at = ms))));
}

/** From an item to its events, by our names, with the times that follow from where and when it came in. */
export function createNormalizeStep(retentionDays: (tenant: string) => number) {
  const receivedTime = lastOf(isoTime);
  const expiryDay = lastOf(isoDay);
  return function normalize({ opened, item }: Decoded, { now }: Pick<EnrichContext, 'now'>): StepResult<readonly Normalized[]> {
    if (item.type === 'unreadable') return dlq(item.reason, item.error);
    const { tenant, receivedAt } = opened;
    const result = normalizeItem(item, { tenant, receivedAt });
    if (!result.ok) return dlq(result.error.reason, result.error.error);
    const received = receivedTime(receivedAt);
    const expires = expiryDay(now + retentionDays(tenant) * DAY_MS);
    for (const { event, at } of result.value) {
      const wrong = timeProblem(at, now);
      if (wrong !== null) return dlq('bad_timestamp', `ts ${wrong}`);
      event.ts = isoTime(at);
      event.received_at = received;
      event.expires_on = expires;
      event.backfill = opened.backfill || now - at > BACKFILL_AFTER_MS;
    }
    return ok(result.value.map((draft) => ({ opened, item, draft })));
  };
}
