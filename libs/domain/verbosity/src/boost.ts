import { type DirectiveRecord, type DirectiveSet } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import { type ActiveDirective, changed, type Decision, nothing, type VerbosityRules, type VerbosityState } from './state';
import { type BoostRequest, covers, targetKey } from './target';

/** One that an anomaly or incident raised. */
export const isBoost = ({ isAutomatic, directive }: ActiveDirective): boolean => isAutomatic && directive.class === 'boost';
const serviceOf = ({ directive }: ActiveDirective): string => directive.target.service_name ?? '';

function newBoost(tenant: string, request: BoostRequest, now: number, rules: VerbosityRules): ActiveDirective {
  const { target, set, reason, evidence } = request;
  const expiresAt = now + rules.ttlMs;
  const directive: DirectiveRecord = {
    tenant,
    id: hashId(16, tenant, targetKey(target), now),
    version: 1,
    class: 'boost',
    priority: 0,
    target,
    set,
    limits: rules.limits,
    reason,
    issued_by: 'telltale.verbosity',
    evidence,
    issued_at: isoTime(now),
    expires_at: isoTime(expiresAt),
  };
  return { directive, expiresAt, isExtended: false, isAutomatic: true, appliedBy: [], records: 0, bytes: 0 };
}

/** A further anomaly extends a boost once, and never beyond its maximum duration. */
function extend(state: VerbosityState, present: ActiveDirective, now: number, rules: VerbosityRules): Decision {
  if (present.isExtended) return nothing(state, 'already_extended');
  const { directive } = present;
  const expiresAt = Math.min(now + rules.ttlMs, Date.parse(directive.issued_at) + rules.maxMs);
  if (expiresAt <= present.expiresAt) return nothing(state, 'in_force');
  const longer: ActiveDirective = {
    ...present,
    isExtended: true,
    expiresAt,
    directive: { ...directive, version: directive.version + 1, expires_at: isoTime(expiresAt) },
  };
  return {
    state: { ...state, inForce: state.inForce.map((d) => (d === present ? longer : d)) },
    effects: [changed('extended', longer)],
    reason: 'extended',
  };
}

/**
 * Where all places are taken: the newest boost of the service that has the most, if that has at least two more than the service that asks, so that
 * no service crowds out another.
 */
function placeFor(service: string, boosts: readonly ActiveDirective[]): ActiveDirective | undefined {
  const held = new Map<string, number>();
  for (const one of boosts) held.set(serviceOf(one), (held.get(serviceOf(one)) ?? 0) + 1);
  const most = Math.max(...held.values());
  if (most - (held.get(service) ?? 0) < 2) return undefined;
  return boosts.filter((one) => held.get(serviceOf(one)) === most).at(-1);
}

/** Whether the boost would change nothing: it is there, a wider one is, or its cause is being looked at. */
function present(state: VerbosityState, request: BoostRequest, now: number, rules: VerbosityRules): Decision | null {
  const key = targetKey(request.target);
  const boosts = state.inForce.filter(isBoost);
  const same = boosts.find(({ directive }) => targetKey(directive.target) === key);
  if (same) {
    // An anomaly that is reported again, with what explains it, is not another one.
    const isSameAnomaly =
      request.evidence.anomaly_id !== undefined && same.directive.evidence.anomaly_id === request.evidence.anomaly_id;
    return isSameAnomaly ? nothing(state, 'in_force') : extend(state, same, now, rules);
  }
  if (request.explainedBy !== '' && boosts.some(({ directive }) => directive.evidence.anomaly_id === request.explainedBy))
    return nothing(state, 'explained');
  const isCovered = boosts.some(
    ({ directive }) => covers(directive.target, request.target) && hasAsMuch(directive.set, request.set),
  );
  if (isCovered) return nothing(state, 'covered');
  return state.resting[key] === undefined ? null : nothing(state, 'resting');
}
const hasAsMuch = (present: DirectiveSet, wanted: DirectiveSet): boolean =>
  Object.entries(wanted).every(([name, value]) => present[name as keyof DirectiveSet] === value);

/** Raises a boost, the widest cause first: those that it covers give their places to it. */
export function boost(
  state: VerbosityState,
  tenant: string,
  request: BoostRequest,
  now: number,
  rules: VerbosityRules,
): Decision {
  if (rules.mode === 'never') return nothing(state, 'switched_off');
  const before = present(state, request, now, rules);
  if (before) return before;
  const added = newBoost(tenant, request, now, rules);
  if (rules.mode === 'monitor') {
    const resting = { ...state.resting, [targetKey(request.target)]: now + rules.ttlMs };
    return { state: { ...state, resting }, effects: [changed('monitored', added)], reason: 'monitored' };
  }
  const boosts = state.inForce.filter(isBoost);
  const over = boosts.filter(
    ({ directive }) => covers(request.target, directive.target) && hasAsMuch(request.set, directive.set),
  );
  if (boosts.length - over.length >= rules.maxBoosts) {
    const given = rules.maxBoosts === 0 ? undefined : placeFor(request.target.service_name ?? '', boosts);
    if (!given) return { state, effects: [changed('suppressed', added)], reason: 'suppressed' };
    over.push(given);
  }
  const inForce = [...state.inForce.filter((one) => !over.includes(one)), added];
  return {
    state: { ...state, inForce },
    effects: [...over.map((one) => changed('revoked', one)), changed('raised', added)],
    reason: 'raised',
  };
}
