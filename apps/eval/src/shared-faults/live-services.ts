import {
  type AlertRecord,
  type AnomalyRecord,
  type EdgesRecord,
  type EventRecord,
  type IncidentRecord,
  TOPICS,
  turnRecord,
} from '@telltale/contracts';
import { createMeasures, createMeasuresOf, type Measures, releaseMeasures, seriesOfTurn } from '@telltale/domain-metrics';
import { createDice, isoTime } from '@telltale/kernel';
import { incidentsConfig, incidentsService } from '@telltale/pipeline-incidents';
import { scorerConfig, scorerService } from '@telltale/pipeline-score';
import { expectSync, type LogRecord } from '@telltale/streaming';

// Events and turns of services through their measures, all tasks of the scorer and incidents, live.

export interface Call {
  readonly service: string;
  readonly kind: 'llm' | 'tool';
  readonly name: string;
  readonly model?: string;
  readonly provider?: string;
  /** Mean number in a window. */
  readonly rate: number;
}
/** From the fault on: how a call fares. */
export interface Trouble {
  readonly hits: (call: Call) => boolean;
  /** Share of its calls. */
  readonly failing?: number;
  /** How many times as slow. */
  readonly slower?: number;
}
export interface Course {
  readonly windows: number;
  /** The first window with the fault. */
  readonly fault: number;
  readonly seed: number;
}
/** What there was from the fault on. */
export interface Seen {
  /** Each as it last stood; `after`: windows from the beginning of the fault until it was first reported. */
  readonly anomalies: readonly { readonly anomaly: AnomalyRecord; readonly after: number }[];
  readonly incidents: readonly IncidentRecord[];
  readonly firing: readonly AlertRecord[];
}

const PARTITIONS = 4;
const WINDOW_MS = 10_000;
const START = Date.parse('2026-03-02T00:00:00Z');
const TENANT = 'acme';
const TURNS_A_WINDOW = 2;
/** Of a service without a fault, share of turns that end without an answer; and where a call of it failed. */
const UNHELPED = { usually: 0.02, failing: 0.6 };

/** What turns showed of who calls what, an hour before. */
const edgesOf = (calls: readonly Call[]): EdgesRecord => ({
  tenant: TENANT,
  source: 'telltale.turns/0',
  minute: isoTime(START),
  services: [],
  operations: calls.map(({ service, kind, name, model = '', provider = '' }) => ({ service, operation: `${kind} ${name}`, turns: 10, bad_turns: 0, users: '', model, provider })),
  edges: calls.map(({ service, kind, name }) => ({ service, caller: 'turn', callee_service: service, callee: `${kind} ${name}`, calls: 10, errors: 0 })),
}); // prettier-ignore

/** Of an event as much as its series are made of. */
const EVENT = {
  tenant: TENANT, sampling_weight: 1, request_model: '', cost_nano_usd: null, usage_input_uncached: null, usage_cache_read: null, usage_cache_write: null, usage_output: null, usage_reasoning: null,
  usage_cache_write_1h: null, usage_input_audio: null, usage_input_image: null, usage_output_audio: null, usage_output_image: null, time_to_first_token_ms: null, score_name: '', score_value: null, severity: '',
} as Partial<EventRecord> as EventRecord; // prettier-ignore

const recordOf = (topic: string, value: string, partition = 0): LogRecord => ({ topic, partition, offset: 0, key: null, value: Buffer.from(value), headers: {}, timestampMs: START }); // prettier-ignore
const HELD = { isDue: () => true, hold: () => undefined, release: () => undefined };

