import { type AnomalyRecord, type IncidentRecord } from '@telltale/contracts';

/** An anomaly as part of an incident. */
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
}

/** An open incident with the state of its lifecycle. */
export interface OpenIncident {
  readonly record: IncidentRecord;
  readonly members: readonly Member[];
  /** Event time of the last anomaly or spike. */
  readonly lastEvidenceAt: number;
  /** Batch time of the last anomaly or spike. */
  readonly lastActivityAt: number;
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

/** Transitions of an incident. */
export type IncidentTransition = 'opened' | 'changed' | 'closed';

export interface IncidentStep {
  /** Null once closed. */
  readonly incident: OpenIncident | null;
  readonly record: IncidentRecord | null;
  readonly transition: IncidentTransition | null;
}

/** Maximum anomalies that an incident stores individually. */
export const MAX_MEMBERS = 100;

const DEPTHS: Readonly<Record<string, number>> = {
  tool: 0,
  retrieval: 0,
  embedding: 0,
  rerank: 0,
  mcp: 0,
  llm: 0,
  guardrail: 0,
  evaluator: 0,
  chain: 1,
  agent: 2,
};
const UNKNOWN_DEPTH = 1;
const TURN_DEPTH = 3;
/** Errors and logs report a fault; they are seldom its cause. */
const REPORT_DEPTH = 4;

export function hierarchyDepth({ metric, dimensions }: Pick<AnomalyRecord, 'metric' | 'dimensions'>): number {
  if (/^(?:turn|version)\./.test(metric)) return TURN_DEPTH;
  if (/^(?:error|log)\./.test(metric)) return REPORT_DEPTH;
  if (metric.startsWith('llm.')) return 0;
  return DEPTHS[dimensions['kind'] ?? ''] ?? UNKNOWN_DEPTH;
}

export function summaryOf(anomaly: Pick<AnomalyRecord, 'metric' | 'dimensions' | 'direction' | 'kind'>): string {
  const { metric, dimensions, direction } = anomaly;
  const { kind, name, model, severity } = {
    kind: dimensions['kind'],
    name: dimensions['name'],
    model: dimensions['model'],
    severity: dimensions['severity'],
  };
  const isOfTurns = metric.startsWith('turn.');
  const operation = [kind, name].filter(Boolean).join(' ');
  const subject = isOfTurns ? 'turns' : operation || 'operations';
  const isPlural = isOfTurns || operation === '';
  if (anomaly.kind === 'no_data') return `${subject} ${isPlural ? 'have' : 'has'} stopped`;
  if (metric === 'error.count') return `errors${dimensions['error_fingerprint'] ? ' of one kind' : ''} pile up`;
  if (metric === 'turn.count') return `${direction === 'up' ? 'more' : 'fewer'} turns than usual`;
  if (metric === 'turn.cost') return `turns cost ${direction === 'up' ? 'more' : 'less'}`;
  if (metric === 'turn.calls') return `turns make ${direction === 'up' ? 'more' : 'fewer'} calls`;
  if (metric === 'turn.unhelped') return 'turns end without an answer';
  if (metric === 'llm.time_to_first_token')
    return `${model ?? 'model'} calls begin to answer ${direction === 'up' ? 'later' : 'sooner'}`;
  if (metric === 'llm.cache_read_share')
    return `${model ?? 'model'} calls read ${direction === 'up' ? 'more' : 'less'} from the cache`;
  if (metric.startsWith('score'))
    return metric.endsWith('error_ratio')
      ? 'scores fail'
      : `score ${dimensions['score_name'] ?? ''} is ${direction === 'up' ? 'higher' : 'lower'}`;
  if (metric === 'llm.cost') return `${model ?? 'model'} calls cost ${direction === 'up' ? 'more' : 'less'}`;
  if (metric === 'llm.tokens') return `${model ?? 'model'} calls use ${direction === 'up' ? 'more' : 'fewer'} tokens`;
  if (metric.startsWith('log.')) return `${direction === 'up' ? 'more' : 'fewer'} ${severity ?? ''} logs`.replace('  ', ' ');
  if (metric.endsWith('.error_ratio')) return `${subject} ${isPlural ? 'fail' : 'fails'}`;
  return `${subject} ${isPlural ? 'are' : 'is'} ${direction === 'up' ? 'slow' : 'faster than usual'}`;
}

/** Anomalies that begin within this time count as simultaneous. */
const SAME_BEGINNING_MS = 2 * 60_000;

/**
 * The probable cause: of the anomalies that began first, the deepest (its callers deviate with it), then the one with the highest score.
 */
export function rootCauseOf(members: readonly Member[]): Member | undefined {
  const first = members.reduce((least, { startedAt }) => Math.min(least, startedAt), Infinity);
  return members
    .filter(({ startedAt }) => startedAt - first <= SAME_BEGINNING_MS)
    .sort((a, b) => a.depth - b.depth || b.score - a.score || a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))[0];
}
