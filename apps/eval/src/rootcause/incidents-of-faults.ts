import { type IncidentRecord, TOPICS } from '@telltale/contracts';
import { createDice, DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { incidentsConfig, incidentsService } from '@telltale/pipeline-incidents';
import { scorerConfig, scorerService } from '@telltale/pipeline-score';
import { expectSync, type LogRecord } from '@telltale/streaming';
import { type FleetSeries, measureAt, newFleetSeries, WINDOW_MS } from '../fleet-series';

// Faults of one tool, model or whole service among services that work, as measures through the scorer and its anomalies through incidents, live.

export interface IncidentFigures {
  readonly faults: number;
  /** Faults with an incident of their service while they lasted or soon after. */
  readonly faults_with_incident: number;
  readonly incidents: number;
  /** Of all incidents, those of no fault. */
  readonly false_incidents_share: number;
  /** Incidents of faults over the faults that have any. */
  readonly incidents_per_fault: number;
}

const TENANT = 'faults';
const START = Date.UTC(2026, 0, 5);
const LEARNING_DAYS = 5;
const FAULT_DAY = START + LEARNING_DAYS * DAY_MS;
const SERVICES = 20;
const TOOLS = 2;
/** One service in so many has no fault. */
const CLEAN_EVERY = 5;
const SOON_MS = 20 * MINUTE_MS;

interface Planted {
  readonly service: string;
  readonly from: number;
  readonly to: number;
}

function servicesOf(seed: number): { readonly series: FleetSeries[]; readonly faults: Planted[] } {
  const dice = createDice(seed);
  const series: FleetSeries[] = [];
  const faults: Planted[] = [];
  for (let i = 0; i < SERVICES; i++) {
    const service = `bot-${i}`;
    const from = FAULT_DAY + WINDOW_MS * Math.floor((HOUR_MS + dice.uniform() * 16 * HOUR_MS) / WINDOW_MS);
    const to = from + (1 + 3 * dice.uniform()) * HOUR_MS;
    const isClean = i % CLEAN_EVERY === CLEAN_EVERY - 1;
    const isError = dice.uniform() < 0.4;
    const isWhole = dice.uniform() < 0.3;
    const planted = isClean ? null : { fault: isError ? ('error_ratio' as const) : ('level_shift' as const), from, to };
    if (planted) faults.push({ service, from, to });
    const add = (metric: string, of: Record<string, string>, rate: number, median: number, hurt: boolean): void =>
      void series.push(newFleetSeries({ metric, dimensions: { service_name: service, ...of }, rate, median, spread: 0.3 + 0.3 * dice.uniform(), rhythm: 0.4 + 0.4 * dice.uniform(), phase: 0.1 * dice.uniform(), errorShare: 0.01 * dice.uniform(), planted: hurt ? planted : null })); // prettier-ignore
    add('turn.duration', {}, 0.3 + 0.4 * dice.uniform(), 2_000 + 4_000 * dice.uniform(), true);
    for (let tool = 0; tool < TOOLS; tool++)
      add('operation.duration', { kind: 'tool', name: `tool-${tool}` }, 0.2 + 0.4 * dice.uniform(), 100 + 900 * dice.uniform(), isWhole || tool === 0); // prettier-ignore
  }
  return { series, faults };
}

/** Incidents in their newest state, with the time of the batch that opened them. */
function incidentsOf(series: readonly FleetSeries[], seed: number): { readonly incident: IncidentRecord; readonly at: number }[] {
  const scorer = scorerService
    .open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 120_000 }), { partitions: 1 })
    .createTask(0, new Map());
  const incidents = incidentsService.open(incidentsConfig.parse({})).createTask(0, new Map());
  const dice = createDice(seed);
  const opened = new Map<string, { readonly incident: IncidentRecord; readonly at: number }>();
  let offset = 0;
  const recordOf = (topic: string, value: Buffer, at: number): LogRecord => ({ topic, partition: 0, offset: offset++, key: null, value, headers: {}, timestampMs: at }); // prettier-ignore
  for (let minute = START; minute < FAULT_DAY + DAY_MS; minute += MINUTE_MS) {
    const now = minute + MINUTE_MS;
    const measures: LogRecord[] = [];
    for (let at = minute; at < now; at += WINDOW_MS)
      for (const one of series) {
        const measure = measureAt(one, at, dice, TENANT);
        if (measure) measures.push(recordOf(TOPICS.measures.name, Buffer.from(JSON.stringify(measure)), at));
      }
    const scored = expectSync(scorer.process(measures, { source: 'telltale.scorer/0', partition: 0, now }));
    const anomalies = scored.outputs.flatMap(({ topic, value }) => (topic === TOPICS.anomalies.name && value ? [recordOf(topic, Buffer.from(value), now)] : [])); // prettier-ignore
    for (const { topic, value } of expectSync(incidents.process(anomalies, { source: 'telltale.incidents/0', partition: 0, now })).outputs) {
      if (topic !== TOPICS.incidents.name || value === null) continue;
      const incident = JSON.parse(value.toString()) as IncidentRecord;
      opened.set(incident.id, { incident, at: opened.get(incident.id)?.at ?? now });
    }
  }
  return [...opened.values()];
} // prettier-ignore

const rounded = (value: number): number => Math.round(1_000 * value) / 1_000;

/** How many incidents faults become, and how many there are without one, on the day after a working week; of one fleet a seed. */
export function countIncidents(seeds: readonly number[]): IncidentFigures {
  const counts = { faults: 0, seen: 0, incidents: 0, ofFaults: 0, isFalse: 0 };
  for (const seed of seeds) {
    const { series, faults } = servicesOf(seed);
    const found = incidentsOf(series, seed + 1).filter(({ at }) => at >= FAULT_DAY);
    const isOf = ({ service, from, to }: Planted, { incident, at }: (typeof found)[number]): boolean =>
      incident.services.includes(service) && at >= from && at <= to + SOON_MS;
    const owns = faults.map((fault) => found.filter((one) => isOf(fault, one)).length);
    counts.faults += faults.length;
    counts.seen += owns.filter((count) => count > 0).length;
    counts.incidents += found.length;
    counts.ofFaults += owns.reduce((sum, count) => sum + count, 0);
    counts.isFalse += found.filter((one) => !faults.some((fault) => isOf(fault, one))).length;
  }
  return {
    faults: counts.faults,
    faults_with_incident: counts.seen,
    incidents: counts.incidents,
    false_incidents_share: rounded(counts.isFalse / Math.max(1, counts.incidents)),
    incidents_per_fault: rounded(counts.ofFaults / Math.max(1, counts.seen)),
  };
}
