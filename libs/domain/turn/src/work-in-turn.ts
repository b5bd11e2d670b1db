import { duplicateCalls, type ReportedCall, type TurnEdge } from '@telltale/contracts';
import { groupBy } from '@telltale/kernel';
import { isCall, isFailed, labelOf, type Operation } from './operation';

const MAX_SELF_TIMES = 8;
const MAX_EDGES = 64;

/** Operations with a span, by span id; of two with one id the first. */
export function bySpan(operations: readonly Operation[]): ReadonlyMap<string, Operation> {
  const found = new Map<string, Operation>();
  for (const operation of operations)
    if (operation.spanId !== undefined && !found.has(operation.spanId)) found.set(operation.spanId, operation);
  return found;
}

/** How much of [from, to) none of the intervals covers. */
function uncovered(from: number, to: number, intervals: readonly (readonly [from: number, to: number])[]): number {
  let left = 0;
  let reached = from;
  for (const [start, end] of [...intervals].sort(([a], [b]) => a - b)) {
    if (start >= to) break;
    if (start > reached) left += start - reached;
    reached = Math.max(reached, end);
  }
  return left + Math.max(0, to - reached);
}

/** Time in operations but in none of those they called, ms, by label: the greatest. Calls at the same time are not subtracted twice. */
export function selfTimes(operations: readonly Operation[]): Record<string, number> {
  const children = groupBy(operations, ({ parentSpanId }) => parentSpanId);
  const calledBy = (spanId: string): (readonly [from: number, to: number])[] =>
    (children.get(spanId) ?? []).flatMap(({ at, durationMs }) =>
      durationMs === undefined ? [] : [[at, at + durationMs] as const],
    );
  const times = new Map<string, number>();
  for (const operation of operations) {
    const { spanId, at, durationMs, kind } = operation;
    if (durationMs === undefined || kind === 'log') continue;
    const own = spanId === undefined ? durationMs : uncovered(at, at + durationMs, calledBy(spanId));
    if (own > 0) times.set(labelOf(operation), (times.get(labelOf(operation)) ?? 0) + own);
  }
  const greatest = [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MAX_SELF_TIMES);
  return Object.fromEntries(greatest.map(([label, ms]) => [label, Math.round(ms * 1_000) / 1_000]));
}

/** Who called whom, by label: those with the most calls. */
export function edgesIn(operations: readonly Operation[], spans: ReadonlyMap<string, Operation>): TurnEdge[] {
  const edges = new Map<string, { caller: string; callee: string; calls: number; duration_ms: number; errors: number }>();
  for (const operation of operations) {
    const from = operation.parentSpanId === undefined ? undefined : spans.get(operation.parentSpanId);
    if (!from || from === operation || operation.kind === 'log') continue;
    const [caller, callee] = [labelOf(from), labelOf(operation)];
    const key = `${caller}\u0000${callee}`;
    const edge = edges.get(key) ?? { caller, callee, calls: 0, duration_ms: 0, errors: 0 };
    edge.calls++;
    edge.duration_ms += operation.durationMs ?? 0;
    if (isFailed(operation)) edge.errors++;
    edges.set(key, edge);
  }
  return [...edges.entries()]
    .sort(([a, x], [b, y]) => y.calls - x.calls || (a < b ? -1 : 1))
    .slice(0, MAX_EDGES)
    .map(([, edge]) => ({ ...edge, duration_ms: Math.round(edge.duration_ms * 1_000) / 1_000 }));
}

/** The operation whose work was the first to end in an error; of two the one that started later, which is the inner one. */
export function firstFailed(operations: readonly Operation[]): Operation | undefined {
  const end = ({ at, durationMs = 0 }: Operation): number => at + durationMs;
  return operations
    .filter((one) => isFailed(one) && one.kind !== 'log')
    .sort((a, b) => end(a) - end(b) || b.at - a.at || (a.id < b.id ? -1 : 1))[0];
}

export interface Repeats {
  readonly retries: number;
  readonly call: string;
  readonly count: number;
}

/** Calls that were made again: after a failure, and with the same arguments. `operations` in order of start. */
export function repeatsIn(operations: readonly Operation[]): Repeats {
  const made = new Map<string, { readonly label: string; readonly count: number; readonly hasFailed: boolean }>();
  let retries = 0;
  for (const operation of operations) {
    if (!isCall(operation)) continue;
    const { callHash, attempt } = operation;
    const label = labelOf(operation);
    const key = `${label} ${callHash}`;
    const before = callHash === undefined ? undefined : made.get(key);
    if ((attempt ?? 1) > 1 || before?.hasFailed) retries++;
    if (callHash === undefined) continue;
    made.set(key, { label, count: (before?.count ?? 0) + 1, hasFailed: before?.hasFailed || isFailed(operation) });
  }
  const [most] = [...made].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1));
  return most && most[1].count > 1 ? { retries, call: most[1].label, count: most[1].count } : { retries, call: '', count: 0 };
}

type OperationCall = ReportedCall & { readonly operation: Operation };

/** Operations that another instrumentation's report of the same call counts for; null where it is not among these. */
export function repeatedCalls(operations: readonly Operation[]): ReadonlyMap<Operation, Operation | null> {
  const calls = operations.flatMap((operation): OperationCall[] => {
    const {
      id,
      kind,
      spanId = '',
      parentSpanId = '',
      model,
      at,
      durationMs,
      usage,
      isEstimated,
      scope = '',
      responseId = '',
    } = operation;
    if (kind !== 'llm') return [];
    return [
      {
        operation, id, traceId: 'of this turn', spanId, parentSpanId, models: model === undefined ? [] : [model], at, durationMs: durationMs ?? null,
        usage: usage ?? [], isEstimated: isEstimated === true, hasFailed: isFailed(operation), scope, responseId,
      },
    ]; // prettier-ignore
  });
  return new Map([
    ...operations.flatMap((one) => (one.isDuplicate ? [[one, null] as const] : [])),
    ...[...duplicateCalls(calls)].map(([duplicate, kept]) => [duplicate.operation, kept.operation] as const),
  ]);
}
