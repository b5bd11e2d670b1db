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

const PARTITIONS = 4;
const WINDOW = 10_000;
const START = Date.parse('2026-03-02T00:00:00Z');
const FAULT = 500;
const WINDOWS = 560;
const AT = isoTime(START);

interface Call {
  readonly service: string;
  readonly kind: 'llm' | 'tool';
  readonly name: string;
  readonly model?: string;
  readonly provider?: string;
}
const model = (service: string, name: string, provider: string): Call => ({
  service,
  kind: 'llm',
  name: `chat ${name}`,
  model: name,
  provider,
});
const tool = (service: string, name: string): Call => ({ service, kind: 'tool', name });
const CALLS: readonly Call[] = [
  model('search', 'gpt-4o', 'openai'),
  model('shop', 'gpt-4o', 'openai'),
  model('shop', 'gpt-4o-mini', 'openai'),
  model('travel', 'gpt-4o-mini', 'openai'),
  model('travel', 'claude', 'anthropic'),
  model('desk', 'claude', 'anthropic'),
  tool('shop', 'refund'),
  tool('travel', 'flights'),
];
const WITH_SHARED: readonly Call[] = [...CALLS, ...['shop', 'search', 'desk'].map((service) => tool(service, 'find'))];
const ALONE: readonly Call[] = [model('shop', 'gpt-4o', 'openai'), tool('shop', 'refund')];

/** From the fault on: how a call fares. */
interface Trouble {
  readonly hits: (call: Call) => boolean;
  readonly failing?: number;
  readonly slower?: number;
}

/** What turns showed of who calls what, an hour before. */
const edgesOf = (calls: readonly Call[]): EdgesRecord => ({
  tenant: 'acme',
  source: 'telltale.turns/0',
  minute: AT,
  services: [],
  operations: calls.map(({ service, kind, name, model: of = '', provider = '' }) => ({ service, operation: `${kind} ${name}`, turns: 10, bad_turns: 0, users: '', model: of, provider })),
  edges: calls.map(({ service, kind, name }) => ({ service, caller: 'turn', callee_service: service, callee: `${kind} ${name}`, calls: 10, errors: 0 })),
}); // prettier-ignore

/** Of an event as much as its series are made of. */
const EVENT = {
  tenant: 'acme', sampling_weight: 1, request_model: '', cost_nano_usd: null, usage_input_uncached: null, usage_cache_read: null, usage_cache_write: null, usage_output: null, usage_reasoning: null,
  usage_cache_write_1h: null, usage_input_audio: null, usage_input_image: null, usage_output_audio: null, usage_output_image: null, time_to_first_token_ms: null, score_name: '', score_value: null, severity: '',
} as Partial<EventRecord> as EventRecord; // prettier-ignore

const recordOf = (topic: string, value: string, partition = 0): LogRecord => ({ topic, partition, offset: 0, key: null, value: Buffer.from(value), headers: {}, timestampMs: START }); // prettier-ignore
const HELD = { isDue: () => true, hold: () => undefined, release: () => undefined };

function play(calls: readonly Call[], trouble: Trouble, seed = 3) {
  const dice = createDice(seed);
  const scorer = scorerService.open(scorerConfig.parse({}), { partitions: PARTITIONS });
  const tasks = Array.from({ length: PARTITIONS }, (_, partition) => scorer.createTask(partition, new Map()));
  const incidents = incidentsService.open(incidentsConfig.parse({})).createTask(0, new Map());
  const callersOf = ({ kind, name }: Pick<EventRecord, 'kind' | 'name'>) => calls.filter((call) => call.kind === kind && call.name === name);
  const ofEvents = createMeasures({ admits: () => true, isShared: (event) => callersOf(event).length > 1 });
  const ofTurns = createMeasuresOf({ admits: () => true }, seriesOfTurn);
  let broadcast: LogRecord[] = [];
  let forIncidents: LogRecord[] = [recordOf(TOPICS.edges.name, JSON.stringify(edgesOf(calls)))];
  const [anomalies, found, alerts] = [new Map<string, AnomalyRecord>(), new Map<string, IncidentRecord>(), [] as AlertRecord[]];

  function measure(i: number): void {
    const start = START + i * WINDOW;
    const failed = new Set<string>();
    for (const call of calls) {
      const hit = i >= FAULT && trouble.hits(call) ? trouble : undefined;
      for (let n = dice.poisson(3); n > 0; n--) {
        const isError = dice.uniform() < (hit?.failing ?? 0.01);
        if (isError && hit) failed.add(call.service);
        const took = (call.kind === 'llm' ? 1_500 : 200) * (hit?.slower ?? 1) * Math.exp(0.4 * dice.normal());
        const { service: service_name, kind, name, model: response_model = '', provider = '' } = call;
        ofEvents.add({ ...EVENT, service_name, kind, name, response_model, provider, duration_ms: took, status: isError ? 'error' : 'ok' }, start); // prettier-ignore
      }
    }
    for (const service_name of new Set(calls.map(({ service }) => service)))
      for (let n = dice.poisson(2); n > 0; n--) {
        const outcome = dice.uniform() < (failed.has(service_name) ? 0.6 : 0.02) ? 'error' : 'answered';
        ofTurns.add(turnRecord.parse({ tenant: 'acme', turn_id: `t${i}`, revision: 1, ts: isoTime(start), first_minute: isoTime(start), received_at: isoTime(start), expires_on: '2026-04-01', service_name, has_root: true, duration_ms: 4_000 * Math.exp(0.4 * dice.normal()), outcome, status: outcome === 'error' ? 'error' : 'ok' }), start); // prettier-ignore
      }
  }
  const recordsIn = (measures: Pick<Measures, 'endBatch' | 'pending' | 'flush'>, i: number, source: string): LogRecord[] =>
    releaseMeasures(measures, HELD, { source, watermark: source.includes('turns') ? null : isoTime(START + i * WINDOW + 12_500), partitions: PARTITIONS }).map(
      ({ partition, value }) => recordOf(TOPICS.measures.name, value, partition),
    ); // prettier-ignore

  for (let i = 0; i < WINDOWS; i++) {
    measure(i);
    const measured = [...recordsIn(ofEvents, i, 'telltale.enricher/0'), ...recordsIn(ofTurns, i, 'telltale.turns/0')];
    for (const step of [0, 1, 2]) {
      const now = START + i * WINDOW + 12_600 + step * 1_000;
      const heard = broadcast;
      broadcast = [];
      for (const [partition, task] of tasks.entries()) {
        const records = [...heard, ...(step === 0 ? measured : [])].filter((one) => one.partition === partition);
        for (const { topic, value, partition: to = 0 } of expectSync(task.process(records, { source: `telltale.scorer/${partition}`, partition, now })).outputs) {
          if (topic === TOPICS.wideAnomalies.name) broadcast.push(recordOf(topic, String(value), to));
          if (topic !== TOPICS.anomalies.name) continue;
          const anomaly = JSON.parse(String(value)) as AnomalyRecord;
          if (anomaly.kind !== 'novelty') anomalies.set(anomaly.id, anomaly);
          forIncidents.push(recordOf(topic, String(value)));
        }
      }
      const effects = expectSync(incidents.process(forIncidents, { source: 'telltale.incidents/0', partition: 0, now }));
      forIncidents = [];
      for (const { topic, value } of effects.outputs) {
        if (topic === TOPICS.alerts.name) alerts.push(JSON.parse(String(value)) as AlertRecord);
        if (topic !== TOPICS.incidents.name) continue;
        const incident = JSON.parse(String(value)) as IncidentRecord;
        found.set(incident.id, incident);
      }
    }
  }
  const since = START + (FAULT - 2) * WINDOW;
  return {
    anomalies: [...anomalies.values()].filter(({ started_at: at }) => Date.parse(at) >= since),
    incidents: [...found.values()].filter(({ opened_at: at }) => Date.parse(at) >= since),
    firing: alerts.filter(({ status, at }) => status === 'firing' && Date.parse(at) >= since),
  };
} // prettier-ignore

