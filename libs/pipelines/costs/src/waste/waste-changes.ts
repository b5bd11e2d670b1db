import { type WasteClaim, type WasteRecord, wasteRule } from '@telltale/contracts';
import { WASTE_FIXES } from '@telltale/domain-waste';
import { HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { type KeptTurn, type Written } from './wasteful-turn';

const MAX_EVIDENCE = 5;
const NOTHING: Written = { lost: 0, avoidable: 0, calls: 0, unpriced: 0 };
type Claimed = Pick<WasteClaim, 'spans' | 'detail'> & Written;

const keyOf = ({ rule, model }: WasteClaim): string => `${rule}/${model}`;

/** Claims of the same rule and model as one. */
function sumOf(claims: readonly WasteClaim[]): ReadonlyMap<string, Claimed> {
  const sums = new Map<string, Claimed>();
  for (const claim of claims) {
    const before = sums.get(keyOf(claim));
    const { lost, avoidable, calls, unpriced, spans, detail } = claim;
    sums.set(
      keyOf(claim),
      before
        ? {
            lost: before.lost + lost,
            avoidable: before.avoidable + avoidable,
            calls: before.calls + calls,
            unpriced: before.unpriced + unpriced,
            spans: before.spans,
            detail: before.detail,
          }
        : { lost, avoidable, calls, unpriced, spans, detail },
    );
  }
  return sums;
}

const isSame = (a: Written, b: Written): boolean =>
  a.lost === b.lost && a.avoidable === b.avoidable && a.calls === b.calls && a.unpriced === b.unpriced;

/** What batches change of waste: rows by turn, and sums by hour that are sent as deltas. */
export interface WasteChanges {
  /** Notes what is claimed of a turn now; whether it is other than what was written. */
  claim(tenant: string, kept: KeptTurn, claims: readonly WasteClaim[]): boolean;
  rows(): readonly string[];
  records(): readonly WasteRecord[];
}

/** Rows of one turn, rule and model replace each other by `written_at`, the time of the batch; those that fell away have no calls. */
export function createWasteChanges(now: number): WasteChanges {
  const rows: string[] = [];
  const sums = new Map<string, WasteRecord>();
  const writtenAt = isoTime(now);

  function write(tenant: string, kept: KeptTurn, key: string, is: Claimed | undefined, was: Written): void {
    const { turn } = kept;
    const slash = key.indexOf('/');
    const rule = wasteRule.parse(key.slice(0, slash));
    const model = key.slice(slash + 1);
    const weight = turn.sampling_weight;
    // Less than the weighted cost of the calls, never more.
    const weighted = (nano: number): number => Math.floor(nano * weight);
    const hour = isoTime(windowStart(Date.parse(kept.ts), HOUR_MS));
    const now = is ?? { ...NOTHING, spans: [], detail: '' };
    const turns = (claimed: Written): number => (claimed.calls > 0 ? Math.round(weight) : 0);
    rows.push(
      JSON.stringify({
        tenant, turn_id: kept.id, turn_key: kept.key, rule, model, hour, ts: kept.ts, first_minute: turn.first_minute, expires_on: turn.expires_on, service_name: turn.service_name,
        deployment_environment: turn.deployment_environment, intent: turn.intent, session_id: turn.session_id, backfill: turn.backfill, turns: turns(now), calls: now.calls,
        unpriced_calls: now.unpriced, nano_lost: weighted(now.lost), nano_avoidable: weighted(now.avoidable), span_ids: now.spans, detail: now.detail, written_at: writtenAt,
      }),
    ); // prettier-ignore
    const of = JSON.stringify([tenant, hour, turn.service_name, key, turn.intent]);
    const sum = sums.get(of);
    sums.set(of, {
      tenant,
      hour,
      service_name: turn.service_name,
      rule,
      model,
      intent: turn.intent,
      turns: (sum?.turns ?? 0) + turns(now) - turns(was),
      nano_lost: (sum?.nano_lost ?? 0) + weighted(now.lost) - weighted(was.lost),
      nano_avoidable: (sum?.nano_avoidable ?? 0) + weighted(now.avoidable) - weighted(was.avoidable),
      unpriced_calls: (sum?.unpriced_calls ?? 0) + now.unpriced - was.unpriced,
      evidence: [...(sum?.evidence ?? []), ...(is ? [kept.id] : [])].slice(0, MAX_EVIDENCE),
      fix: WASTE_FIXES[rule],
    });
  }

  return {
    claim(tenant, kept, claims) {
      if (claims.length === 0 && Object.keys(kept.written).length === 0) return false;
      const sum = sumOf(claims);
      let hasChanged = false;
      for (const key of new Set([...Object.keys(kept.written), ...sum.keys()])) {
        const was = kept.written[key] ?? NOTHING;
        const is = sum.get(key);
        if (isSame(is ?? NOTHING, was)) continue;
        write(tenant, kept, key, is, was);
        hasChanged = true;
      }
      kept.written = Object.fromEntries(
        [...sum].map(([key, { lost, avoidable, calls, unpriced }]) => [key, { lost, avoidable, calls, unpriced }]),
      );
      return hasChanged;
    },
    rows: () => rows,
    records: () =>
      [...sums.values()].filter((one) => one.turns !== 0 || one.nano_lost !== 0 || one.nano_avoidable !== 0 || one.unpriced_calls !== 0), // prettier-ignore
  };
}
