import { TOPICS } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { lingerFor } from '@telltale/streaming';
import { SIZING_FIGURES, type SizingFigureName } from './sizing-figures';

export interface SizeRequest {
  readonly eventsPerSecond: number;
  /** Series with values in every window; null: as many as `SIZING_FIGURES.series` says. */
  readonly series: number | null;
  readonly retentionDays: number;
  readonly batchLingerMs: number;
  readonly batchMaxRecords: number;
}

interface Sized {
  readonly restsOn: readonly SizingFigureName[];
}
export interface ServiceSize extends Sized {
  readonly service: string;
  readonly pods: number;
  readonly coresPerPod: number;
  readonly memoryMbPerPod: number;
}
export interface DiskSize extends Sized {
  readonly what: string;
  /** Of all replicas together. */
  readonly gigabytes: number;
}

/** What one cell needs. All of it is for the same load: a deployment of several cells is that many of these. */
export interface Size {
  /** Whole deployments that the load is spread over. */
  readonly cells: number;
  readonly eventsPerSecond: number;
  readonly partitions: number;
  readonly services: readonly ServiceSize[];
  readonly kafka: readonly DiskSize[];
  readonly clickhouse: readonly DiskSize[];
  readonly lingerMs: number;
  readonly insertsPerSecondAndTable: number;
}

const PARTITION_STEPS = [24, 48, 96, 192, 384, 512];
const WINDOW_SECONDS = 10;
const DAY_SECONDS = DAY_MS / 1000;
const GB = 1e9;
const MEMORY_STEP_MB = 256;
/** One may go while the other serves. */
const LEAST_PODS: Readonly<Record<string, number>> = { gateway: 2, enricher: 2 };

const figure = (name: SizingFigureName): number => SIZING_FIGURES[name].value;
const upTo = (step: number, value: number): number => Math.ceil(value / step) * step;
const podsFor = (service: string, load: number, ratePerCore: number): number =>
  Math.max(LEAST_PODS[service] ?? 1, Math.ceil(load / (ratePerCore * figure('use'))));

/** The processes, topics and tables for so many events a second; pure, from `SIZING_FIGURES` alone. */
export function sizeFor(request: SizeRequest): Size {
  const cells = Math.ceil(request.eventsPerSecond / figure('cell_rate'));
  const rate = request.eventsPerSecond / cells;
  const series = Math.ceil((request.series ?? request.eventsPerSecond * figure('series')) / cells);
  /** What is left of a rate in memory once the Kafka client and inserts have had theirs, as of the enricher. */
  const withIo = figure('enricher_rate') / figure('steps_rate');
  const pods = {
    gateway: podsFor('gateway', rate, figure('gateway_rate')),
    enricher: podsFor('enricher', rate, figure('enricher_rate')),
    turns: podsFor('turns', rate, figure('turns_rate') * withIo),
    scorer: podsFor('scorer', series / WINDOW_SECONDS, figure('scorer_rate') * withIo),
    costs: podsFor('costs', rate, figure('costs_rate') * withIo),
  };
  const most = Math.max(pods.enricher, pods.turns, pods.scorer, pods.costs);
  const partitions = PARTITION_STEPS.find((step) => step >= most) ?? PARTITION_STEPS.at(-1) ?? most;

  const service = (name: string, count: number, memoryMb: number, restsOn: readonly SizingFigureName[]): ServiceSize => ({
    service: name,
    pods: count,
    coresPerPod: 1,
    memoryMbPerPod: upTo(MEMORY_STEP_MB, memoryMb),
    restsOn,
  });
  const atRest = figure('process_memory');
  const tasks = (count: number): number => Math.ceil(partitions / count) * figure('task_memory');
  const enricherAtRest = figure('enricher_memory') - 2 * figure('task_memory');
  const seriesMb = (series / pods.scorer) * (figure('series_memory') / 1000);
  const services = [
    service('gateway', pods.gateway, 2 * atRest, ['gateway_rate', 'process_memory', 'use']),
    service('enricher', pods.enricher, enricherAtRest + tasks(pods.enricher), ['enricher_rate', 'enricher_memory', 'task_memory', 'use']), // prettier-ignore
    service('turns', pods.turns, atRest + tasks(pods.turns), ['turns_rate', 'steps_rate', 'process_memory', 'task_memory', 'use']), // prettier-ignore
    service('scorer', pods.scorer, atRest + tasks(pods.scorer) + seriesMb, ['scorer_rate', 'steps_rate', 'process_memory', 'series', 'series_memory', 'use']), // prettier-ignore
    service('costs', pods.costs, atRest + tasks(pods.costs), ['costs_rate', 'steps_rate', 'process_memory', 'task_memory', 'use']), // prettier-ignore
    ...['incidents', 'verbosity', 'insights'].map((name) => service(name, 1, 1.5 * atRest, ['process_memory'])),
  ];

  const onKafka = (bytes: number, retentionMs: number): number =>
    (bytes * rate * (retentionMs / 1000) * figure('kafka_replicas')) / GB;
  const onClickHouse = (bytesPerSecond: number): number =>
    (bytesPerSecond * DAY_SECONDS * request.retentionDays * figure('clickhouse_replicas')) / GB;
  const disk = (what: string, gigabytes: number, ...restsOn: SizingFigureName[]): DiskSize => ({ what, gigabytes: Math.ceil(gigabytes), restsOn }); // prettier-ignore
  const lingerMs = lingerFor(partitions, request.batchLingerMs);
  return {
    cells,
    eventsPerSecond: rate,
    partitions,
    services,
    kafka: [
      disk(TOPICS.raw.name, onKafka(figure('raw_bytes'), TOPICS.raw.retentionMs), 'raw_bytes', 'kafka_replicas'),
      disk(TOPICS.events.name, onKafka(figure('events_bytes'), TOPICS.events.retentionMs), 'events_bytes', 'kafka_replicas'),
      disk(TOPICS.measures.name, onKafka(figure('measures_bytes') * figure('values'), TOPICS.measures.retentionMs), 'measures_bytes', 'values', 'kafka_replicas'), // prettier-ignore
      disk(TOPICS.turns.name, onKafka(figure('turns_bytes'), TOPICS.turns.retentionMs), 'turns_bytes', 'kafka_replicas'),
    ],
    clickhouse: [
      disk('events', onClickHouse(rate * figure('stored_bytes')), 'stored_bytes', 'clickhouse_replicas'),
      disk('series_windows', onClickHouse((series / WINDOW_SECONDS) * figure('window_bytes')), 'window_bytes', 'series', 'clickhouse_replicas'), // prettier-ignore
    ],
    lingerMs,
    insertsPerSecondAndTable: Math.ceil(Math.max((partitions * 1000) / lingerMs, rate / request.batchMaxRecords)),
  };
}
