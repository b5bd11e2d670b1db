import { type Verdict, type Weighed } from './directives/verdict';
import { type EventKind, type NativeEvent } from './event';
import { type Content, type Rank } from './severity';
import { type Settings } from './config';

/** Values that settings of `content` are about, as copied when they were seen. */
export interface RecordContent {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly tool_arguments?: unknown;
  readonly tool_result?: unknown;
}

export type EventFields = Partial<Omit<NativeEvent, 'kind' | 'ts' | 'input' | 'output' | 'attributes'>>;

/** What happened, as it waits in a ring or to be sent: not yet serialized. */
export interface SdkRecord extends Weighed {
  readonly kind: EventKind;
  /** Of the queue: what is lower goes first where there is no room. */
  readonly rank: Rank;
  /** An error: what led to it is sent, too. */
  readonly isFailure: boolean;
  readonly at: number;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly fields: EventFields;
  readonly attributes: Readonly<Record<string, unknown>> | null;
  readonly content: RecordContent | null;
  /** It is held because its turn is not among those that are kept, which stand for it. */
  isStoodFor?: boolean;
}

/** How a record is sent. */
export interface Marks {
  readonly verdict: Extract<Verdict, { isSent: true }>;
  readonly isFromRing: boolean;
}

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).length;

/** Under `metadata`, how long each field was. */
function lengths(content: RecordContent): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(content)) if (value !== undefined) found[`${name}.length`] = lengthOf(value);
  return found;
}

type ServiceFields = Pick<
  NativeEvent,
  'service_name' | 'service_version' | 'deployment_environment' | 'release' | 'region' | 'instance'
>;

export function serviceFields(settings: Settings): ServiceFields {
  const { service, serviceVersion, environment, release, region, instance } = settings;
  return {
    service_name: service,
    ...(serviceVersion ? { service_version: serviceVersion } : {}),
    ...(environment ? { deployment_environment: environment } : {}),
    ...(release ? { release } : {}),
    ...(region ? { region } : {}),
    instance,
  };
}

function contentFields(content: RecordContent, wanted: Content): Partial<NativeEvent> {
  if (wanted !== 'full') return {};
  return {
    ...(content.input === undefined ? {} : { input: content.input }),
    ...(content.output === undefined ? {} : { output: content.output }),
  };
}

function toolFields(record: SdkRecord, wanted: Content): Partial<NativeEvent> {
  const { tool } = record.fields;
  if (!tool) return {};
  const { tool_arguments: args, tool_result: result } = record.content ?? {};
  if (wanted !== 'full') return { tool };
  return { tool: { ...tool, ...(args === undefined ? {} : { arguments: args }), ...(result === undefined ? {} : { result }) } };
}

/** The event as it is sent, before redaction. */
export function eventOf(record: SdkRecord, service: ServiceFields, id: string, { verdict, isFromRing }: Marks): NativeEvent {
  const { merged, weight, changedBy } = verdict;
  const { subject, content } = record;
  const attributes = {
    ...record.attributes,
    ...(content && merged.content === 'metadata' ? lengths(content) : {}),
    ...(record.isLog && record.logger ? { logger: record.logger } : {}),
  };
  return {
    id,
    kind: record.kind,
    ts: new Date(record.at).toISOString(),
    ...service,
    ...(subject.sessionId ? { session_id: subject.sessionId } : {}),
    ...(subject.traceId ? { trace_id: subject.traceId } : {}),
    ...(record.spanId ? { span_id: record.spanId } : {}),
    ...(record.parentSpanId ? { parent_span_id: record.parentSpanId } : {}),
    ...(subject.userId ? { user_id: subject.userId } : {}),
    ...record.fields,
    ...(content ? contentFields(content, merged.content) : {}),
    ...toolFields(record, merged.content),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    verbosity_level: merged.level,
    ...(changedBy.length > 0 ? { directive_ids: changedBy.map(({ directive }) => directive.id) } : {}),
    ...(weight === 1 ? {} : { sampling_weight: weight }),
    ...(isFromRing ? { from_ring: true } : {}),
  };
}
