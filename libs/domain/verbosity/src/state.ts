import {
  type AckRecord,
  type AnomalyRecord,
  type CommandRecord,
  type DirectiveRecord,
  type DirectiveRow,
  type IncidentRecord,
} from '@telltale/contracts';

/** A directive that is in force. */
export interface ActiveDirective {
  readonly directive: DirectiveRecord;
  readonly expiresAt: number;
  readonly isExtended: boolean;
  /** Raised by an anomaly or an incident, not by hand. */
  readonly isAutomatic: boolean;
  /** Instances that said they applied it. */
  readonly appliedBy: readonly string[];
}

/** All that is known of one tenant's directives; plain JSON. */
export interface VerbosityState {
  readonly inForce: readonly ActiveDirective[];
  /** Targets that had a boost lately, with the time from which they may have one again. */
  readonly resting: Readonly<Record<string, number>>;
}

export const NO_DIRECTIVES: VerbosityState = { inForce: [], resting: {} };

export type VerbosityEvent =
  | { readonly type: 'anomaly'; readonly anomaly: AnomalyRecord }
  | { readonly type: 'incident'; readonly incident: IncidentRecord }
  | { readonly type: 'command'; readonly command: CommandRecord }
  | { readonly type: 'ack'; readonly ack: AckRecord }
  /** Time alone. */
  | { readonly type: 'tick' };

export type Change = DirectiveRow['state'];

export type VerbosityEffect =
  | { readonly type: 'changed'; readonly change: Change; readonly directive: DirectiveRecord; readonly appliedBy: number }
  /** A directive we don't know of is taken away: someone else wrote it. */
  | { readonly type: 'cleared'; readonly tenant: string; readonly id: string };

/** Why it was decided so; a metric label. */
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
  /** Longest that extending may make a boost last, from when it was issued. */
  readonly maxMs: number;
  readonly restMs: number;
  /** Automatic boosts in force for a tenant. */
  readonly maxBoosts: number;
}

export const VERBOSITY_RULES: VerbosityRules = { ttlMs: 15 * 60_000, maxMs: 60 * 60_000, restMs: 15 * 60_000, maxBoosts: 5 };

/** By hand as well, a tenant has no more than this. */
export const MAX_ACTIVE = 100;
/** Instances counted for one directive. */
export const MAX_APPLIED = 1_000;
