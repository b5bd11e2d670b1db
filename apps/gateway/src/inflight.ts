import { type Metrics } from '@telltale/streaming';
import { IngestError } from './ingest-error';

/** What one request holds: its body as far as it was received, its decompressed and its parsed form. */
export interface Hold {
  /** Reserves `bytes` more. Throws IngestError('overloaded') and reserves nothing when the tenant or the process would exceed its limit. */
  grow(bytes: number): void;
  /** Releases everything; later reservations are rejected. */
  release(): void;
}

/** Received bytes without a response yet, over all receivers; above the limit the gateway returns 429 before memory runs out. */
export interface Inflight {
  hold(tenant: string): Hold;
}

export interface InflightLimits {
  readonly maxInflightBytes: number;
  /** Per tenant, so that no tenant can use the share of others. */
  readonly maxTenantInflightBytes: number;
}

const overloaded = (whose: string): IngestError =>
  new IngestError('overloaded', `${whose} not yet answered hold too many bytes; send it again after Retry-After`);

export function createInflight({ maxInflightBytes, maxTenantInflightBytes }: InflightLimits, metrics: Metrics): Inflight {
  let total = 0;
  const byTenant = new Map<string, number>();
  const change = (tenant: string, by: number): void => {
    total += by;
    const held = (byTenant.get(tenant) ?? 0) + by;
    if (held > 0) byTenant.set(tenant, held);
    else byTenant.delete(tenant);
    metrics.set('telltale_gateway_inflight_bytes', {}, total);
  };
  return {
    hold(tenant) {
      let own = 0;
      let released = false;
      // A request that exceeds the limit by itself is still accepted while nothing else is in flight.
      const isOver = (held: number, bytes: number, most: number): boolean => held > own && held + bytes > most;
      return {
        grow(bytes) {
          if (released) throw new IngestError('internal', 'the request is over');
          if (isOver(byTenant.get(tenant) ?? 0, bytes, maxTenantInflightBytes)) throw overloaded("this tenant's requests");
          if (isOver(total, bytes, maxInflightBytes)) throw overloaded('requests');
          own += bytes;
          change(tenant, bytes);
        },
        release() {
          if (own > 0) change(tenant, -own);
          own = 0;
          released = true;
        },
      };
    },
  };
}
