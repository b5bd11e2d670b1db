import { z } from 'zod';
import { type GatewayLimits } from './deps';

const MIB = 1024 * 1024;
const bytes = (fallback: number, least: number, about: string, most = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(least).max(most).default(fallback).describe(about);

export const gatewayConfig = z.object({
  GATEWAY_GRPC_PORT: z
    .union([z.literal('off'), z.coerce.number().int().min(0).max(65_535)])
    .default(4317)
    .describe('OTLP/gRPC port; 0: the system chooses; off: no gRPC'),
  GATEWAY_MAX_BODY_BYTES: bytes(8 * MIB, 1024, 'Largest request, before and after decompression'),
  GATEWAY_MAX_INFLIGHT_BYTES: bytes(128 * MIB, 1024, 'Bytes between arrival and answer, over all requests; above it 429'),
  GATEWAY_MAX_RECORD_BYTES: bytes(900_000, 1024, "Largest record produced; must stay below the broker's limit", 1_000_000),
  GATEWAY_MAX_JSON_DEPTH: bytes(64, 8, 'Deepest nesting of native JSON (levels)', 1_000),
  GATEWAY_MAX_CONTROL_STREAMS: bytes(1_000, 0, 'Control streams open at the same time'),
});
export type GatewayConfig = z.infer<typeof gatewayConfig>;

export const limitsOf = (config: GatewayConfig): GatewayLimits => ({
  maxBodyBytes: config.GATEWAY_MAX_BODY_BYTES,
  maxRecordBytes: config.GATEWAY_MAX_RECORD_BYTES,
  maxJsonDepth: config.GATEWAY_MAX_JSON_DEPTH,
  maxControlStreams: config.GATEWAY_MAX_CONTROL_STREAMS,
});
