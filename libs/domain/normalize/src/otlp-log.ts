import { type OtlpLogRecord } from '@telltale/contracts';
import { hashId, success } from '@telltale/kernel';
import { type Arrival, newDraft, type Normalised } from './draft';
import { genAiVocabulary } from './genai-vocabulary';
import { fillDraft, type GroupHead, readItem } from './otlp-reading';
import { severityOf } from './severity';

/** An OTLP log record: a log line, or the judgement of an evaluator. */
export function normaliseLog(
  record: OtlpLogRecord,
  head: GroupHead,
  { tenant, receivedAt }: Arrival,
  vocabulary = genAiVocabulary,
): Normalised {
  const { reading, attributes } = readItem(vocabulary, head, record.attributes);
  const name = record.eventName || reading.eventName;
  const isJudgement = name === 'gen_ai.evaluation.result';
  const draft = newDraft(
    tenant,
    isJudgement ? 'evaluator' : 'log',
    'otlp-logs',
    Math.floor(record.timeMs || record.observedMs || receivedAt),
  );
  fillDraft(draft, reading, attributes);
  const { event, content } = draft;
  event.id = hashId(
    32, tenant, record.timeMs || record.observedMs, record.traceId, record.spanId, record.severityNumber, name, event.service_name,
    JSON.stringify([record.body, record.attributes]),
  ); // prettier-ignore
  event.trace_id = record.traceId;
  content.body = record.body ?? '';
  if (isJudgement) {
    event.name = reading.scoreName || 'evaluation';
    event.parent_span_id = record.spanId;
    event.status = event.error_type ? 'error' : 'ok';
  } else {
    event.severity = severityOf(record.severityText, record.severityNumber);
    if (record.severityText && record.severityText !== event.severity) attributes['severity_text'] = record.severityText;
    event.name = name || 'log';
    event.span_id = record.spanId;
    if (event.error_type || event.error_message) event.status = 'error';
  }
  return success([draft]);
}
