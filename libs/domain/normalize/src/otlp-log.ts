import { type OtlpAttributes, type OtlpLogRecord } from '@telltale/contracts';
import { hashId, isRecord, success } from '@telltale/kernel';
import { agentDraft, setPlace } from './agent-log';
import { allVocabularies } from './conventions';
import { agentRecordOf, codingAgentOf, vocabulariesOf } from './conventions/coding-agents';
import { type Arrival, newDraft, type Normalized } from './draft';
import { messageOf } from './messages/read-messages';
import { fillDraft, type GroupHead, readItem } from './otlp-reading';
import { severityOf } from './severity';
import { DETAILS, EVALUATION, isMessageEvent, messageInEvent } from './span-events';

/** The attribute set that a details record carries in its body, where its producer has put it there. */
const inBody = ({ body }: OtlpLogRecord, name: string): OtlpAttributes =>
  name === DETAILS && isRecord(body) ? (body as OtlpAttributes) : {};

/** The same record sent again has the same id. */
const idOf = (record: OtlpLogRecord, name: string, service: string, tenant: string): string =>
  hashId(
    32, tenant, record.timeMs || record.observedMs, record.traceId, record.spanId, record.severityNumber, name, service,
    JSON.stringify([record.body, record.attributes]),
  ); // prettier-ignore

/**
 * An OTLP log record: a log line, a message or the details of a call of a model (which its span counts, so that usage stays with the
 * span), or the judgement of an evaluator.
 */
export function normalizeLog(
  record: OtlpLogRecord,
  head: GroupHead,
  { tenant, receivedAt }: Arrival,
  vocabulary = allVocabularies,
): Normalized {
  const said = record.attributes['event.name'];
  const name = record.eventName || (typeof said === 'string' ? said : '');
  const agent = codingAgentOf(head);
  const reported = agent ? agentRecordOf(agent, record) : null;
  if (agent && reported)
    return success([agentDraft(agent, reported, record, head, { tenant, receivedAt }, idOf(record, name, agent.name, tenant))]);
  const words = agent ? vocabulariesOf(agent).logs : vocabulary;
  const { reading, attributes } = readItem(words, head, inBody(record, name), record.attributes);
  const isJudgement = name === EVALUATION;
  const draft = newDraft(
    tenant,
    isJudgement ? 'evaluator' : 'log',
    'otlp-logs',
    Math.floor(record.timeMs || record.observedMs || receivedAt),
  );
  fillDraft(draft, reading, attributes);
  const { event, content } = draft;
  event.id = idOf(record, name, event.service_name, tenant);
  if (agent) setPlace(draft, agent, record);
  else event.trace_id = record.traceId;
  content.body = name === DETAILS ? '' : (record.body ?? '');
  if (isJudgement) {
    event.name = reading.scoreName || 'evaluation';
    event.parent_span_id = record.spanId;
    event.status = event.error_type ? 'error' : 'ok';
    return success([draft]);
  }
  if (isMessageEvent(name)) {
    const message = messageOf(messageInEvent(name, record.body, record.attributes), 'user');
    if (message) content[message.role === 'assistant' ? 'output' : 'input'] = [message];
  }
  event.severity = severityOf(record.severityText, record.severityNumber);
  if (record.severityText && record.severityText !== event.severity) attributes['severity_text'] = record.severityText;
  event.name = name || 'log';
  event.span_id = record.spanId;
  if (event.error_type || event.error_message) event.status = 'error';
  return success([draft]);
}
