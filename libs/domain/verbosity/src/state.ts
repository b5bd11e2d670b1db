import {
  type AckRecord,
  type AnomalyRecord,
  type CommandRecord,
  type DirectiveLimits,
  type DirectiveRecord,
  type DirectiveRow,
  type IncidentRecord,
  type VolumeRecord,
} from '@telltale/contracts';

/** A directive in force. */
export interface ActiveDirective {
  readonly directive: DirectiveRecord;
  readonly expiresAt: number;
  readonly isExtended: boolean;
  /** When it came to what it sets; of relief only. */
  readonly changedAt?: number;
  /** Raised by an anomaly or an incident, not by a person. */
  readonly isAutomatic: boolean;
  /** Instances that acknowledged applying it. */
  readonly appliedBy: readonly string[];
  /** Records that it changed, and bytes sent because of it, as SDKs tell. */
  readonly records: number;
  readonly bytes: number;
  /** Anomalies and incidents about its target that are open; of a boost only. */
  readonly openFindings?: readonly string[];
  /** Those that were open when an SDK reported records that it changed. */
  readonly evidenceFor?: readonly string[];
}

/** All directives of one tenant; plain JSON. */
export interface VerbosityState {
  readonly inForce: readonly ActiveDirective[];
  /** Targets in cooldown, with the time from which they may be boosted again. */
  readonly resting: Readonly<Record<string, number>>;
  /** Where the tenant has a budget of bytes. */
  readonly volume?: Volume;
}

/** Bytes that a tenant sends, by service. */
export interface Volume {
  /** Minutes since the epoch. */
  readonly minute: number;
  /** Sent in this minute. */
  readonly current: Readonly<Record<string, number>>;
  /** That it would send a minute without relief, of late. */
  readonly mean: Readonly<Record<string, number>>;
}

export const NO_DIRECTIVES: VerbosityState = { inForce: [], resting: {} };

export type VerbosityEvent =
  | { readonly type: 'anomaly'; readonly anomaly: AnomalyRecord }
  | { readonly type: 'incident'; readonly incident: IncidentRecord }
  | { readonly type: 'command'; readonly command: CommandRecord }
  | { readonly type: 'ack'; readonly ack: AckRecord }
  | { readonly type: 'volume'; readonly volume: VolumeRecord }
  /** Time passed; no other event. */
  | { readonly type: 'tick' };

export type Change = DirectiveRow['state'];

export type VerbosityEffect =
  | { readonly type: 'changed'; readonly change: Change; readonly active: ActiveDirective }
  /** An instance reports for the first time that it applies a directive. */
  | { readonly type: 'applied'; readonly id: string; readonly instance: string }
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
  | 'explained'
  | 'covered'
  | 'suppressed'
  | 'monitored'
  | 'switched_off'
  | 'relieved'
  | 'in_force'
  | 'already_extended'
  | 'resting'
  | 'too_many'
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
  /** `never`: no automatic boosts. `monitor`: what would be raised is reported, and not done. */
  readonly mode: 'never' | 'monitor' | 'always';
  /** Of an automatic boost. */
  readonly limits: DirectiveLimits;
  /** What a tenant may send; null: any number. */
  readonly bytesPerMinute: number | null;
}

export const VERBOSITY_RULES: VerbosityRules = {
  ttlMs: 15 * 60_000,
  maxMs: 60 * 60_000,
  restMs: 15 * 60_000,
  maxBoosts: 5,
  mode: 'always',
  limits: { records_per_s: 100, bytes_per_min: 10_000_000 },
  bytesPerMinute: null,
};

/** Maximum directives of a tenant, including those that people set. */
export const MAX_ACTIVE = 100;
/** Maximum instances counted per directive. */
export const MAX_APPLIED = 1_000;
/** Maximum anomalies and incidents noted per directive. */
export const MAX_FINDINGS = 50;

export const changed = (change: Change, active: ActiveDirective): VerbosityEffect => ({ type: 'changed', change, active });
/** Nothing is to be done, for this reason. */
export const nothing = (state: VerbosityState, reason: Reason): Decision => ({ state, effects: [], reason });
