import { type AnomalyRecord, narrowMetricOf } from '@telltale/contracts';

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

export function hierarchyDepth({ metric: measured, dimensions }: Pick<AnomalyRecord, 'metric' | 'dimensions'>): number {
  if (measured.startsWith('provider.')) return 0;
  const metric = narrowMetricOf(measured);
  if (/^(?:turn|version)\./.test(metric)) return TURN_DEPTH;
  if (/^(?:error|log)\./.test(metric)) return REPORT_DEPTH;
  if (metric.startsWith('llm.')) return 0;
  return DEPTHS[dimensions['kind'] ?? ''] ?? UNKNOWN_DEPTH;
}

export function summaryOf(anomaly: Pick<AnomalyRecord, 'metric' | 'dimensions' | 'direction' | 'kind'>): string {
  const { dimensions, direction } = anomaly;
  const metric = narrowMetricOf(anomaly.metric);
  const { kind, name, model, severity } = {
    kind: dimensions['kind'],
    name: dimensions['name'],
    model: dimensions['model'],
    severity: dimensions['severity'],
  };
  const isOfTurns = metric.startsWith('turn.');
  const operation = [kind, name].filter(Boolean).join(' ');
  const subject = isOfTurns ? 'turns' : anomaly.metric.startsWith('provider.') ? 'model calls' : operation || 'operations';
  const isPlural = isOfTurns || operation === '';
  if (anomaly.kind === 'novelty') {
    if (metric.startsWith('error.')) return 'a new kind of error';
    if (metric.startsWith('log.')) return 'a new kind of error log';
    if (metric === 'service.version') return `version ${dimensions['service_version'] ?? ''} is new`;
    return `${operation || (model ? `model ${model}` : 'something')} is new`;
  }
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
