import {
  type AckRecord,
  type AnomalyRecord,
  type CommandRecord,
  type DirectiveRecord,
  type DirectiveRow,
  type IncidentRecord,
} from '@telltale/contracts';

/** A directive in force. */
export interface ActiveDirective {
  readonly directive: DirectiveRecord;
  readonly expiresAt: number;
  readonly isExtended: boolean;
  /** Raised by an anomaly or an incident, not by a person. */
  readonly isAutomatic: boolean;
  /** Instances that acknowledged applying it. */
  readonly appliedBy: readonly string[];
}

/** All directives of one tenant; plain JSON. */
export interface VerbosityState {
  readonly inForce: readonly ActiveDirective[];
  /** Targets in cooldown, with the time from which they may be boosted again. */
  readonly resting: Readonly<Record<string, number>>;
}

export const NO_DIRECTIVES: VerbosityState = { inForce: [], resting: {} };

export type VerbosityEvent =
  | { readonly type: 'anomaly'; readonly anomaly: AnomalyRecord }
  | { readonly type: 'incident'; readonly incident: IncidentRecord }
  | { readonly type: 'command'; readonly command: CommandRecord }
  | { readonly type: 'ack'; readonly ack: AckRecord }
  /** Time passed; no other event. */
  | { readonly type: 'tick' };

export type Change = DirectiveRow['state'];

export type VerbosityEffect =
  | { readonly type: 'changed'; readonly change: Change; readonly directive: DirectiveRecord; readonly appliedBy: number }
  /** An unknown directive was revoked: another process wrote it. */
  | { readonly type: 'cleared'; readonly tenant: string; readonly id: string };

/** Reason of a decision; a metric label. */
export type Reason =
  | 'raised'
  | 'extended'
  | 'expired'
  | 'revoked'
  | 'set_by_hand'
  | 'cleared_unknown'
  | 'acknowledged'
  | 'backfill'
  | 'not_opening'
  | 'in_maintenance'
  | 'no_target'
  | 'in_force'
  | 'already_extended'
  | 'resting'
  | 'bounded'
  | 'too_many'
  | 'unknown_directive'
  | 'nothing';

export interface Decision {
  readonly state: VerbosityState;
  readonly effects: readonly VerbosityEffect[];
  readonly reason: Reason;
}

export interface VerbosityRules {
  readonly ttlMs: number;
  /** Maximum duration of an extended boost, from its first issue. */
  readonly maxMs: number;
  readonly restMs: number;
  /** Maximum automatic boosts of a tenant. */
  readonly maxBoosts: number;
}

export const VERBOSITY_RULES: VerbosityRules = { ttlMs: 15 * 60_000, maxMs: 60 * 60_000, restMs: 15 * 60_000, maxBoosts: 5 };

/** Maximum directives of a tenant, including those that people set. */
export const MAX_ACTIVE = 100;
/** Maximum instances counted per directive. */
export const MAX_APPLIED = 1_000;
