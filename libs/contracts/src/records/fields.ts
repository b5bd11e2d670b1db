import { z } from 'zod';

/** ISO 8601 in UTC. */
export const isoTime = z.iso.datetime();
/** As people write a time. */
export const moment = z.union([isoTime, z.iso.date()], {
  error: 'is no time: give ISO 8601 in UTC, such as 2026-11-23T03:00:00Z, or a day, 2026-11-23, for its begin',
});
export const text = z.string();
/** What a series is of, by name. */
export const dimensions = z.record(z.string(), z.string());
