import { z } from 'zod';

export const wasteConfig = z.object({
  WASTE_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(100_000)
    .default(128 * 1024 * 1024)
    .describe(
      'Memory that sessions may take in a task of waste. Above it the tenant with the most gives way: its sessions that nothing touched for the longest are forgotten',
    ),
});
export type WasteConfig = z.infer<typeof wasteConfig>;
