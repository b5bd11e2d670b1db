import { TOPICS } from '@telltale/contracts';
import { defineEdgeService } from '@telltale/streaming';
import { z } from 'zod';

const rate = (about: string) => z.coerce.number().int().min(0).default(0).describe(about);

export const insightsConfig = z.object({
  INSIGHTS_KEY_REQUESTS_PER_SECOND: rate(
    'Requests that one API key may make a second, of each insights process, in bursts of ten seconds; above it 429. 0: no limit. max_requests_per_second of an api_key comes first',
  ),
  INSIGHTS_KEY_BYTES_PER_SECOND: rate(
    'Bytes of answers that one API key may get a second from each insights process, in bursts of ten seconds; above it 429. 0: no limit. max_bytes_per_second of an api_key comes first',
  ),
  DETECTOR_FALSE_POSITIVES_PER_DAY: z.coerce
    .number()
    .positive()
    .default(5)
    .describe('As the scorer has it: the budget of tenants that have not set their own, which a backtest compares others with'),
  INSIGHTS_MCP_ORIGINS: z
    .string()
    .default('')
    .describe(
      'Origins of web pages that may use /mcp, separated by commas (https://console.example.com); pages of this machine always may. Programs send none, and need no entry',
    ),
});

export const insightsService = defineEdgeService({
  name: 'insights',
  about: 'Read API, live tail, commands, corrections of prices.',
  httpPort: 4319,
  reads: [TOPICS.settings, TOPICS.events, TOPICS.incidents, TOPICS.alerts, TOPICS.dlq, TOPICS.commands, TOPICS.detectorSettings],
  outputs: [TOPICS.commands, TOPICS.triage, TOPICS.detectorSettings, TOPICS.corrections, TOPICS.settings, TOPICS.receiverTests],
  config: insightsConfig,
});
