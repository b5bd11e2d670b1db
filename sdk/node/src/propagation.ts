import { createSubject } from './directives/match';
import { activeOtelSpan } from './otel';
import { currentScope, NO_SCOPE, runIn, type Scope } from './scope';

/** Where a request comes from. */
export interface RemoteContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sessionId: string;
}

type Headers = Readonly<Record<string, unknown>> | { get(name: string): string | null };

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const SESSION = 'session.id';
const MAX_BAGGAGE_CHARS = 8_192;

function headerOf(headers: Headers, name: string): string {
  if (typeof (headers as { get?: unknown }).get === 'function')
    return (headers as { get(of: string): string | null }).get(name) ?? '';
  const fields = headers as Readonly<Record<string, unknown>>;
  const key = Object.keys(fields).find((one) => one.toLowerCase() === name);
  const value = key === undefined ? undefined : fields[key];
  const one: unknown = Array.isArray(value) ? value.join(',') : value;
  return typeof one === 'string' ? one : '';
}

function sessionIn(baggage: string): string {
  if (baggage.length > MAX_BAGGAGE_CHARS) return '';
  for (const member of baggage.split(',')) {
    const [pair = ''] = member.split(';', 1);
    const at = pair.indexOf('=');
    if (at === -1 || pair.slice(0, at).trim() !== SESSION) continue;
    try {
      return decodeURIComponent(pair.slice(at + 1).trim());
    } catch {
      return '';
    }
  }
  return '';
}

/** Reads W3C `traceparent` and the session in `baggage`; null where neither says anything. */
export function extract(headers: Headers): RemoteContext | null {
  try {
    const [, version, traceId = '', spanId = '', rest] = TRACEPARENT.exec(headerOf(headers, 'traceparent').trim()) ?? [];
    const isValid =
      version !== undefined &&
      version !== 'ff' &&
      (version !== '00' || rest === undefined) &&
      !/^0+$/.test(traceId) &&
      !/^0+$/.test(spanId);
    const sessionId = sessionIn(headerOf(headers, 'baggage'));
    if (!isValid && !sessionId) return null;
    return { traceId: isValid ? traceId : '', spanId: isValid ? spanId : '', sessionId };
  } catch {
    return null;
  }
}

/** The headers with those that tell the called service where the call comes from. A user is never reported. */
export function inject(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { subject, spanId: own } = currentScope();
  const otel = activeOtelSpan();
  const traceId = subject.traceId || otel?.traceId;
  const spanId = otel && otel.traceId === traceId ? otel.spanId : own;
  const isTraced = Boolean(traceId && spanId);
  const { sessionId } = subject;
  const isOurs = (name: string): boolean =>
    (isTraced && name.toLowerCase() === 'traceparent') || (sessionId !== '' && name.toLowerCase() === 'baggage');
  const others = headerOf(headers, 'baggage')
    .split(',')
    .filter((member) => member.trim() !== '' && member.split('=', 1)[0]?.trim() !== SESSION);
  return {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !isOurs(name))),
    ...(isTraced ? { traceparent: `00-${traceId}-${spanId}-01` } : {}),
    ...(sessionId ? { baggage: [...others, `${SESSION}=${encodeURIComponent(sessionId)}`].join(',') } : {}),
  };
}

/** Runs `fn` as part of the trace and session that a request came with. */
export function withContext<T>(remote: RemoteContext | null, fn: () => T): T {
  if (remote === null) return fn();
  const outer = currentScope();
  const scope: Scope = {
    ...NO_SCOPE,
    isMuted: outer.isMuted,
    subject: createSubject(remote.traceId, remote.sessionId || outer.subject.sessionId, outer.subject.userId),
    spanId: remote.spanId,
  };
  return runIn(scope, fn);
}
