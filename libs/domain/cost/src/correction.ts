import { hashId, HOUR_MS, isoTime, windowStart } from '@telltale/kernel';

/** A stored call with its price, and what corrections so far made of it. */
export interface StoredCall {
  readonly tenant: string;
  readonly id: string;
  /** When it was made, ms since the epoch. */
  readonly at: number;
  readonly service_name: string;
  readonly provider: string;
  readonly model: string;
  readonly kind: string;
  readonly historic: boolean;
  readonly sampling_weight: number;
  /** As the event has it. */
  readonly cost_nano: number | null;
  readonly price_version: string;
  /** By the newest correction; null when there is none. */
  readonly corrected_nano: number | null;
}

/** A row of `cost_corrections`: the difference to the event, never to another correction, so that the newest counts alone. */
export interface Correction {
  readonly tenant: string;
  readonly id: string;
  readonly event_id: string;
  readonly hour: string;
  readonly service_name: string;
  readonly provider: string;
  readonly model: string;
  readonly kind: string;
  readonly historic: boolean;
  readonly cost_nano_before: number | null;
  readonly cost_nano_after: number;
  readonly delta_nano: number;
  readonly unpriced_delta: number;
  readonly price_version_before: string;
  readonly price_version: string;
  readonly corrected_at: string;
}

/** What a new price makes of a call; null when it changes nothing. A price once known is not taken back. */
export function correctionOf(
  call: StoredCall,
  price: { readonly costNano: number; readonly version: string } | null,
  now: number,
): Correction | null {
  if (!price || price.costNano === (call.corrected_nano ?? call.cost_nano)) return null;
  return {
    tenant: call.tenant,
    id: hashId(32, call.tenant, call.id, price.version, price.costNano),
    event_id: call.id,
    hour: isoTime(windowStart(call.at, HOUR_MS)),
    service_name: call.service_name,
    provider: call.provider,
    model: call.model,
    kind: call.kind,
    historic: call.historic,
    cost_nano_before: call.cost_nano,
    cost_nano_after: price.costNano,
    delta_nano: Math.round((price.costNano - (call.cost_nano ?? 0)) * call.sampling_weight),
    unpriced_delta: call.cost_nano === null ? -Math.round(call.sampling_weight) : 0,
    price_version_before: call.price_version,
    price_version: price.version,
    corrected_at: isoTime(now),
  };
}
