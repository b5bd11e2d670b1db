import { type z } from 'zod';
import { eventRecord } from './event';
import {
  ackRecord, alertRecord, anomalyRecord, budgetAlertRecord, budgetSpendRecord, commandRecord, correctionRecord, costRecord, deliveryRequest, deliveryResult, directiveRecord, edgesRecord, incidentRecord, measuresRecord, receiverTest, settingRecord, volumeRecord, detectorSettingRecord, triageRecord, wideAnomalyRecord,
} from './records'; // prettier-ignore
import { sessionRecord, turnRecord } from './turn';
import { wasteRecord } from './waste';
import { DAY_MS, HOUR_MS } from '@telltale/kernel';

/** How far a compacted topic may grow before all but the newest records of its keys go. */
export interface Compaction {
  /** The file that is written to is never compacted, so whoever reads the topic reads up to this much on top. */
  readonly segmentBytes: number;
  /** Share of the log that is not compacted yet at which it is worth doing. */
  readonly minDirtyRatio: number;
  /** Every record stays for this long, whatever came after it. */
  readonly minLagMs: number;
  /** After this long a record is compacted, however little there is to do. */
  readonly maxLagMs: number;
  /** How long the mark of a deleted key stays. */
  readonly tombstoneMs: number;
}

export interface TopicSpec {
  readonly name: string;
  readonly cleanupPolicy: 'delete' | 'compact';
  /** Of compacted topics only. */
  readonly compaction?: Compaction;
  /** How long records are kept; compacted topics keep the newest of each key. */
  readonly retentionMs: number;
  readonly key: string;
  readonly about: string;
  readonly format: 'json' | 'otlp-protobuf' | 'encrypted' | 'internal';
  readonly schema?: z.ZodType;
  /** Partitions: `configured` follows the configured count; a number is fixed. */
  readonly partitions: 'configured' | number;
  /**
   * A task reads all that is there before its first batch of anything else. For topics that hold the same records in every partition, and
   * that our services alone write, without transactions: the last offset of such a topic is that of a record.
   */
  readonly readFirst?: true;
  /** Who else than our services writes to it or reads it; what services do is in their definitions. */
  readonly externalProducers: readonly string[];
  readonly externalConsumers: readonly string[];
}

const SEGMENT_BYTES = 64 * 1024 * 1024;
/** A task that moves reads all of its state: little more than what it is, not a week of its changes. */
const STATE_COMPACTION: Compaction = {
  segmentBytes: SEGMENT_BYTES,
  minDirtyRatio: 0.2,
  minLagMs: 0,
  maxLagMs: HOUR_MS,
  tombstoneMs: HOUR_MS,
};
/** Inputs of tasks: a batch that is repeated, at the latest when a service has been down for a day, must find the records that it had. */
const INPUT_COMPACTION: Compaction = { ...STATE_COMPACTION, minLagMs: DAY_MS, maxLagMs: 2 * DAY_MS, tombstoneMs: DAY_MS };

const topic = (spec: Partial<TopicSpec> & Pick<TopicSpec, 'name' | 'key' | 'about'>): TopicSpec => ({
  cleanupPolicy: 'delete',
  retentionMs: 7 * DAY_MS,
  format: 'json',
  partitions: 'configured',
  externalProducers: [],
  externalConsumers: [],
  ...spec,
});

const state = (service: string): TopicSpec =>
  topic({
    name: `telltale.${service}.state.v1`,
    cleanupPolicy: 'compact',
    compaction: STATE_COMPACTION,
    format: 'internal',
    key: 'state key',
    about: `State of the ${service}; same partition as the task it belongs to.`,
  });

