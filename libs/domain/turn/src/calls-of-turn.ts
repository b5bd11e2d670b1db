import { isFailed, labelOf, type Operation } from './operation';
import { type TurnState } from './turn-state';
import { bySpan } from './work-in-turn';

const MAX_OPERATIONS = 64;
const MAX_CALLS = 64;
/** Stands for the turn itself, whatever its name. */
const TURN = 'turn';

/** An operation by whose it is; `<kind> <name>`, of the turn itself `turn`. */
export interface OperationInTurn {
  readonly service: string;
  readonly operation: string;
  readonly model: string;
  readonly provider: string;
}

export interface CallInTurn {
  readonly service: string;
  readonly caller: string;
  readonly calleeService: string;
  readonly callee: string;
  readonly calls: number;
  readonly errors: number;
}

/**
 * What a turn called across services. Unlike the edges of its record these say whose each operation is; what has no caller among the
 * events of the turn was called by the turn itself.
 */
export function callsOfTurn({ detailed }: TurnState, turnService: string): { readonly operations: OperationInTurn[]; readonly calls: CallInTurn[] } {
  const all = [...detailed.values()].filter(({ kind, isDuplicate }) => kind !== 'log' && !isDuplicate);
  const spans = bySpan(all);
  const serviceOf = ({ service }: Operation): string => service ?? turnService;
  const nameOf = (operation: Operation): string => (operation.kind === 'turn' ? TURN : labelOf(operation));
  const operations = new Map<string, OperationInTurn>();
  const calls = new Map<string, CallInTurn>();
  for (const operation of all) {
    const [calleeService, callee] = [serviceOf(operation), nameOf(operation)];
    if (callee === TURN && calleeService === turnService) continue;
    operations.set(`${calleeService}\u0000${callee}`, { service: calleeService, operation: callee, model: operation.model ?? '', provider: operation.provider ?? '' });
    const from = operation.parentSpanId === undefined ? undefined : spans.get(operation.parentSpanId);
    const [service, caller] = from && from !== operation ? [serviceOf(from), nameOf(from)] : [turnService, TURN];
    if (service === calleeService && caller === callee) continue;
    const key = [service, caller, calleeService, callee].join('\u0000');
    const before = calls.get(key) ?? { service, caller, calleeService, callee, calls: 0, errors: 0 };
    calls.set(key, { ...before, calls: before.calls + 1, errors: before.errors + (isFailed(operation) ? 1 : 0) });
  }
  const inOrder = <T>(of: ReadonlyMap<string, T>): T[] => [...of].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  return {
    operations: inOrder(operations).slice(0, MAX_OPERATIONS),
    calls: inOrder(calls).sort((a, b) => b.calls - a.calls).slice(0, MAX_CALLS),
  };
} // prettier-ignore
