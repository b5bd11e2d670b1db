import { type CommandRecord, type DirectiveRecord } from '@telltale/contracts';
import { hashId, isoTime } from '@telltale/kernel';
import {
  type Change,
  type Decision,
  type ActiveDirective,
  MAX_APPLIED,
  MAX_ACTIVE,
  type Reason,
  VERBOSITY_RULES,
  type VerbosityEffect,
  type VerbosityEvent,
  type VerbosityRules,
  type VerbosityState,
} from './state';
import { targetKey, type BoostRequest, boostRequestFromAnomaly, boostRequestFromIncident } from './target';

const changed = (change: Change, { directive, appliedBy }: ActiveDirective): VerbosityEffect => ({
  type: 'changed',
  change,
  directive,
  appliedBy: appliedBy.length,
});
const nothing = (state: VerbosityState, reason: Reason): Decision => ({ state, effects: [], reason });

/** Removes expired directives; the target of a boost then cools down before it may be boosted again. */
function expire(state: VerbosityState, now: number, rules: VerbosityRules): Decision {
  const over = state.inForce.filter(({ expiresAt }) => expiresAt <= now);
  const resting = Object.entries(state.resting).filter(([, until]) => until > now);
  if (over.length === 0 && resting.length === Object.keys(state.resting).length) return nothing(state, 'nothing');
  const cooldowns = over
    .filter((d) => d.isAutomatic)
    .map((d): [string, number] => [targetKey(d.directive.target), d.expiresAt + rules.restMs]);
  const next = {
    inForce: state.inForce.filter(({ expiresAt }) => expiresAt > now),
    resting: Object.fromEntries([...resting, ...cooldowns.filter(([, until]) => until > now)]),
  };
  return { state: next, effects: over.map((d) => changed('expired', d)), reason: over.length > 0 ? 'expired' : 'nothing' };
}

function boost(
  state: VerbosityState,
  tenant: string,
  { target, level, reason }: BoostRequest,
  now: number,
  rules: VerbosityRules,
): Decision {
  const key = targetKey(target);
  const present = state.inForce.find((d) => d.isAutomatic && targetKey(d.directive.target) === key);
  if (present) return extend(state, present, now, rules);
  if (state.resting[key] !== undefined) return nothing(state, 'resting');
  if (state.inForce.filter((d) => d.isAutomatic).length >= rules.maxBoosts) return nothing(state, 'bounded');
  const expiresAt = now + rules.ttlMs;
  const directive: DirectiveRecord = {
    tenant,
    id: hashId(16, tenant, key, now),
    action: 'boost',
    target,
    level,
    reason,
    issued_by: 'telltale.verbosity',
    issued_at: isoTime(now),
    expires_at: isoTime(expiresAt),
  };
  const added: ActiveDirective = { directive, expiresAt, isExtended: false, isAutomatic: true, appliedBy: [] };
  return { state: { ...state, inForce: [...state.inForce, added] }, effects: [changed('raised', added)], reason: 'raised' };
}

/** A further anomaly extends a boost once, and never beyond its maximum duration. */
function extend(state: VerbosityState, present: ActiveDirective, now: number, rules: VerbosityRules): Decision {
  if (present.isExtended) return nothing(state, 'already_extended');
  const expiresAt = Math.min(now + rules.ttlMs, Date.parse(present.directive.issued_at) + rules.maxMs);
  if (expiresAt <= present.expiresAt) return nothing(state, 'in_force');
  const longer: ActiveDirective = {
    ...present,
    isExtended: true,
    expiresAt,
    directive: { ...present.directive, expires_at: isoTime(expiresAt) },
  };
  return {
    state: { ...state, inForce: state.inForce.map((d) => (d === present ? longer : d)) },
    effects: [changed('extended', longer)],
    reason: 'extended',
  };
}

function applyCommand(state: VerbosityState, command: CommandRecord, now: number): Decision {
  const { tenant, id } = command;
  const present = state.inForce.find(({ directive }) => directive.id === id);
  const others = state.inForce.filter((d) => d !== present);
  if (command.type === 'revoke_directive') {
    if (!present) return { state, effects: [{ type: 'cleared', tenant, id }], reason: 'cleared_unknown' };
    return { state: { ...state, inForce: others }, effects: [changed('revoked', present)], reason: 'revoked' };
  }
  if (others.length >= MAX_ACTIVE) return nothing(state, 'too_many');
  const { action, target, level, reason, issued_by, ttl_ms } = command;
  const expiresAt = now + ttl_ms;
  const directive = {
    tenant,
    id,
    action,
    target,
    level,
    reason,
    issued_by,
    issued_at: isoTime(now),
    expires_at: isoTime(expiresAt),
  };
  const set: ActiveDirective = { directive, expiresAt, isExtended: false, isAutomatic: false, appliedBy: [] };
  return { state: { ...state, inForce: [...others, set] }, effects: [changed('raised', set)], reason: 'set_by_hand' };
}

function acknowledge(state: VerbosityState, id: string, instance: string, status: string): Decision {
  const present = state.inForce.find(({ directive }) => directive.id === id);
  if (!present) return nothing(state, 'unknown_directive');
  if (status !== 'applied' || present.appliedBy.includes(instance) || present.appliedBy.length >= MAX_APPLIED)
    return nothing(state, 'nothing');
  const known = { ...present, appliedBy: [...present.appliedBy, instance] };
  return {
    state: { ...state, inForce: state.inForce.map((d) => (d === present ? known : d)) },
    effects: [],
    reason: 'acknowledged',
  };
}

function react(state: VerbosityState, event: VerbosityEvent, now: number, rules: VerbosityRules): Decision {
  switch (event.type) {
    case 'tick':
      return nothing(state, 'nothing');
    case 'command':
      return applyCommand(state, event.command, now);
    case 'ack':
      return acknowledge(state, event.ack.directive_id, event.ack.instance, event.ack.status);
    case 'anomaly': {
      const { anomaly } = event;
      if (anomaly.backfill) return nothing(state, 'backfill');
      if (anomaly.state !== 'open') return nothing(state, 'not_opening');
      if (anomaly.in_maintenance) return nothing(state, 'in_maintenance');
      const request = boostRequestFromAnomaly(anomaly);
      return request ? boost(state, anomaly.tenant, request, now, rules) : nothing(state, 'no_target');
    }
    case 'incident': {
      const { incident } = event;
      // Behavior anomalies are handled as anomaly events; only a cost spike is new here.
      if (incident.backfill) return nothing(state, 'backfill');
      if (incident.kind !== 'cost' || incident.state !== 'open' || incident.updated_at !== incident.opened_at)
        return nothing(state, 'not_opening');
      const request = boostRequestFromIncident(incident);
      return request ? boost(state, incident.tenant, request, now, rules) : nothing(state, 'no_target');
    }
  }
}

/** Decides about one event of one tenant at `now`, after removing expired directives. */
export function decide(
  state: VerbosityState,
  event: VerbosityEvent,
  now: number,
  rules: VerbosityRules = VERBOSITY_RULES,
): Decision {
  const first = expire(state, now, rules);
  const then = react(first.state, event, now, rules);
  return {
    state: then.state,
    effects: [...first.effects, ...then.effects],
    reason: event.type === 'tick' ? first.reason : then.reason,
  };
}

/** When the next directive expires; Infinity without one. */
export const nextExpiry = (state: VerbosityState): number =>
  state.inForce.reduce((least, { expiresAt }) => Math.min(least, expiresAt), Infinity);

export const isEmpty = (state: VerbosityState): boolean => state.inForce.length === 0 && Object.keys(state.resting).length === 0;
