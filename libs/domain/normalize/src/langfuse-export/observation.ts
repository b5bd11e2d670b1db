import { type EventKind, type OtlpAttributes } from '@telltale/contracts';
import { success } from '@telltale/kernel';
import { allVocabularies } from '../conventions';
import { type EventDraft, newDraft } from '../draft';
import { kindOf } from '../kind-of';
import { fillDraft, readItem } from '../otlp-reading';
import { toolNameIn } from '../otlp-span';
import { newReading, type Reading } from '../reading';
import { severityOf } from '../severity';
import { ATTRIBUTES } from './attribute-names';
import { type Fields, withoutNulls } from './fields';
import { type Metadata, metadataOf } from './metadata';
import { nativeOf } from './native-of';
import {
  contextOf,
  fillContext,
  type ImportOptions,
  missing,
  noTime,
  type ReadRecord,
  recordId,
  type TraceContext,
} from './record';
import { costDetailsOf, usageDetailsOf } from './usage-details';

const COUNTS = [
  'inputTokens', 'plainInputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'outputTokens', 'plainOutputTokens', 'reasoningTokens', 'totalTokens',
  'inputTextTokens', 'inputImageTokens', 'inputAudioTokens', 'outputTextTokens', 'outputImageTokens', 'outputAudioTokens',
] as const satisfies readonly (keyof Reading)[]; // prettier-ignore
const NO_HEAD = { resource: {}, scope: { name: '', version: '', attributes: {} } };

/** What the fields of an observation say, by the names that Langfuse's own SDKs give them on a span. */
function attributesOf(fields: Fields): OtlpAttributes {
  const tags = fields.list('tags').length > 0 ? fields.list('tags') : fields.list('traceTags');
  return withoutNulls({
    'langfuse.observation.type': fields.text('type').toLowerCase(),
    'langfuse.observation.model.name': fields.text('model') || fields.text('providedModelName') || null,
    'langfuse.observation.model.parameters': withoutNulls(fields.object('modelParameters')),
    'langfuse.observation.usage_details': usageDetailsOf(fields),
    'langfuse.observation.cost_details': costDetailsOf(fields),
    'langfuse.observation.input': fields.value('input'),
    'langfuse.observation.output': fields.value('output'),
    'langfuse.observation.prompt.name': fields.text('promptName') || null,
    'langfuse.observation.prompt.version': fields.text('promptVersion') || null,
    'langfuse.observation.level': fields.text('level') || null,
    [ATTRIBUTES.traceName]: fields.text('traceName') || null,
    [ATTRIBUTES.traceTags]: tags.length > 0 ? tags : null,
  }) as OtlpAttributes;
}

const isEmpty = (value: unknown): boolean => value === '' || value === null || (Array.isArray(value) && value.length === 0);

/** What Langfuse stored, over what the span said from which it was made: whatever Langfuse counts and names stays as it shows it. */
function mergeReadings(span: Reading, stored: Reading): Reading {
  const merged: Reading = { ...span };
  const none = newReading();
  if (COUNTS.some((field) => stored[field] !== null)) for (const field of COUNTS) merged[field] = none[field];
  for (const [field, value] of Object.entries(stored)) if (!isEmpty(value)) Object.assign(merged, { [field]: value as unknown });
  // It shows one model: where that is the one that answered, the one that was asked for is known from the span alone.
  if (span.requestModel && span.responseModel === stored.requestModel) merged.requestModel = span.requestModel;
  return merged;
}

/** An operation as Langfuse keeps it, read by its own fields and, where it came by OpenTelemetry, by the attributes of its span. */
function readOperation(fields: Fields, metadata: Metadata): EventDraft {
  const span = readItem(allVocabularies, { resource: metadata.resource, scope: metadata.scope }, metadata.attributes);
  const stored = readItem(allVocabularies, NO_HEAD, { ...(metadata.own as OtlpAttributes), ...attributesOf(fields) });
  const reading = mergeReadings(span.reading, stored.reading);
  const attributes = { ...span.attributes, ...stored.attributes };
  const type = fields.text('type').toUpperCase();
  // A SPAN is whatever Langfuse did not know better, such as agents that tell their name alone.
  const kinds = type === 'SPAN' && reading.agentName ? span.kinds : [...stored.kinds, ...span.kinds];
  const kind: EventKind = type === 'EVENT' ? 'log' : kindOf(reading, kinds, false);
  const draft = newDraft('', kind, 'native', fields.time('startTime') ?? NaN);
  const name = fields.text('name');
  if (kind === 'tool') reading.toolName ||= reading.entityName || toolNameIn(name) || 'tool';
  if (kind === 'agent') reading.agentName ||= reading.entityName;
  fillDraft(draft, reading, attributes);
  if (draft.event.decision_options.length === 0) draft.event.decision_options = Object.keys(fields.object('toolDefinitions'));
  return draft;
}

function fillOutcome({ event, content, at }: EventDraft, fields: Fields): void {
  const end = fields.time('endTime');
  const firstToken = fields.time('completionStartTime');
  if (end !== null && end >= at) event.duration_ms = end - at;
  if (firstToken !== null && firstToken >= at && event.kind === 'llm') event.time_to_first_token_ms = firstToken - at;
  const message = fields.text('statusMessage');
  const level = fields.text('level').toUpperCase();
  event.status = level === 'ERROR' ? 'error' : end === null ? 'unset' : 'ok';
  if (event.status === 'error') event.error_message = message || event.error_message;
  else {
    // An event that says an error is read as a failed one.
    event.error_type = event.error_message = event.error_stack = '';
    if (message) content.attributes[ATTRIBUTES.statusMessage] = message;
  }
  if (event.kind !== 'log') return;
  event.severity = severityOf(level === 'DEFAULT' ? 'info' : level, 0);
  content.body = message || event.name;
}

function fillVersions({ event, content }: EventDraft, fields: Fields): void {
  const version = fields.text('version');
  event.service_version ||= version;
  if (version && version !== event.service_version) content.attributes[ATTRIBUTES.version] = version;
}

/** An observation of any type as an event; `trace` is what its trace says, where that is known. */
export function readObservation(fields: Fields, trace: TraceContext | undefined, options: ImportOptions): ReadRecord {
  const id = fields.text('id');
  if (!id) return missing('id');
  const start = fields.time('startTime');
  if (start === null) return missing('startTime');
  for (const field of ['startTime', 'endTime', 'completionStartTime'])
    if (Number.isNaN(fields.time(field) ?? 0)) return noTime(field);
  const metadata = metadataOf(fields, ATTRIBUTES.metadata);
  const draft = readOperation(fields, metadata);
  const { event } = draft;
  const traceId = fields.text('traceId');
  event.id = recordId('observation', traceId, id);
  event.trace_id = traceId;
  event.span_id = id;
  event.parent_span_id = fields.text('parentObservationId');
  event.name = (event.kind === 'tool' && event.tool_name) || fields.text('name') || event.kind;
  fillContext(draft, contextOf(fields, metadata), trace, options);
  fillVersions(draft, fields);
  fillOutcome(draft, fields);
  return success(nativeOf(draft));
}
