import { type CorrectionRecord } from '@telltale/contracts';
import { hashId, HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { type Spend } from './spend';

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
  readonly name: string;
  readonly historic: boolean;
  readonly sampling_weight: number;
  /** As the event has it. */
  readonly cost_nano: number | null;
  readonly price_version: string;
  /** By the newest correction; null when there is none. */
  readonly corrected_nano: number | null;
}

/** A difference to the event, never to another correction, so that the newest counts alone. */
function differenceOf(call: StoredCall, costNano: number | null): { readonly nano: number; readonly unpriced: number } {
  if (costNano === null) return { nano: 0, unpriced: 0 };
  return {
    nano: Math.round((costNano - (call.cost_nano ?? 0)) * call.sampling_weight),
    unpriced: call.cost_nano === null ? -Math.round(call.sampling_weight) : 0,
  };
}

/** What a new price makes of a call; null when it changes nothing. A price once known is not taken back. */
export function correctionOf(
  call: StoredCall,
  price: { readonly costNano: number; readonly version: string } | null,
  now: number,
): CorrectionRecord | null {
  if (!price || price.costNano === (call.corrected_nano ?? call.cost_nano)) return null;
  const [delta, told] = [differenceOf(call, price.costNano), differenceOf(call, call.corrected_nano)];
  return {
    tenant: call.tenant,
    id: hashId(32, call.tenant, call.id, price.version, price.costNano),
    event_id: call.id,
    ts: isoTime(call.at),
    service_name: call.service_name,
    provider: call.provider,
    model: call.model,
    kind: call.kind,
    name: call.name,
    historic: call.historic,
    cost_nano_before: call.cost_nano,
    cost_nano_after: price.costNano,
    delta_nano: delta.nano,
    unpriced_delta: delta.unpriced,
    told_nano: told.nano,
    told_unpriced: told.unpriced,
    price_version_before: call.price_version,
    price_version: price.version,
    corrected_at: isoTime(now),
  };
}

/** What was last told of one call to those who read spend. */
export interface Told {
  readonly id: string;
  /** When that correction was made, ms since the epoch. */
  readonly at: number;
  readonly nano: number;
  readonly unpriced: number;
}

/**
 * What a correction changes of spend that was told before; null for one that was told already and for one that a newer
 * overtook. `last` is what is remembered of the call; without it, the correction says itself what went before.
 */
export function changeOf(
  correction: CorrectionRecord,
  last: Told | null,
): { readonly change: Spend | null; readonly told: Told } {
  const { id, delta_nano: nano, unpriced_delta: unpriced } = correction;
  const at = Date.parse(correction.corrected_at);
  if (last && at <= last.at) return { change: null, told: last };
  if (last?.id === id) return { change: null, told: { ...last, at } };
  const before = last ?? { nano: correction.told_nano, unpriced: correction.told_unpriced };
  const { tenant, service_name, provider, model, kind, historic } = correction;
  return {
    told: { id, at, nano, unpriced },
    change: {
      tenant,
      hour: isoTime(windowStart(Date.parse(correction.ts), HOUR_MS)),
      service_name,
      provider,
      model,
      kind,
      historic,
      calls: 0,
      unpriced_calls: unpriced - before.unpriced,
      cost_nano: nano - before.nano,
      input_tokens: 0,
      output_tokens: 0,
    },
  };
}
