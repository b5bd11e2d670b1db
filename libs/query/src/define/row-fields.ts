import { z } from 'zod';

/** Fields of rows, as the row store answers them. */

export const isoTime = z.iso.datetime().describe('ISO 8601, UTC');
export const count = z.int().nonnegative();
/** Integers that a JavaScript number cannot hold come as text. */
export const integer = z.union([z.int(), z.string().regex(/^-?\d+$/)]);
export const dimensions = z.record(z.string(), z.string());
