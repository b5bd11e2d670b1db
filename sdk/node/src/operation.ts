import { type Clock } from './clock';
import { createSubject, type Operation } from './directives/match';
import { type CallFields, type EventKind } from './event';
import { activeOtelSpan, inOtelSpan } from './otel';
import { type Pipeline } from './pipeline';
import { type EventFields, type RecordContent, type SdkRecord } from './record';
import { currentScope, newSpanId, newTraceId, runIn, type OpenTurn, type Scope } from './scope';
import { ERROR, INFO } from './severity';
import { errorFields, snapshot } from './snapshot';

export type Attributes = Readonly<Record<string, unknown>>;

/** What an operation begins with. */
export interface OperationOptions extends CallFields {
  readonly input?: unknown;
  readonly attributes?: Attributes;
  readonly session_id?: string;
  readonly user_id?: string;
  /** Of a tool. */
  readonly call_id?: string;
  readonly arguments?: unknown;
}

/** An operation while it goes on. */
export interface OperationHandle {
  readonly traceId: string;
  readonly spanId: string;
  setInput(value: unknown): void;
  setOutput(value: unknown): void;
  set(fields: CallFields): void;
  setAttributes(attributes: Attributes): void;
  /** Says that it failed, where nothing is thrown. */
  fail(error: unknown): void;
}

/** An operation that ends when it is reported to; the first time counts. */
export interface RunningOperation extends OperationHandle {
  run<T>(fn: () => T): T;
  end(): void;
}

export const MAX_FIELD_BYTES = 200_000;
const MAX_ATTRIBUTES_BYTES = 32_000;
const RECORD_BYTES = 400;

interface Deps {
  readonly clock: Clock;
  readonly pipeline: Pipeline;
}

/** The span that what happens here is in: of ours, or one of OpenTelemetry that began within it. */
export function spanHere({ subject, spanId }: Scope): string {
  const otel = activeOtelSpan();
  return otel && otel.traceId === subject.traceId ? otel.spanId : spanId;
}

/** Who and which trace: those of the scope, unless the operation says otherwise. */
function subjectFor(scope: Scope, options: OperationOptions, traceId: string): Scope['subject'] {
  const { subject } = scope;
  const sessionId = options.session_id ?? subject.sessionId;
  const userId = options.user_id ?? subject.userId;
  return traceId === subject.traceId && sessionId === subject.sessionId && userId === subject.userId
    ? subject
    : createSubject(traceId, sessionId, userId);
}

/** Options that are no fields of the event, or have a place of their own in it. */
const NO_FIELDS = new Set(['input', 'attributes', 'session_id', 'user_id', 'call_id', 'arguments']);
const callFieldsOf = (options: OperationOptions): CallFields =>
  Object.fromEntries(Object.entries(options).filter(([name, value]) => !NO_FIELDS.has(name) && value !== undefined));

export function beginOperation(
  wanted: EventKind,
  name: string,
  options: OperationOptions,
  { clock, pipeline }: Deps,
): RunningOperation {
  const outer = currentScope();
  const otel = activeOtelSpan();
  const isRoot = outer.subject.traceId === '';
  const traceId = outer.subject.traceId || otel?.traceId || newTraceId();
  const parentSpanId = isRoot ? (otel?.spanId ?? '') : spanHere(outer);
  // A trace has one turn: one within another, or that another service began, is an agent of it.
  const kind = wanted === 'turn' && !isRoot ? 'agent' : wanted;
  const spanId = newSpanId();
  const subject = subjectFor(outer, options, traceId);
  const began = clock.mono();
  const at = clock.now();
  const ownTurn: OpenTurn | null = outer.turn === null && !outer.isMuted ? pipeline.turns.open(subject) : null;
  const turn = outer.turn ?? ownTurn;

  let fields: CallFields = callFieldsOf(options);
  let attributes: Record<string, unknown> | null = null;
  const content: { -readonly [F in keyof RecordContent]: RecordContent[F] } = {};
  let bytes = RECORD_BYTES;
  let failure: EventFields['error'] | null = null;
  let isEnded = false;

  const keep = (field: keyof RecordContent, value: unknown): void => {
    if (value === undefined || outer.isMuted) return;
    const copy = snapshot(value, MAX_FIELD_BYTES);
    content[field] = copy.value;
    bytes += copy.bytes;
  };
  const setAttributes = (more: Attributes | undefined): void => {
    if (more === undefined || outer.isMuted) return;
    const copy = snapshot(more, MAX_ATTRIBUTES_BYTES);
    attributes = { ...attributes, ...(copy.value as Attributes) };
    bytes += copy.bytes;
  };
  const operation = (): Operation => ({
    kind,
    name,
    toolName: kind === 'tool' ? name : outer.operation.toolName,
    model: fields.request_model ?? outer.operation.model,
  });

  keep('input', options.input);
  keep('tool_arguments', options.arguments);
  setAttributes(options.attributes);
  const scope: Scope = { subject, spanId, operation: operation(), turn, isMuted: outer.isMuted };

  function recordOf(): SdkRecord {
    const durationMs = Math.max(0, clock.mono() - began);
    return {
      kind,
      rank: failure ? ERROR : INFO,
      isLog: false,
      severity: null,
      isExempt: failure !== null,
      isFailure: failure !== null,
      hasContent: Object.keys(content).length > 0,
      bytes,
      at,
      spanId,
      parentSpanId,
      logger: '',
      operation: operation(),
      subject,
      fields: {
        ...(name ? { name } : {}),
        ...fields,
        duration_ms: Math.round(durationMs * 1_000) / 1_000,
        status: failure ? 'error' : 'ok',
        ...(failure ? { error: failure } : {}),
        ...(kind === 'tool' ? { tool: { name, ...(options.call_id ? { call_id: options.call_id } : {}) } } : {}),
      },
      attributes,
      content,
    };
  }

  return {
    traceId,
    spanId,
    setInput: (value) => keep('input', value),
    setOutput: (value) => keep(kind === 'tool' ? 'tool_result' : 'output', value),
    set: (more) => {
      fields = { ...fields, ...more };
    },
    setAttributes,
    fail: (error) => {
      failure = errorFields(error);
    },
    run: (fn) => runIn(scope, () => inOtelSpan({ traceId, spanId }, fn)),
    end() {
      if (isEnded) return;
      isEnded = true;
      if (!outer.isMuted) pipeline.take(recordOf(), turn);
      ownTurn?.close();
    },
  };
}
