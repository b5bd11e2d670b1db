import { type IncidentEventKind, type IncidentPhase, type IncidentRecord, type IncidentSeverity } from '@telltale/contracts';

/** An anomaly, or an edge of a budget, as part of an incident. */
export interface Member {
  readonly id: string;
  readonly isOpen: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly score: number;
  /** 0 is deepest: an operation that calls nothing else. */
  readonly depth: number;
  readonly summary: string;
  /** The problem in a few words: `tool search is slow`. */
  readonly phrase: string;
  readonly seriesId: string;
  readonly service: string;
  /** `<kind> <name>`, of turns `turn`; '' where it is about no single operation. */
  readonly operation: string;
  /** Its kind where it is about all operations of a kind in a service; else absent. */
  readonly family?: string;
  /** It is over all services of the tenant: of a provider, of an operation that several call, or of all turns; else absent. */
  readonly wide?: 'provider' | 'operation' | 'turns';
  /** What it is about that several services can have: a tool, a model, a kind of error, a template; '' where there is none. */
  readonly shared: string;
  readonly provider: string;
  /** What it is about, in all: members with the same one are the same cause. */
  readonly subject: string;
  /** Anomaly that explains it; '' where none does. */
  readonly parentId: string;
  /** Something fails, or has stopped, rather than being slow or dear. */
  readonly isFailure: boolean;
  readonly isNovelty: boolean;
  /** It ended as one that a normal series has now and then. */
  readonly isNoise: boolean;
}

/** What an incident touched since its onset. */
export interface Impact {
  /** What was counted: names of operations, else of services. When it changes, it is counted again. */
  readonly scope: readonly string[];
  /** Minute of the onset that it was counted from, ms since the epoch. */
  readonly since: number;
  readonly turns: number;
  readonly badTurns: number;
  readonly users: readonly number[];
  readonly costNano: number;
  /** Turns of its services, which the cost is of. */
  readonly allTurns: number;
  /** What was usual in the hour before: share of turns that end badly, and cost of a turn; -1 where it is not known. */
  readonly usualBadShare: number;
  readonly usualCostNano: number;
}
export const NO_IMPACT: Impact = {
  scope: [], since: 0, turns: 0, badTurns: 0, users: [], costNano: 0, allTurns: 0, usualBadShare: 0, usualCostNano: -1,
}; // prettier-ignore

/** The firing alert that was sent last: what is resolved is that. */
export interface FiredAlert {
  readonly title: string;
  readonly severity: IncidentSeverity;
  /** How many were sent for this incident, resolved ones too. */
  readonly sent: number;
  /** It was resolved, and has not fired since. */
  readonly isResolved: boolean;
}

/** An open incident with the state of its lifecycle. */
export interface OpenIncident {
  readonly record: IncidentRecord;
  readonly members: readonly Member[];
  /** Event time of the last anomaly or spike. */
  readonly lastEvidenceAt: number;
  /** Batch time of the last anomaly or spike. */
  readonly lastActivityAt: number;
  readonly fired: FiredAlert | null;
  readonly impact: Impact;
  /** Most members that were open at once. */
  readonly mostOpen: number;
  /** How many services its title names. */
  readonly namedServices: number;
  /** Anomalies that turned out to be no evidence: they do not join again. */
  readonly left: readonly string[];
}

/** A spike in hourly cost, as the budgets service reports it. */
export interface CostSpike {
  readonly tenant: string;
  /** null: all services of the tenant together. */
  readonly service: string | null;
  readonly hour: number;
  readonly totalNano: number;
  readonly medianNano: number;
  readonly factor: number;
  readonly backfill: boolean;
}

/** An entry of the timeline, beside whose it is. */
export interface TimelineEntry {
  readonly kind: IncidentEventKind;
  readonly text: string;
  readonly at: number;
  readonly ref?: string;
  readonly by?: string;
}

/** What an incident has become, and what its timeline says of it. */
export interface IncidentChange {
  readonly incident: OpenIncident;
  readonly entries: readonly TimelineEntry[];
}

/** Maximum anomalies that an incident stores individually. */
export const MAX_MEMBERS = 100;

/** Fields of a record that every incident begins with. */
export const FRESH = {
  phase: 'open' as IncidentPhase,
  phase_reason: 'it began',
  severity: 'info' as IncidentSeverity,
  services: [] as string[],
  onset_at: null as string | null,
  cause_anomaly_id: '',
  owner: '',
  acknowledged_by: '',
  acknowledged_at: null as string | null,
  silenced_until: null as string | null,
  merged_into: '',
  reopened: 0,
  turns_touched: 0,
  bad_turns: 0,
  users_touched: 0,
  cost_nano_usd: 0,
};
