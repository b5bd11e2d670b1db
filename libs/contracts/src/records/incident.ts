import { z } from 'zod';
import { isoTime, text } from './fields';

export const INCIDENT_PHASES = ['open', 'worsening', 'improving', 'resolved', 'reopened'] as const;
export type IncidentPhase = (typeof INCIDENT_PHASES)[number];
/** From least to most. */
export const INCIDENT_SEVERITIES = ['info', 'warning', 'critical'] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

const count = z.number().int().nonnegative().default(0);

/** Anomalies that belong together, with a life. Key: tenant. The row of table `incidents` is the same JSON. */
export const incidentRecord = z.object({
  tenant: text,
  id: text,
  state: z.enum(['open', 'closed']),
  opened_at: isoTime,
  closed_at: isoTime.nullable(),
  updated_at: isoTime,
  title: text,
  service_name: text.describe('Service of its cause'),
  kind: z.enum(['behavior', 'cost']),
  anomaly_ids: z.array(text),
  open_anomalies: z.number().int().nonnegative(),
  probable_cause: text.describe('What is said of the anomaly that it is titled by'),
  peak_score: z.number(),
  backfill: z.boolean(),
  phase: z.enum(INCIDENT_PHASES).default('open').describe('Where it is in its life; resolved exactly where the state is closed'),
  phase_reason: text.default('').describe('Why it is in this phase'),
  severity: z.enum(INCIDENT_SEVERITIES).default('warning').describe('By the turns, users and money touched; never falls while it lasts'),
  services: z.array(text).default([]).describe('Services of its anomalies'),
  onset_at: isoTime.nullable().default(null).describe('When the first of its anomalies started'),
  cause_anomaly_id: text.default('').describe('The anomaly that it is titled by'),
  owner: text.default('').describe('Who was assigned'),
  acknowledged_by: text.default(''),
  acknowledged_at: isoTime.nullable().default(null),
  silenced_until: isoTime.nullable().default(null).describe('Until then it sends no firing alert'),
  merged_into: text.default('').describe('Id of the incident that it turned out to be part of'),
  reopened: count.describe('How often it came back after it was resolved'),
  turns_touched: count.describe('Turns since its onset that called what its anomalies are about'),
  bad_turns: count.describe('Of these, how many ended in error, refused, transferred or abandoned'),
  users_touched: count.describe('Users of these turns; an estimate above 64'),
  cost_nano_usd: z.number().int().default(0).describe('What the turns of its services cost since the onset beyond the usual for as many'),
}); // prettier-ignore
export type IncidentRecord = z.infer<typeof incidentRecord>;

export const INCIDENT_EVENT_KINDS = [
  'onset', 'anomaly_joined', 'anomaly_ended', 'anomaly_left', 'novelty', 'recovery', 'deploy', 'phase', 'severity', 'cause', 'alert', 'merged', 'triage',
] as const; // prettier-ignore
export type IncidentEventKind = (typeof INCIDENT_EVENT_KINDS)[number];

/** One entry of the timeline of an incident: the row of table `incident_events`. */
export interface IncidentEventRow {
  tenant: string;
  incident_id: string;
  /** Deterministic. */
  id: string;
  at: string;
  kind: IncidentEventKind;
  text: string;
  /** Id of what it is about: an anomaly, an alert, a deploy, another incident, a triage record. */
  ref: string;
  /** Who did it; empty where Telltale did. */
  by: string;
}

export const DEPLOY_SOURCES = ['api', 'seen', 'setting'] as const;
export const DEPLOY_KINDS = ['version', 'prompt_version', 'flag'] as const;
export type DeployKind = (typeof DEPLOY_KINDS)[number];

/** Something that changed in a service: the row of table `deploys`. */
export interface DeployRow {
  tenant: string;
  id: string;
  at: string;
  service_name: string;
  version: string;
  environment: string;
  source: (typeof DEPLOY_SOURCES)[number];
  kind: DeployKind;
  text: string;
}
