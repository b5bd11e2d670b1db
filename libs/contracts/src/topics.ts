import { type z } from 'zod';
import { eventRecord } from './event';
import {
  ackRecord, alertRecord, anomalyRecord, commandRecord, correctionRecord, costRecord, directiveRecord, incidentRecord, measureRecord, settingRecord, tuningRecord,
} from './records'; // prettier-ignore
import { DAY_MS, HOUR_MS } from '@telltale/kernel';

export interface TopicSpec {
  readonly name: string;
  readonly cleanup: 'delete' | 'compact';
  /** How long records are kept; compacted topics keep the newest of each key. */
  readonly retentionMs: number;
  readonly key: string;
  readonly about: string;
  readonly format: 'json' | 'otlp-protobuf' | 'sealed' | 'internal';
  readonly schema?: z.ZodType;
  /** Partitions: `lanes` follows the configured count; a number is fixed. */
  readonly partitions: 'lanes' | number;
  readonly writtenBy: readonly string[];
  readonly readBy: readonly string[];
}

const topic = (spec: Partial<TopicSpec> & Pick<TopicSpec, 'name' | 'key' | 'about' | 'writtenBy' | 'readBy'>): TopicSpec => ({
  cleanup: 'delete',
  retentionMs: 7 * DAY_MS,
  format: 'json',
  partitions: 'lanes',
  ...spec,
});

const state = (service: string): TopicSpec =>
  topic({
    name: `telltale.${service}.state.v1`,
    cleanup: 'compact',
    format: 'internal',
    key: 'state key',
    about: `State of the ${service}; same partition as the lane it belongs to.`,
    writtenBy: [service],
    readBy: [service],
  });

/** Every topic there is. TOPICS.md is generated from this; brokers are set up from it. */
export const TOPICS = {
  raw: topic({ name: 'telltale.raw.v1', retentionMs: 6 * HOUR_MS, format: 'sealed', key: 'session or trace, else none', about: 'Bodies as producers sent them, sealed by the gateway. Producers may write plain JSON here themselves.', writtenBy: ['gateway', 'producers'], readBy: ['enricher'] }),
  otlpSpans: topic({ name: 'otlp_spans', retentionMs: 6 * HOUR_MS, format: 'otlp-protobuf', key: 'none', about: "Spans exactly as the OpenTelemetry Collector's Kafka exporter writes them.", writtenBy: ['collector'], readBy: ['enricher'] }),
  otlpLogs: topic({ name: 'otlp_logs', retentionMs: 6 * HOUR_MS, format: 'otlp-protobuf', key: 'none', about: "Logs exactly as the OpenTelemetry Collector's Kafka exporter writes them.", writtenBy: ['collector'], readBy: ['enricher'] }),
  events: topic({ name: 'telltale.events.v1', schema: eventRecord, key: 'session or trace', about: 'One record a finished operation, turn or log line: normalised, redacted, priced.', writtenBy: ['enricher'], readBy: ['costs', 'insights'] }),
  measures: topic({ name: 'telltale.measures.v1', schema: measureRecord, key: 'tenant/service', about: 'Partial aggregates per series and 10 s window.', writtenBy: ['enricher'], readBy: ['scorer'] }),
  anomalies: topic({ name: 'telltale.anomalies.v1', schema: anomalyRecord, key: 'tenant', about: 'A series departs from its baseline, and when it is back.', writtenBy: ['scorer'], readBy: ['incidents', 'verbosity'] }),
  costs: topic({ name: 'telltale.costs.v1', schema: costRecord, key: 'tenant', about: 'Spend per hour by dimension, as deltas, and what later prices change of it.', writtenBy: ['costs'], readBy: ['incidents'] }),
  corrections: topic({ name: 'telltale.corrections.v1', schema: correctionRecord, key: 'tenant', about: 'What later prices make of stored calls. Costs stores them and puts the change onto telltale.costs.v1.', writtenBy: ['insights'], readBy: ['costs'] }),
  control: topic({ name: 'telltale.control.v1', schema: directiveRecord, cleanup: 'compact', key: 'tenant/directive', about: 'The directives in force, each with the proof that verbosity wrote it (header tt-mac); the gateway serves no others. What people produce here is taken as a command, or refused.', writtenBy: ['verbosity', 'people'], readBy: ['gateway', 'verbosity'] }),
  commands: topic({ name: 'telltale.commands.v1', schema: commandRecord, key: 'tenant', about: 'What people ask for: set or revoke a directive.', writtenBy: ['insights', 'people', 'verbosity'], readBy: ['verbosity', 'insights'] }),
  acks: topic({ name: 'telltale.acks.v1', schema: ackRecord, key: 'tenant', about: 'What SDKs did with directives.', writtenBy: ['gateway'], readBy: ['verbosity'] }),
  incidents: topic({ name: 'telltale.incidents.v1', schema: incidentRecord, key: 'tenant', about: 'Incidents at every change.', writtenBy: ['incidents'], readBy: ['verbosity'] }),
  alerts: topic({ name: 'telltale.alerts.v1', schema: alertRecord, retentionMs: 30 * DAY_MS, key: 'tenant', about: 'An incident opened or closed. Consume this to be told.', writtenBy: ['incidents'], readBy: ['people'] }),
  tuning: topic({ name: 'telltale.tuning.v1', schema: tuningRecord, retentionMs: 30 * DAY_MS, key: 'tenant', about: 'What people tell the scorer: marks, maintenance windows, sensitivities. The same record in every partition.', writtenBy: ['insights', 'people'], readBy: ['scorer', 'insights'] }),
  settings: topic({ name: 'telltale.settings.v1', schema: settingRecord, cleanup: 'compact', partitions: 1, key: 'type/name', about: 'Tenants and API keys. Every process brings it up to its TELLTALE_SETTINGS when it starts.', writtenBy: ['every service'], readBy: ['gateway', 'insights', 'every service'] }),
  dlq: topic({ name: 'telltale.dlq.v1', retentionMs: 14 * DAY_MS, format: 'sealed', key: 'as the input', about: 'Inputs that could not be taken, sealed, with the reason in headers. Insights lists them, and replays them to the topic they came from.', writtenBy: ['enricher', 'scorer', 'costs', 'verbosity', 'incidents'], readBy: ['insights'] }),
  enricherState: state('enricher'),
  scorerState: state('scorer'),
  costsState: state('costs'),
  verbosityState: state('verbosity'),
  incidentsState: state('incidents'),
} as const satisfies Record<string, TopicSpec>; // prettier-ignore

export const ALL_TOPICS: readonly TopicSpec[] = Object.values(TOPICS);
