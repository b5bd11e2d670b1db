import { type Clock } from './clock';
import { type InForce } from './directives/in-force';
import { type Pipeline } from './pipeline';
import { type EventFields, type SdkRecord } from './record';
import { currentScope, type Scope } from './scope';
import { spanHere } from './operation';
import { createSubject } from './directives/match';
import { ERROR, rankOf, type Severity, WARN } from './severity';
import { errorFields, snapshot } from './snapshot';

export type LogFields = Readonly<Record<string, unknown>>;
export type LogMethod = (message: string, fields?: LogFields | Error) => void;
/** Writes log lines; `logger('shop.db')` is below `shop`. */
export type Logger = Readonly<Record<Severity, LogMethod>>;

/** A line of another logger, such as pino's. */
export interface ForeignLine {
  readonly severity: Severity;
  readonly logger: string;
  readonly message: string;
  readonly fields: LogFields | Error | undefined;
  readonly at?: number;
  /** Where it was written, if that is not here. */
  readonly ids?: { readonly traceId: string; readonly spanId: string; readonly sessionId: string };
}

const MAX_BODY_CHARS = 65_536;
const MAX_FIELDS_BYTES = 65_536;
const RECORD_BYTES = 250;

interface Deps {
  readonly clock: Clock;
  readonly pipeline: Pipeline;
  readonly inForce: InForce;
}

/** The error that a line tells of: given by itself, or as `err`, `error` or `cause` of its fields. */
function errorIn(fields: LogFields | Error | undefined): EventFields['error'] | null {
  if (fields === undefined) return null;
  if (fields instanceof Error) return errorFields(fields);
  for (const name of ['err', 'error', 'cause']) {
    const value = fields[name];
    if (value instanceof Error) return errorFields(value);
    if (name === 'err' && typeof value === 'object' && value !== null && 'message' in value) return serializedError(value);
  }
  return null;
}

/** An error as pino writes it. */
function serializedError(value: object): EventFields['error'] {
  const { type, message, stack } = value as Record<string, unknown>;
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
  };
}

/** A line that another thread wrote names where; what is here counts first. */
function scopeOf(scope: Scope, { traceId, spanId, sessionId }: NonNullable<ForeignLine['ids']>): Scope {
  const { subject } = scope;
  if (subject.traceId !== '' || (traceId === '' && sessionId === '')) return scope;
  return { ...scope, spanId, subject: createSubject(traceId, sessionId || subject.sessionId, subject.userId) };
}

export function createLogs({ clock, pipeline, inForce }: Deps) {
  /** The common case, as cheap as can be: no one wants the line, and no turn is there to hold it. */
  function wants(severity: Severity, bytes: number, { turn, isMuted }: Scope = currentScope()): boolean {
    if (isMuted) return false;
    const rank = rankOf(severity);
    if (turn !== null || rank >= WARN || rank >= inForce.leastRank()) return true;
    pipeline.suppress(bytes);
    return false;
  }

  function write(line: ForeignLine): void {
    const scope = currentScope();
    if (wants(line.severity, RECORD_BYTES + String(line.message).length, scope))
      pipeline.take(recordOf(line, line.ids ? scopeOf(scope, line.ids) : scope), scope.turn);
  }

  function recordOf({ severity, logger, message, fields, at }: ForeignLine, scope: Scope): SdkRecord {
    const rank = rankOf(severity);
    const text = String(message);
    const body = text.length > MAX_BODY_CHARS ? text.slice(0, MAX_BODY_CHARS) : text;
    const copy = fields === undefined || fields instanceof Error ? null : snapshot(fields, MAX_FIELDS_BYTES);
    const error = errorIn(fields);
    return {
      kind: 'log',
      rank,
      isLog: true,
      severity: rank,
      isExempt: rank >= WARN,
      isFailure: rank >= ERROR,
      hasContent: false,
      bytes: RECORD_BYTES + body.length + (copy?.bytes ?? 0) + (error?.stack?.length ?? 0),
      at: at ?? clock.now(),
      spanId: spanHere(scope),
      parentSpanId: '',
      logger,
      operation: scope.operation,
      subject: scope.subject,
      fields: { severity, body, ...(error ? { error } : {}) },
      attributes: copy ? (copy.value as Record<string, unknown>) : null,
      content: null,
    };
  }

  const loggerOf = (name: string, guard: (fn: () => void) => void): Logger => {
    const method =
      (severity: Severity): LogMethod =>
      (message, fields) =>
        guard(() => write({ severity, logger: name, message, fields }));
    return {
      trace: method('trace'),
      debug: method('debug'),
      info: method('info'),
      warn: method('warn'),
      error: method('error'),
      fatal: method('fatal'),
    };
  };
  return { write, wants, loggerOf };
}
