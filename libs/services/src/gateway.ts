import { TOPICS } from '@telltale/contracts';
import { defineEdgeService } from '@telltale/streaming';
import { z } from 'zod';

const MIB = 1024 * 1024;
const whole = (fallback: number, least: number, about: string, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(least).max(most).default(fallback).describe(about);

const CELL = /^[a-z0-9][a-z0-9-]{0,31}$/;

const pairsOf = (text: string): (readonly [cell: string, url: string])[] =>
  text.split(',').map((part) => {
    const [cell = '', ...url] = part.trim().split('=');
    return [cell, url.join('=')] as const;
  });
const isUrls = (text: string): boolean =>
  pairsOf(text).every(([cell, url]) => CELL.test(cell) && URL.canParse(url) && /^https?:/.test(url));

/** The gateways of `GATEWAY_CELL_URLS` by the name of their cell. */
export const cellUrlsOf = ({ GATEWAY_CELL_URLS: urls }: GatewayConfig): ReadonlyMap<string, string> =>
  new Map(urls === undefined ? [] : pairsOf(urls));

export const gatewayConfig = z.object({
  GATEWAY_GRPC_PORT: z
    .union([z.literal('off'), z.coerce.number().int().min(0).max(65_535)])
    .default(4317)
    .describe('OTLP/gRPC port; 0: the system chooses; off: no gRPC'),
  GATEWAY_TLS_CERT_FILE: z
    .string()
    .optional()
    .describe(
      'PEM file of a certificate, with those between it and its authority, that HTTP and gRPC are served with; absent: without TLS. It is read again every minute, so that it may be renewed',
    ),
  GATEWAY_TLS_KEY_FILE: z.string().optional().describe('PEM file of the key of that certificate'),
  GATEWAY_MAX_BODY_BYTES: whole(8 * MIB, 1024, 'Largest request, before and after decompression'),
  GATEWAY_MAX_INFLATION: whole(100, 1, 'How many times its size a gzip body over 1 MiB may inflate to'),
  GATEWAY_MAX_ITEMS: whole(10_000, 1, 'Most events, conversations, spans or log records in one request'),
  GATEWAY_MAX_JSON_VALUES: whole(500_000, 1_000, 'Most JSON values in one item, or in one OTLP/JSON request'),
  GATEWAY_MAX_JSON_DEPTH: whole(64, 8, 'Deepest nesting of native JSON (levels)', 1_000),
  GATEWAY_MAX_RECORD_BYTES: whole(900_000, 1024, "Largest record produced; must stay below the broker's limit", 1_000_000),
  GATEWAY_MAX_INFLIGHT_BYTES: whole(128 * MIB, 1024, 'Bytes received and not yet answered, over all requests; above it 429'),
  GATEWAY_MAX_TENANT_INFLIGHT_BYTES: whole(32 * MIB, 1024, 'The same of one tenant, so that none takes the share of others'),
  GATEWAY_KEY_REQUESTS_PER_SECOND: whole(
    0,
    0,
    'Requests that one API key may make a second, of each gateway process, in bursts of ten seconds; above it 429 (gRPC: RESOURCE_EXHAUSTED). 0: no limit. max_requests_per_second of an api_key comes first',
  ),
  GATEWAY_KEY_BYTES_PER_SECOND: whole(
    0,
    0,
    'Bytes of bodies, as received or as inflated, whichever is more, that one API key may send a second to each gateway process, in bursts of ten seconds; above it 429. 0: no limit. max_bytes_per_second of an api_key comes first',
  ),
  GATEWAY_REQUEST_TIMEOUT_MS: whole(30_000, 100, 'A request that is not received whole by then is refused with 408'),
  GATEWAY_MIN_BYTES_PER_SECOND: whole(1_024, 0, 'A request that comes slower than this for 5 s is refused with 408'),
  GATEWAY_CELL: z
    .string()
    .regex(CELL, 'is not a name of a cell; give lower-case letters, digits and -, at most 32')
    .optional()
    .describe(
      'Name of the cell (a whole deployment) that this gateway belongs to. A key tt_<cell>_<random> of another one is answered with 421; absent: keys are not looked at for their cell',
    ),
  GATEWAY_CELL_URLS: z
    .string()
    .refine(
      isUrls,
      'is not a list of cells and addresses; give eu-1=https://eu-1.example.com:4318,us-1=https://us-1.example.com:4318',
    )
    .optional()
    .describe('Gateways of other cells, which the 421 names: cell=https://host:4318,cell=https://host:4318'),
  GATEWAY_MAX_CONTROL_STREAMS: whole(1_000, 0, 'Control streams open at the same time'),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;

export const gatewayService = defineEdgeService({
  name: 'gateway',
  about: 'Authenticates producers, limits, encrypts, and acknowledges after the broker has persisted.',
  httpPort: 4318,
  reads: [TOPICS.settings, TOPICS.control],
  outputs: [TOPICS.raw, TOPICS.acks],
  config: gatewayConfig,
});
