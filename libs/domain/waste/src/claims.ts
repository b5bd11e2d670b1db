import { type WasteClaim, type WasteRule } from '@telltale/contracts';
import { type Call } from './call';

const MAX_CLAIMS = 16;
const MAX_DETAIL = 100;

export interface Taken {
  /** Parts of the call's cost, 0 to 1; the whole when absent. */
  readonly lost?: number;
  readonly avoidable?: number;
  /** What it is compared with. */
  readonly against?: Call | undefined;
  readonly detail?: string;
}

/** What rules claim of the calls of a turn. A call is claimed once: who comes later gets nothing of it. */
export interface Claims {
  isFree(call: Call): boolean;
  take(rule: WasteRule, call: Call, taken?: Taken): void;
  list(): WasteClaim[];
}

/** A part of money as whole nano-dollars, never more than the part. */
export const partOf = (nano: number, share: number): number => Math.floor(nano * share);

export function createClaims(): Claims {
  const claimed = new Set<Call>();
  const claims = new Map<string, WasteClaim>();
  return {
    isFree: (call) => !claimed.has(call),
    take(rule, call, { lost = 1, avoidable = lost, against, detail = '' } = {}) {
      if (claimed.has(call)) return;
      const model = call.kind === 'tool' ? '' : call.model;
      const key = `${rule} ${model}`;
      const before = claims.get(key);
      if (!before && claims.size >= MAX_CLAIMS) return;
      claimed.add(call);
      const nano = call.nano ?? 0;
      claims.set(key, {
        rule,
        model,
        lost: (before?.lost ?? 0) + partOf(nano, lost),
        avoidable: (before?.avoidable ?? 0) + partOf(nano, Math.min(lost, avoidable)),
        calls: (before?.calls ?? 0) + 1,
        unpriced: (before?.unpriced ?? 0) + (call.isPaid && call.nano === null ? 1 : 0),
        spans: before?.spans ?? [against?.span ?? '', call.span],
        detail: before?.detail || detail.slice(0, MAX_DETAIL),
      });
    },
    list: () => [...claims.values()],
  };
}
