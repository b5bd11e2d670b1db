import { z } from 'zod';

/** ISO 8601 in UTC. */
export const isoTime = z.iso.datetime();
export const text = z.string();
/** What a series is of, by name. */
export const dimensions = z.record(z.string(), z.string());