const isWide = ({ metric }: AnomalyRecord): boolean => /^(?:provider|tenant)\./.test(metric);
const TITLE = /^openai: model calls (?:fail|are slow) in 3 services: search, shop, travel$/;

it.each([
  ['fails', { failing: 0.7 }],
  ['is slow', { slower: 5 }],
])('a provider of three services and two models that %s is one incident and one alert, titled by it', (_, how) => {
  const { anomalies, incidents, firing } = play(CALLS, { hits: ({ provider }) => provider === 'openai', ...how });
  const provider = anomalies.find(({ metric }) => metric.startsWith('provider.'));
  expect(provider?.dimensions).toEqual({ provider: 'openai' });
  const models = anomalies.filter(({ metric, dimensions }) => metric.startsWith('operation.') && dimensions['kind'] === 'llm');
  expect(new Set(models.map(({ dimensions }) => dimensions['service_name']))).toEqual(new Set(['search', 'shop', 'travel']));
  expect(models.filter(({ parent_anomaly_id: parent }) => parent !== provider?.id)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual([expect.stringMatching(TITLE)]);
  expect(firing.map(({ incident_id: id }) => id)).toEqual([incidents[0]?.id]);
  expect(firing[0]?.title).toMatch(/^openai: model calls (?:fail|are slow) in /);
  expect(firing[0]?.services).toEqual(['search', 'shop', 'travel']);
});

it.each([
  ['is slow', { slower: 6 }],
  ['fails', { failing: 0.7 }],
])('a tool of one service that %s is an incident of that tool', (_, how) => {
  const { anomalies, incidents, firing } = play(CALLS, { hits: ({ name }) => name === 'refund', ...how });
  expect(anomalies.filter(isWide)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual([expect.stringMatching(/^shop: tool refund (?:fails|is slow)$/)]);
  expect(firing).toHaveLength(1);
});

it.each([
  ['is slow', { slower: 6 }],
  ['fails', { failing: 0.7 }],
])('a tool of three services that %s is one incident and one alert of that tool', (_, how) => {
  const { anomalies, incidents, firing } = play(WITH_SHARED, { hits: ({ name }) => name === 'find', ...how });
  const wide = anomalies.find(({ metric }) => metric.startsWith('tenant.operation.'));
  expect(wide?.dimensions).toEqual({ kind: 'tool', name: 'find' });
  const tools = anomalies.filter(({ metric, dimensions }) => metric.startsWith('operation.') && dimensions['name'] === 'find');
  expect(new Set(tools.map(({ dimensions }) => dimensions['service_name']))).toEqual(new Set(['shop', 'search', 'desk']));
  expect(tools.filter(({ parent_anomaly_id: parent }) => parent !== wide?.id)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual([
    expect.stringMatching(/^tool find (?:fails|is slow) in 3 services: desk, search, shop$/),
  ]);
  expect(firing.map(({ incident_id: id }) => id)).toEqual([incidents[0]?.id]);
});

it('a tenant of one service and one model has the anomalies of that service, and one alert', () => {
  const { anomalies, incidents, firing } = play(ALONE, { hits: ({ kind }) => kind === 'llm', failing: 0.7 });
  expect(anomalies.filter(isWide)).toEqual([]);
  expect(incidents.map(({ title }) => title)).toEqual(['shop: llm chat gpt-4o fails']);
  expect(firing).toHaveLength(1);
});
