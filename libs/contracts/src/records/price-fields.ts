import { type z } from 'zod';

/** Of what holds between two moments. */
export const DATES = { path: ['to'], message: 'lies not after from: give a later to or an earlier from' };
export const isInOrder = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): boolean =>
  from === undefined || to === undefined || Date.parse(from) < Date.parse(to);

/** Prices by what they are for, each of which may be absent. */
export const ratesOf = (price: z.ZodNumber) => ({
  input: price.optional(),
  output: price.optional(),
  cache_read: price.optional(),
  cache_write: price.optional(),
  cache_write_1h: price.optional(),
  input_audio: price.optional(),
  input_image: price.optional(),
  output_audio: price.optional(),
  output_image: price.optional(),
});
