import { z } from 'zod';

/** Variables of docker-compose.yml. Those without a default are written by `telltale init`. */
export const composeConfig = z.object({
  COMPOSE_PROFILES: z
    .string()
    .optional()
    .describe(
      'Parts that start, with commas: cluster (Kafka, ClickHouse, every service, Prometheus, Grafana), embedded (standalone alone), collector',
    ),
  TELLTALE_IMAGE: z.string().default('telltale').describe('Image of the services'),
  TELLTALE_STANDALONE_IMAGE: z.string().default('telltale-standalone').describe('Image of the standalone'),
  TELLTALE_VERSION: z.string().default('0.1.0').describe('Tag of both images'),
  CLICKHOUSE_PASSWORD: z.string().optional().describe('Password of the user telltale of ClickHouse; letters and digits'),
  CLICKHOUSE_QUERY_PASSWORD: z
    .string()
    .optional()
    .describe('Password of the read-only user telltale_query of ClickHouse, which docker compose makes; letters and digits'),
  GRAFANA_PASSWORD: z.string().optional().describe('Password of the user admin of Grafana'),
  LISTEN: z.string().default('127.0.0.1').describe('Address of this machine that ports are opened at; 0.0.0.0: for everybody'),
});
