import {
  alertRecord, deliveryResult, type DeliveryRequest, type DeliveryResult, type ReadAlert, receiverTest, type ReceiverTest, type ReceiverValue, TOPICS,
} from '@telltale/contracts'; // prettier-ignore
import { silencedUntil } from '@telltale/domain-incident';
import { dedupeKeyOf, holdReminder, isFor, type Notification, onAcknowledged, onAlert, onLostRequest, onResult, onTest, remind, type RetryRules } from '@telltale/domain-notify'; // prettier-ignore
import { isoTime } from '@telltale/kernel';
import { createEffects, createTaskSettings, type Effects, type LogRecord, madeOfSettings, readOrReject, type TaskProcessor } from '@telltale/streaming'; // prettier-ignore
import { deliveryRow, lostResult } from './delivery-row';
import { testAlert, type TriagedIncident, triagedIncident } from './inputs';
import { createNotifications, type UnderWayLimits } from './state/notifications';

export type NotifierRules = RetryRules & UnderWayLimits;

const STEP = 'read_input';

/** One task of the notifier: alerts and what became of tries in; tries that are due out. It sends nothing itself. */
export function createNotifierTask(rules: NotifierRules, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const settings = createTaskSettings(['receiver', 'silence'], restored);
  const notifications = createNotifications(restored, rules);
  const receiversOf = madeOfSettings(settings, (tenant) => settings.of('receiver', tenant));
  const silencesOf = madeOfSettings(settings, (tenant) => settings.of('silence', tenant).map(({ value }) => value));
  const receiverOf = (tenant: string, name: string): ReceiverValue | undefined =>
    receiversOf(tenant).find((one) => one.name === name)?.value;

  /** Takes what became of a notification; null: nothing is left of it. */
  function keep(before: Notification | null, after: Notification | null): void {
    if (before === after) return;
    if (after) notifications.put(after);
    else if (before) notifications.remove(before);
  }

  function onAlertRecord(alert: ReadAlert, now: number, effects: Effects): void {
    for (const receiver of receiversOf(alert.tenant)) {
      if (alert.status === 'firing' && !isFor(receiver.value, alert)) continue;
      const before = notifications.get(alert.tenant, receiver.name, dedupeKeyOf(alert));
      const after = onAlert(before, alert, receiver, now);
      if (after !== before) effects.count(`alerts_${alert.status}`);
      keep(before, after);
    }
  }

  function onIncident({ tenant, id, acknowledged_by: by, silenced_until: until }: TriagedIncident, now: number): void {
    if (by === '' && until === null) return;
    for (const before of notifications.ofIncident(tenant, id)) {
      const value = receiverOf(tenant, before.receiver);
      if (!value) continue;
      const held = until === null ? before : holdReminder(before, Date.parse(until));
      keep(before, by === '' ? held : onAcknowledged(held, value, now));
    }
  }

  function onTestRecord(test: ReceiverTest, now: number): void {
    notifications.put(onTest(testAlert(test), { name: test.receiver, value: test.value }, now));
  }

  /** What became of a try: a row of it, and another try where it may still work. */
  function settle(before: Notification, result: DeliveryResult, now: number, effects: Effects): void {
    const renotify = receiverOf(before.tenant, before.receiver)?.renotify_minutes;
    const { state, status, nextTryAt } = onResult(before, result, renotify, rules, now);
    if (status === null) return effects.count('results_ignored');
    keep(before, state);
    effects.row('deliveries', JSON.stringify(deliveryRow(result, status, nextTryAt)));
    effects.count(`deliveries_${status}`);
  }

  function onResultRecord(result: DeliveryResult, now: number, effects: Effects): void {
    const before = notifications.get(result.tenant, result.receiver, result.dedupe_key);
    if (before) settle(before, result, now, effects);
    else effects.count('results_ignored');
  }

  function read(record: LogRecord, now: number, effects: Effects): void {
    switch (record.topic) {
      case TOPICS.alerts.name: {
        const alert = readOrReject(record, alertRecord, STEP, effects);
        return alert ? onAlertRecord(alert, now, effects) : undefined;
      }
      case TOPICS.incidents.name: {
        const incident = readOrReject(record, triagedIncident, STEP, effects);
        return incident ? onIncident(incident, now) : undefined;
      }
      case TOPICS.receiverTests.name: {
        const test = readOrReject(record, receiverTest, STEP, effects);
        return test ? onTestRecord(test, now) : undefined;
      }
      default: {
        const result = readOrReject(record, deliveryResult, STEP, effects);
        return result ? onResultRecord(result, now, effects) : undefined;
      }
    }
  }

  /** What is to be done because time has come: reminders, and tries of which nobody will hear. */
  function onTime(now: number, effects: Effects): void {
    for (let one = notifications.nextDue(); one; one = notifications.nextDue()) {
      const lost = onLostRequest(one, now);
      if (lost) settle(one, lostResult(one, lost, now, receiverOf(one.tenant, one.receiver)), now, effects);
      else if (one.remindAt !== null) {
        const until = silencedUntil(one.alert, silencesOf(one.tenant), now);
        keep(one, receiverOf(one.tenant, one.receiver) ? remind(one, until, now) : null);
      }
    }
  }

  /** Asks for the tries that may start now, each with its receiver as it is set by now. */
  function start(now: number, effects: Effects): void {
    for (const notification of notifications.takeStartable()) {
      const { tenant, receiver, firingSince } = notification;
      const value = notification.value ?? receiverOf(tenant, receiver);
      const [first] = notification.queue;
      if (!value || !first) {
        notifications.remove(notification);
        effects.count('deliveries_without_receiver');
        continue;
      }
      const { id, reason, alert, attempt } = first;
      const request: DeliveryRequest = { tenant, id, attempt, reason, receiver, value, alert, firing_since: firingSince, requested_at: isoTime(now) };
      effects.output(TOPICS.deliveryRequests, tenant, JSON.stringify(request));
      effects.count('deliveries_requested');
    }
  } // prettier-ignore

  return {
    process(records, { now }) {
      const effects = createEffects();
      notifications.startBatch(now);
      const rest = settings.take(records, effects);
      for (const record of rest) read(record, now, effects);
      onTime(now, effects);
      start(now, effects);
      notifications.flush(effects);
      settings.flush(effects);
      return effects.done();
    },
    due: notifications.due,
  };
}
