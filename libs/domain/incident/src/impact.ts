import { type IncidentRecord, type IncidentSeverity, INCIDENT_SEVERITIES } from '@telltale/contracts';
import { groupBy } from '@telltale/kernel';
import { type CallGraph } from './call-graph';
import { type Cause } from './cause';
import { type Impact, NO_IMPACT } from './state';

const DOLLAR = 1e9;
/** Rules of severity; docs/INCIDENTS.md states them. */
const CRITICAL = { badTurns: 50, share: 0.25, ofTurns: 20, users: 100, costNano: 50 * DOLLAR };
const WARNING = { badTurns: 3, users: 10, costNano: DOLLAR };

interface Touched {
  readonly turns: number;
  readonly badTurns: number;
  readonly users: readonly number[];
}
/** Turns of a minute: by operation (`<service> NUL <operation>`) and by service. */
export interface TurnSums {
  readonly operations: ReadonlyMap<string, Touched>;
  readonly services: ReadonlyMap<string, Touched & { readonly costNano: number }>;
}
type JoinUsers = (a: readonly number[], b: readonly number[]) => readonly number[];

export const operationKey = (service: string, operation: string): string => `${service}\u0000${operation}`;
const serviceOf = (scope: string): string => scope.split('\u0000')[0] ?? '';
const isOperation = (scope: string): boolean => scope.includes('\u0000');

/** What turns must have called to be touched by a cause: its operations, those that call its model, or any of its services. */
export function scopeOf({ members, services }: Cause, graph: CallGraph): string[] {
  const operations = members.flatMap(({ service, operation, shared, depth, wide, provider }) => {
    if (wide === 'operation') return graph.servicesWith(operation).map((one) => operationKey(one, operation));
    if (wide === 'provider')
      return graph
        .servicesUsing(provider)
        .flatMap((one) => graph.callersOfProvider(one, provider).map((caller) => operationKey(one, caller)));
    if (operation !== '' && depth < 3) return [operationKey(service, operation)];
    return shared.startsWith('model ') ? graph.callersOf(service, shared.slice('model '.length)).map((one) => operationKey(service, one)) : []; // prettier-ignore
  });
  return [...new Set(operations.length > 0 ? operations : services)].sort();
}

/** Adds turns to what an incident touched. Of several operations of a service the one that most turns called counts: a turn may have called all. */
export function addImpact(impact: Impact, sums: TurnSums, joinUsers: JoinUsers): Impact {
  let next = impact;
  for (const [service, scopes] of groupBy(impact.scope, serviceOf)) {
    const found = scopes
      .flatMap((scope) => (isOperation(scope) ? sums.operations.get(scope) : sums.services.get(scope)) ?? [])
      .reduce<Touched | null>((most, one) => (most && most.turns >= one.turns ? most : one), null);
    if (found) next = { ...next, turns: next.turns + found.turns, badTurns: next.badTurns + found.badTurns, users: joinUsers(next.users, found.users) }; // prettier-ignore
    const all = sums.services.get(service);
    if (all) next = { ...next, allTurns: next.allTurns + all.turns, costNano: next.costNano + all.costNano };
  }
  return next;
}

/** Counted from the beginning: `before` are the turns of the hour before the onset, `since` those after it. */
export function impactOf(
  of: Pick<Impact, 'scope' | 'since'>,
  before: readonly TurnSums[],
  since: readonly TurnSums[],
  joinUsers: JoinUsers,
): Impact {
  const sum = (all: readonly TurnSums[]): Impact =>
    all.reduce((impact, one) => addImpact(impact, one, joinUsers), { ...NO_IMPACT, ...of });
  const usual = sum(before);
  return {
    ...sum(since),
    usualBadShare: usual.turns > 0 ? usual.badTurns / usual.turns : 0,
    usualCostNano: usual.allTurns > 0 ? usual.costNano / usual.allTurns : -1,
  };
}

/** Beyond what as many turns usually cost; 0 where it is not known what is usual. */
export const costOverUsual = ({ costNano, allTurns, usualCostNano }: Impact): number =>
  usualCostNano >= 0 ? Math.max(0, Math.round(costNano - allTurns * usualCostNano)) : 0;

const rank = (severity: IncidentSeverity): number => INCIDENT_SEVERITIES.indexOf(severity);
export const isMoreSevere = (a: IncidentSeverity, b: IncidentSeverity): boolean => rank(a) > rank(b);

/** By money alone. */
export const severityOfCost = (nano: number): IncidentSeverity =>
  nano >= CRITICAL.costNano ? 'critical' : nano >= WARNING.costNano ? 'warning' : 'info';

/** By the turns, users and money touched; where nothing is known of turns, failing and silent things are a warning. */
export function severityOf(impact: Impact, users: number, isFailure: boolean): IncidentSeverity {
  const excess = impact.badTurns - impact.turns * impact.usualBadShare;
  const share = impact.turns > 0 ? excess / impact.turns : 0;
  const ofCost = severityOfCost(costOverUsual(impact));
  if (ofCost === 'critical' || excess >= CRITICAL.badTurns) return 'critical';
  if (share >= CRITICAL.share && impact.turns >= CRITICAL.ofTurns) return 'critical';
  if (users >= CRITICAL.users && excess >= WARNING.badTurns) return 'critical';
  if (ofCost === 'warning' || excess >= WARNING.badTurns || users >= WARNING.users) return 'warning';
  return isFailure && impact.turns === 0 ? 'warning' : 'info';
}

export const figuresOf = (impact: Impact, users: number): Pick<IncidentRecord, 'turns_touched' | 'bad_turns' | 'users_touched' | 'cost_nano_usd'> => ({
  turns_touched: Math.round(impact.turns),
  bad_turns: Math.round(impact.badTurns),
  users_touched: users,
  cost_nano_usd: costOverUsual(impact),
}); // prettier-ignore
