import { type CorrectionRecord } from '@telltale/contracts';
import { hashId, HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { EMPTY_SPEND, type Spend, weightedCost } from './spend';

/** A stored call with its price and the result of earlier corrections. */
export interface StoredCall {
  readonly tenant: string;
  readonly id: string;
  /** Time of the call, ms since the epoch. */
  readonly at: number;
  readonly service_name: string;
  readonly provider: string;
  readonly model: string;
  readonly kind: string;
  readonly name: string;
  readonly tool_name: string;
  readonly trace_id: string;
  readonly deployment_environment: string;
  readonly service_version: string;
  /** `<name>@<version>`. */
  readonly prompt_version: string;
  readonly user_id: string;
  readonly agent_name: string;
  readonly region: string;
  readonly release: string;
  /** Whether its usage was counted from the content. */
  readonly estimated: boolean;
  readonly backfill: boolean;
  readonly sampling_weight: number;
  /** Cost in the stored event. */
  readonly cost_nano_usd: number | null;
  readonly price_version: string;
  /** Cost by the newest correction; null without one. */
  readonly corrected_nano_usd: number | null;
}

/** Difference from the event, never from another correction, so that only the newest correction counts. */
function differenceOf(call: StoredCall, costNanoUsd: number | null): { readonly nano: number; readonly unpriced: number } {
  if (costNanoUsd === null) return { nano: 0, unpriced: 0 };
  return {
    nano: weightedCost(costNanoUsd, call.sampling_weight) - weightedCost(call.cost_nano_usd ?? 0, call.sampling_weight),
    unpriced: call.cost_nano_usd === null ? -Math.round(call.sampling_weight) : 0,
  };
}

/** The correction of a call by a new price; null when nothing changes. A known price is never removed. */
export function correctionOf(
  call: StoredCall,
  price: { readonly costNanoUsd: number; readonly version: string } | null,
  now: number,
): CorrectionRecord | null {
  if (!price || price.costNanoUsd === (call.corrected_nano_usd ?? call.cost_nano_usd)) return null;
  const [delta, previous] = [differenceOf(call, price.costNanoUsd), differenceOf(call, call.corrected_nano_usd)];
  return {
    tenant: call.tenant,
    id: hashId(32, call.tenant, call.id, price.version, price.costNanoUsd),
    event_id: call.id,
    ts: isoTime(call.at),
    service_name: call.service_name,
    provider: call.provider,
    model: call.model,
    kind: call.kind,
    name: call.name,
    tool_name: call.tool_name,
    trace_id: call.trace_id,
    deployment_environment: call.deployment_environment,
    service_version: call.service_version,
    prompt_version: call.prompt_version,
    user_id: call.user_id,
    agent_name: call.agent_name,
    region: call.region,
    release: call.release,
    estimated: call.estimated,
    backfill: call.backfill,
    cost_nano_usd_before: call.cost_nano_usd,
    cost_nano_usd_after: price.costNanoUsd,
    delta_nano_usd: delta.nano,
    unpriced_calls_delta: delta.unpriced,
    previous_cost_nano_usd: previous.nano,
    previous_unpriced: previous.unpriced,
    price_version_before: call.price_version,
    price_version: price.version,
    corrected_at: isoTime(now),
  };
}

/** The newest correction of a call that was applied to spend. */
export interface AppliedCorrection {
  readonly id: string;
  /** When that correction was made, ms since the epoch. */
  readonly at: number;
  readonly nano: number;
  readonly unpriced: number;
}

/**
 * The change that a correction makes to spend; null when it, or a newer one, was already applied. `last` is the remembered correction of
 * the call; without it, the `previous_…` fields of the correction are used.
 */
export function changeOf(
  correction: CorrectionRecord,
  last: AppliedCorrection | null,
): { readonly change: Spend | null; readonly applied: AppliedCorrection } {
  const { id, delta_nano_usd: nano, unpriced_calls_delta: unpriced } = correction;
  const at = Date.parse(correction.corrected_at);
  if (last && at <= last.at) return { change: null, applied: last };
  if (last?.id === id) return { change: null, applied: { ...last, at } };
  const before = last ?? { nano: correction.previous_cost_nano_usd, unpriced: correction.previous_unpriced };
  return {
    applied: { id, at, nano, unpriced },
    change: {
      ...EMPTY_SPEND,
      tenant: correction.tenant,
      hour: isoTime(windowStart(Date.parse(correction.ts), HOUR_MS)),
      service_name: correction.service_name,
      provider: correction.provider,
      model: correction.model,
      tool_name: correction.tool_name,
      kind: correction.kind,
      deployment_environment: correction.deployment_environment,
      service_version: correction.service_version,
      prompt_version: correction.prompt_version,
      backfill: correction.backfill,
      cost_by_5_minutes: [],
      unpriced_calls: unpriced - before.unpriced,
      cost_nano_usd: nano - before.nano,
      estimated_cost_nano_usd: correction.estimated ? nano - before.nano : 0,
    },
  };
}