export function playServices(calls: readonly Call[], trouble: Trouble, { windows, fault, seed }: Course): Seen {
  const dice = createDice(seed);
  const scorer = scorerService.open(scorerConfig.parse({}), { partitions: PARTITIONS });
  const tasks = Array.from({ length: PARTITIONS }, (_, partition) => scorer.createTask(partition, new Map()));
  const incidents = incidentsService.open(incidentsConfig.parse({})).createTask(0, new Map());
  const isShared = ({ service_name: service, kind, name }: EventRecord): boolean =>
    calls.some((call) => call.kind === kind && call.name === name && call.service !== service);
  const ofEvents = createMeasures({ admits: () => true, isShared });
  const ofTurns = createMeasuresOf({ admits: () => true }, seriesOfTurn);
  let broadcast: LogRecord[] = [];
  let forIncidents: LogRecord[] = [recordOf(TOPICS.edges.name, JSON.stringify(edgesOf(calls)))];
  const anomalies = new Map<string, { readonly anomaly: AnomalyRecord; readonly after: number }>();
  const found = new Map<string, IncidentRecord>();
  const alerts: AlertRecord[] = [];

  function measure(i: number): void {
    const start = START + i * WINDOW_MS;
    const failed = new Set<string>();
    for (const call of calls) {
      const hit = i >= fault && trouble.hits(call) ? trouble : undefined;
      for (let n = dice.poisson(call.rate); n > 0; n--) {
        const isError = dice.uniform() < (hit?.failing ?? 0.01);
        if (isError && hit) failed.add(call.service);
        const took = (call.kind === 'llm' ? 1_500 : 200) * (hit?.slower ?? 1) * Math.exp(0.4 * dice.normal());
        const { service: service_name, kind, name, model: response_model = '', provider = '' } = call;
        ofEvents.add({ ...EVENT, service_name, kind, name, response_model, provider, duration_ms: took, status: isError ? 'error' : 'ok' }, start); // prettier-ignore
      }
    }
    for (const service_name of new Set(calls.map(({ service }) => service)))
      for (let n = dice.poisson(TURNS_A_WINDOW); n > 0; n--) {
        const outcome = dice.uniform() < (failed.has(service_name) ? UNHELPED.failing : UNHELPED.usually) ? 'error' : 'answered';
        ofTurns.add(turnRecord.parse({ tenant: TENANT, turn_id: `t${i}`, revision: 1, ts: isoTime(start), first_minute: isoTime(start), received_at: isoTime(start), expires_on: '2026-04-01', service_name, has_root: true, duration_ms: 4_000 * Math.exp(0.4 * dice.normal()), outcome, status: outcome === 'error' ? 'error' : 'ok' }), start); // prettier-ignore
      }
  }
  const recordsIn = (measures: Pick<Measures, 'endBatch' | 'pending' | 'flush'>, i: number, source: string): LogRecord[] =>
    releaseMeasures(measures, HELD, { source, watermark: source.includes('turns') ? null : isoTime(START + i * WINDOW_MS + 12_500), partitions: PARTITIONS }).map(
      ({ partition, value }) => recordOf(TOPICS.measures.name, value, partition),
    ); // prettier-ignore

  function scoreAll(measured: readonly LogRecord[], now: number): void {
    const heard = [...broadcast, ...measured];
    broadcast = [];
    for (const [partition, task] of tasks.entries()) {
      const records = heard.filter((one) => one.partition === partition);
      for (const { topic, value, partition: to = 0 } of expectSync(task.process(records, { source: `telltale.scorer/${partition}`, partition, now })).outputs) {
        if (topic === TOPICS.wideAnomalies.name) broadcast.push(recordOf(topic, String(value), to));
        if (topic !== TOPICS.anomalies.name) continue;
        forIncidents.push(recordOf(topic, String(value)));
        const anomaly = JSON.parse(String(value)) as AnomalyRecord;
        const after = anomalies.get(anomaly.id)?.after ?? Math.ceil((now - START) / WINDOW_MS) - 1 - fault;
        if (anomaly.kind !== 'novelty') anomalies.set(anomaly.id, { anomaly, after });
      }
    }
  } // prettier-ignore

  function followIncidents(now: number): void {
    const effects = expectSync(incidents.process(forIncidents, { source: 'telltale.incidents/0', partition: 0, now }));
    forIncidents = [];
    for (const { topic, value } of effects.outputs) {
      if (topic === TOPICS.alerts.name) alerts.push(JSON.parse(String(value)) as AlertRecord);
      if (topic !== TOPICS.incidents.name) continue;
      const incident = JSON.parse(String(value)) as IncidentRecord;
      found.set(incident.id, incident);
    }
  }

  for (let i = 0; i < windows; i++) {
    measure(i);
    const measured = [...recordsIn(ofEvents, i, 'telltale.enricher/0'), ...recordsIn(ofTurns, i, 'telltale.turns/0')];
    for (const step of [0, 1, 2]) {
      const now = START + i * WINDOW_MS + 12_600 + step * 1_000;
      scoreAll(step === 0 ? measured : [], now);
      followIncidents(now);
    }
  }
  const since = START + (fault - 2) * WINDOW_MS;
  return {
    anomalies: [...anomalies.values()].filter(({ anomaly }) => Date.parse(anomaly.started_at) >= since),
    incidents: [...found.values()].filter(({ opened_at: at }) => Date.parse(at) >= since),
    firing: alerts.filter(({ status, at }) => status === 'firing' && Date.parse(at) >= since),
  };
}

/** Whether it is over all services. */
export const isOverAll = ({ metric }: Pick<AnomalyRecord, 'metric'>): boolean => /^(?:provider|tenant)\./.test(metric);
