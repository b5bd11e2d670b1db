import { type DeliveryReason, type ReadAlert, type ReceiverValue } from '@telltale/contracts';

/** Something that a receiver is to hear. */
export interface Delivery {
  /** The same for every try, so that receivers can tell doubles. */
  readonly id: string;
  readonly reason: DeliveryReason;
  readonly alert: ReadAlert;
  /** Tries that were asked for. */
  readonly attempt: number;
}

/** What one receiver heard, and is still to hear, of one matter. Deliveries go out one after the other, so none overtakes another. */
export interface Notification {
  readonly tenant: string;
  readonly receiver: string;
  readonly dedupeKey: string;
  /** The newest alert. */
  readonly alert: ReadAlert;
  readonly firingSince: string;
  readonly isFiring: boolean;
  readonly isAcknowledged: boolean;
  /** The first is being tried. */
  readonly queue: readonly Delivery[];
  /** When the try that is under way was asked for; null: none is. */
  readonly requestedAt: number | null;
  /** When the first may be tried, ms since the epoch. */
  readonly nextTryAt: number;
  /** When it is to be said again; null: never. */
  readonly remindAt: number | null;
  readonly reminders: number;
  /** The receiver as it was when a test was asked for; null: as it is set by now. */
  readonly value: ReceiverValue | null;
}
