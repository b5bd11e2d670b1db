import { z } from 'zod';

const whole = (fallback: number, least: number, most: number, about: string) =>
  z.coerce.number().int().min(least).max(most).default(fallback).describe(about);

export const notifierConfig = z.object({
  NOTIFIER_MAX_TRIES: whole(5, 1, 20, 'Tries to deliver an alert to a receiver; after the last it has failed'),
  NOTIFIER_BACKOFF_MS: whole(10_000, 1, 3_600_000, 'Pause after the first try that failed; each later one is four times as long, an hour at most'),
  NOTIFIER_MAX_UNDER_WAY_PER_RECEIVER: whole(2, 1, 1_000, 'Deliveries to one receiver at once; others of it wait'),
  NOTIFIER_MAX_UNDER_WAY_PER_TENANT: whole(8, 1, 1_000, 'Deliveries of one tenant at once; others of it wait'),
  NOTIFIER_MAX_MATTERS_PER_TENANT: whole(5_000, 1, 1_000_000, 'Receivers times matters that fire, of one tenant in a task; above it those that changed the longest ago are forgotten, and their end is not sent'),
}); // prettier-ignore
export type NotifierConfig = z.infer<typeof notifierConfig>;
