import { z } from 'zod';

/** Variables of the `telltale` commands, in addition to those of the processes. */
export const clientConfig = z.object({
  TELLTALE_URL: z
    .string()
    .optional()
    .describe(
      'Address of insights, which commands ask; absent: the process that runs over TELLTALE_HOME, else one for the command',
    ),
  TELLTALE_GATEWAY_URL: z.string().optional().describe('Address of the gateway, which import sends to; absent: TELLTALE_URL'),
  TELLTALE_KEY: z.string().optional().describe('API key of commands; absent: the file api-key in TELLTALE_HOME'),
});
