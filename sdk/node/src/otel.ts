/** What is read of the OpenTelemetry API when the application has loaded it: its global, never an import. */
interface OtelContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OtelContext;
}
interface ContextManager {
  active(): OtelContext;
  with<T>(context: OtelContext, fn: () => T): T;
}

const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');
const NO_TRACE = '0'.repeat(32);

const managerOf = (): ContextManager | null => {
  const api = (globalThis as Record<symbol, unknown>)[API] as { context?: ContextManager } | undefined;
  return api?.context ?? null;
};

export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** The span of OpenTelemetry that is active here, or null. */
export function activeOtelSpan(): SpanIds | null {
  try {
    const span = managerOf()?.active().getValue(SPAN) as { spanContext?(): Partial<SpanIds> } | undefined;
    const { traceId, spanId } = span?.spanContext?.() ?? {};
    return traceId && spanId && traceId !== NO_TRACE ? { traceId, spanId } : null;
  } catch {
    return null;
  }
}

/** Runs `fn` so that spans of OpenTelemetry that begin in it belong to the operation. */
export function inOtelSpan<T>(ids: SpanIds, fn: () => T): T {
  const manager = managerOf();
  if (manager === null) return fn();
  let context: OtelContext;
  try {
    context = manager.active().setValue(SPAN, placeholder(ids));
  } catch {
    return fn();
  }
  return manager.with(context, fn);
}

/** A span that records nothing and only says who it is. */
function placeholder(ids: SpanIds): object {
  const self: Record<string, unknown> = {
    spanContext: () => ({ ...ids, traceFlags: 1, isRemote: true }),
    isRecording: () => false,
    end: () => undefined,
    recordException: () => undefined,
  };
  for (const name of ['setAttribute', 'setAttributes', 'addEvent', 'addLink', 'addLinks', 'setStatus', 'updateName'])
    self[name] = () => self;
  return self;
}
