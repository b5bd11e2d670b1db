import { type GatewayConfig } from '@telltale/services';
import { type GatewayLimits } from './deps';

export const limitsOf = (config: GatewayConfig): GatewayLimits => ({
  maxBodyBytes: config.GATEWAY_MAX_BODY_BYTES,
  maxInflation: config.GATEWAY_MAX_INFLATION,
  maxItems: config.GATEWAY_MAX_ITEMS,
  maxJsonValues: config.GATEWAY_MAX_JSON_VALUES,
  maxJsonDepth: config.GATEWAY_MAX_JSON_DEPTH,
  maxRecordBytes: config.GATEWAY_MAX_RECORD_BYTES,
  maxInflightBytes: config.GATEWAY_MAX_INFLIGHT_BYTES,
  maxTenantInflightBytes: config.GATEWAY_MAX_TENANT_INFLIGHT_BYTES,
  requestTimeoutMs: config.GATEWAY_REQUEST_TIMEOUT_MS,
  minBytesPerSecond: config.GATEWAY_MIN_BYTES_PER_SECOND,
  maxControlStreams: config.GATEWAY_MAX_CONTROL_STREAMS,
});