/** Every topic there is. TOPICS.md is generated from this; brokers are set up from it. */
export const TOPICS = {
  raw: topic({ name: 'telltale.raw.v1', retentionMs: 6 * HOUR_MS, format: 'encrypted', key: 'session or trace, else none', about: 'Bodies as producers sent them, encrypted by the gateway. Producers may write plain JSON here themselves.', externalProducers: ['producers'] }),
  otlpSpans: topic({ name: 'otlp_spans', retentionMs: 6 * HOUR_MS, format: 'otlp-protobuf', key: 'none', about: "Spans exactly as the OpenTelemetry Collector's Kafka exporter writes them.", externalProducers: ['collector'] }),
  otlpLogs: topic({ name: 'otlp_logs', retentionMs: 6 * HOUR_MS, format: 'otlp-protobuf', key: 'none', about: "Logs exactly as the OpenTelemetry Collector's Kafka exporter writes them.", externalProducers: ['collector'] }),
  events: topic({ name: 'telltale.events.v1', schema: eventRecord, key: 'session or trace', about: 'One record a finished operation, turn or log line: normalized, redacted, priced.' }),
  turns: topic({ name: 'telltale.turns.v1', schema: turnRecord, key: 'session, else user, else trace', about: 'One record a turn, put together from its events; again with a higher revision when late events amend it.', externalConsumers: ['people'] }),
  sessions: topic({ name: 'telltale.sessions.v1', schema: sessionRecord, key: 'tenant/session', about: 'One record a session at every change, put together from its turns.', externalConsumers: ['people'] }),
  measures: topic({ name: 'telltale.measures.v1', schema: measuresRecord, key: 'none; the partition is that of tenant/service, over all services of tenant/', about: 'Partial aggregates per series and 10 s window: of each task, every two seconds, one record for each partition.' }),
  anomalies: topic({ name: 'telltale.anomalies.v1', schema: anomalyRecord, key: 'tenant', about: 'A series departs from its baseline, and when it is back.' }),
  wideAnomalies: topic({ name: 'telltale.wide-anomalies.v1', schema: wideAnomalyRecord, key: 'tenant', about: 'Anomalies over all services of a tenant, from the task of the scorer that found one to all of them. The same record in every partition.' }),
  costs: topic({ name: 'telltale.costs.v1', schema: costRecord, key: 'tenant', about: 'Spend per hour by dimension, as deltas, and what later prices change of it.' }),
  waste: topic({ name: 'telltale.waste.v1', schema: wasteRecord, key: 'tenant', about: 'What was wasted per hour by rule, service, model and intent, as deltas.', externalConsumers: ['people'] }),
  corrections: topic({ name: 'telltale.corrections.v1', schema: correctionRecord, key: 'tenant', about: 'What later prices make of stored calls. Costs stores them and puts the change onto telltale.costs.v1.' }),
  budgetSpend: topic({ name: 'telltale.budget-spend.v1', schema: budgetSpendRecord, key: 'tenant', about: 'Spend of budgets by what only calls say, and turns that cost more than a budget allows, for the budgets service.' }),
  budgets: topic({ name: 'telltale.budgets.v1', schema: budgetAlertRecord, retentionMs: 30 * DAY_MS, key: 'tenant', about: 'A budget is passed, or used up too fast, or an hour costs several times the usual; and when that is over.', externalConsumers: ['people'] }),
  control: topic({ name: 'telltale.control.v1', schema: directiveRecord, cleanupPolicy: 'compact', compaction: INPUT_COMPACTION, key: 'tenant/directive', about: 'The directives in force, each with the proof that verbosity wrote it (header tt-mac); the gateway serves no others. What people produce here is taken as a command, or refused.', externalProducers: ['people'] }),
  commands: topic({ name: 'telltale.commands.v1', schema: commandRecord, key: 'tenant', about: 'What people ask for: set or revoke a directive.', externalProducers: ['people'] }),
  acks: topic({ name: 'telltale.acks.v1', schema: ackRecord, key: 'tenant', about: 'What SDKs did with directives.' }),
  volume: topic({ name: 'telltale.volume.v1', schema: volumeRecord, key: 'tenant', about: 'How much was stored of a tenant, by service and level of detail: one record a batch of the enricher.' }),
  edges: topic({ name: 'telltale.edges.v1', schema: edgesRecord, retentionMs: DAY_MS, key: 'tenant', about: 'What the turns of a tenant called by minute, how they ended and whom they were of, for the incidents service.' }),
  triage: topic({ name: 'telltale.triage.v1', schema: triageRecord, retentionMs: 30 * DAY_MS, key: 'tenant', about: 'What people do with incidents: acknowledge, assign, silence, resolve, note; and deploys that they report.' }),
  incidents: topic({ name: 'telltale.incidents.v1', schema: incidentRecord, key: 'tenant', about: 'Incidents at every change.' }),
  alerts: topic({ name: 'telltale.alerts.v1', schema: alertRecord, retentionMs: 30 * DAY_MS, key: 'tenant', about: 'An incident opened, came back, became more severe or is over, and no silence holds it back. Consume this topic for notifications.', externalConsumers: ['people'] }),
  receiverTests: topic({ name: 'telltale.receiver-tests.v1', schema: receiverTest, key: 'tenant', about: 'Test alerts that people ask for, each to one receiver.' }),
  deliveryRequests: topic({ name: 'telltale.delivery-requests.v1', schema: deliveryRequest, key: 'tenant', about: 'Tries to deliver an alert that are due, each with its receiver, whose secrets are sealed. The sender makes them.' }),
  deliveryResults: topic({ name: 'telltale.delivery-results.v1', schema: deliveryResult, key: 'tenant', about: 'What became of each try to deliver an alert. The notifier decides by it whether there is another.' }),
  detectorSettings: topic({ name: 'telltale.detector-settings.v1', schema: detectorSettingRecord, retentionMs: 30 * DAY_MS, key: 'tenant', about: 'What people set of the scorer: marks, maintenance windows, sensitivities, holidays. The same record in every partition.', externalProducers: ['people'] }),
  settings: topic({ name: 'telltale.settings.v1', schema: settingRecord, cleanupPolicy: 'compact', compaction: INPUT_COMPACTION, readFirst: true, key: 'type/tenant/name', about: 'What people set: tenants, API keys, prices, silences, receivers of alerts, budgets of detail, views. The same record in every partition. Every process brings it up to its TELLTALE_SETTINGS_FILE when it starts.' }),
  dlq: topic({ name: 'telltale.dlq.v1', retentionMs: 14 * DAY_MS, format: 'encrypted', key: 'as the input', about: 'Inputs that could not be taken, encrypted, with the reason in headers. Insights lists them, and replays them to the topic they came from.' }),
  enricherState: state('enricher'),
  turnsState: state('turns'),
  sessionsState: state('sessions'),
  scorerState: state('scorer'),
  costsState: state('costs'),
  wasteState: state('waste'),
  budgetsState: state('budgets'),
  verbosityState: state('verbosity'),
  incidentsState: state('incidents'),
  notifierState: state('notifier'),
  settingsState: state('settings'),
} as const satisfies Record<string, TopicSpec>; // prettier-ignore

export const ALL_TOPICS: readonly TopicSpec[] = Object.values(TOPICS);
