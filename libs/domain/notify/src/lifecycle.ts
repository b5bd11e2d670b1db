import { type DeliveryReason, type DeliveryResult, type ReadAlert, type ReceiverValue } from '@telltale/contracts';
import { DAY_MS, hashId, MINUTE_MS } from '@telltale/kernel';
import { pauseMs, type RetryRules } from './backoff';
import { type Delivery, type Notification } from './notification';
import { dedupeKeyOf } from './routing';

/** A matter that comes and goes faster than its receiver takes it leaves out what is in between. */
const MAX_QUEUED = 10;
/** The sender answers within seconds of its start; after this the answer is lost. */
const LOST_AFTER_MS = DAY_MS;

const deliveryOf = ({ tenant, receiver }: Pick<Notification, 'tenant' | 'receiver'>, alert: ReadAlert, reason: DeliveryReason, nth = 0): Delivery => ({
  id: hashId(24, 'delivery', tenant, receiver, alert.id, reason, nth),
  reason,
  alert,
  attempt: 0,
}); // prettier-ignore

function queued(state: Notification, delivery: Delivery, now: number): Notification {
  const [first, ...rest] = [...state.queue, delivery];
  const queue = first ? [first, ...rest.slice(-(MAX_QUEUED - 1))] : [];
  return { ...state, queue, nextTryAt: state.queue.length === 0 ? now : state.nextTryAt };
}

export interface Receiver {
  readonly name: string;
  readonly value: ReceiverValue;
}

/** An alert for a receiver. Null: there is nothing that it is to hear. */
export function onAlert(
  state: Notification | null,
  alert: ReadAlert,
  { name: receiver, value }: Receiver,
  now: number,
): Notification | null {
  const { tenant } = alert;
  if (alert.status === 'firing') {
    // An alert that comes again, given back from the dead letters, says nothing new.
    if (state?.isFiring && state.alert.id === alert.id) return state;
    const fresh = {
      tenant,
      receiver,
      dedupeKey: dedupeKeyOf(alert),
      queue: [],
      requestedAt: null,
      nextTryAt: now,
      reminders: 0,
      value: null,
    };
    const firing = {
      ...(state ?? fresh),
      alert,
      firingSince: state?.isFiring ? state.firingSince : alert.at,
      isFiring: true,
      isAcknowledged: (state?.isFiring && state.isAcknowledged) ?? false,
      remindAt: null,
    };
    return queued(firing, deliveryOf(firing, alert, 'firing'), now);
  }
  // Who did not hear that it fires does not hear that it is over.
  if (!state?.isFiring) return state;
  const over = { ...state, alert, isFiring: false, remindAt: null };
  if (!value.send_resolved) return over.queue.length === 0 ? null : over;
  return queued(over, deliveryOf(over, alert, 'resolved'), now);
}

/** Types of receivers that have a word for it. */
const HEARS_ACKNOWLEDGED: readonly ReceiverValue['type'][] = ['pagerduty', 'webhook'];

/** Somebody looks after it: it is not said again. */
export function onAcknowledged(state: Notification, { type }: ReceiverValue, now: number): Notification {
  if (!state.isFiring || state.isAcknowledged) return state;
  const taken = { ...state, isAcknowledged: true, remindAt: null };
  return HEARS_ACKNOWLEDGED.includes(type) ? queued(taken, deliveryOf(taken, taken.alert, 'acknowledged'), now) : taken;
}

/** A test alert, which is tried once. */
export function onTest(alert: ReadAlert, { name: receiver, value }: Receiver, now: number): Notification {
  const { tenant, id } = alert;
  const test = {
    tenant,
    receiver,
    dedupeKey: dedupeKeyOf(alert),
    alert,
    firingSince: alert.at,
    isFiring: false,
    isAcknowledged: false,
  };
  return {
    ...test,
    queue: [{ id, reason: 'test', alert, attempt: 0 }],
    requestedAt: null,
    nextTryAt: now,
    remindAt: null,
    reminders: 0,
    value,
  };
}

export interface ResultStep {
  /** Null: it is over, and all of it was said. */
  readonly state: Notification | null;
  /** Null: the result is of no try that is under way. */
  readonly status: 'delivered' | 'retrying' | 'failed' | null;
  readonly nextTryAt: number | null;
}

const triesOf = ({ reason }: Delivery, { maxTries }: RetryRules): number => (reason === 'test' ? 1 : maxTries);

/** What a try came to: it is done, tried again after a pause, or given up after the last. */
export function onResult(
  state: Notification,
  { id, attempt, outcome, retry_after_ms: asked }: Pick<DeliveryResult, 'id' | 'attempt' | 'outcome' | 'retry_after_ms'>,
  renotifyMinutes: number | undefined,
  rules: RetryRules,
  now: number,
): ResultStep {
  const [first, ...rest] = state.queue;
  if (first?.id !== id || first.attempt !== attempt || state.requestedAt === null)
    return { state, status: null, nextTryAt: null };
  if (outcome === 'retry' && attempt < triesOf(first, rules)) {
    const nextTryAt = now + pauseMs(rules, id, attempt, asked);
    return { state: { ...state, requestedAt: null, nextTryAt }, status: 'retrying', nextTryAt };
  }
  const status = outcome === 'delivered' ? 'delivered' : 'failed';
  if (rest.length === 0 && !state.isFiring) return { state: null, status, nextTryAt: null };
  const again = state.isFiring && !state.isAcknowledged && renotifyMinutes !== undefined;
  const remindAt = again ? now + renotifyMinutes * MINUTE_MS : null;
  return { state: { ...state, queue: rest, requestedAt: null, nextTryAt: now, remindAt }, status, nextTryAt: null };
}

/** The result of the try that is under way, where it was lost; null: it may still come. */
export function onLostRequest(state: Notification, now: number): Pick<DeliveryResult, 'id' | 'attempt' | 'outcome' | 'retry_after_ms'> | null {
  const [first] = state.queue;
  if (!first || state.requestedAt === null || state.requestedAt + LOST_AFTER_MS > now) return null;
  return { id: first.id, attempt: first.attempt, outcome: 'retry', retry_after_ms: null };
} // prettier-ignore

/** Puts the next reminder off to `until`, where it would come before. */
export const holdReminder = (state: Notification, until: number): Notification =>
  state.remindAt === null || state.remindAt >= until ? state : { ...state, remindAt: until };

/** Says it again, unless a silence holds it back until `silencedUntil`. */
export function remind(state: Notification, silencedUntil: number, now: number): Notification {
  if (state.remindAt === null || state.remindAt > now || state.queue.length > 0) return state;
  if (silencedUntil > now) return { ...state, remindAt: silencedUntil };
  const reminders = state.reminders + 1;
  const next = { ...state, remindAt: null, reminders };
  return queued(next, deliveryOf(next, next.alert, 'reminder', reminders), now);
}

/** When something is to be done without anything happening, ms since the epoch; Infinity: never. */
export function nextAt({ queue, requestedAt, nextTryAt, remindAt }: Notification): number {
  if (requestedAt !== null) return requestedAt + LOST_AFTER_MS;
  return queue.length > 0 ? nextTryAt : (remindAt ?? Infinity);
}
