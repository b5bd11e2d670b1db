import { z } from 'zod';

const whole = (fallback: number, least: number, about: string) =>
  z.coerce.number().int().min(least).default(fallback).describe(about);

export const turnsConfig = z.object({
  TURNS_QUIET_MS: whole(60_000, 100, 'A turn is written when nothing of it came for so long, and again when something did since'),
  TURNS_BACKFILL_QUIET_MS: whole(
    2_000,
    100,
    'The same of turns whose events come at once: those that came long after their own time, as of an import, and whole conversations',
  ),
  TURNS_AMEND_MS: whole(600_000, 1_000, 'How long after the last of its events later ones still amend a turn'),
  TURNS_MAX_OPEN_BYTES: whole(
    256 * 1024 * 1024,
    100_000,
    'Memory that turns may take in a task. Above it the tenant with the most gives way: its turns that were written the longest ago take no more events',
  ),
  TURNS_MAX_SERIES_PER_TENANT: whole(
    2_000,
    1,
    'Series of turns a tenant may have on a task and day; the rest go to __overflow__',
  ),
  TURNS_DIMENSIONS: z
    .string()
    .default('')
    .describe(
      'Attributes that turns are grouped by, with commas, for all tenants, before those of the setting of the tenant (at most 20 in all)',
    ),
});
export type TurnsConfig = z.infer<typeof turnsConfig>;

export const sessionsConfig = z.object({
  SESSIONS_MAX_OPEN_BYTES: whole(
    128 * 1024 * 1024,
    100_000,
    'Memory that sessions may take in a task. Above it the tenant with the most gives way: its sessions that nothing touched for the longest are forgotten',
  ),
});
export type SessionsConfig = z.infer<typeof sessionsConfig>;
