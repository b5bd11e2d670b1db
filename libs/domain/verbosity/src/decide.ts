import { type AckRecord, type CommandRecord, type DirectiveRecord } from '@telltale/contracts';
import { isoTime } from '@telltale/kernel';
import { boost, isBoost } from './boost';
import {
  type ActiveDirective,
  changed,
  type Decision,
  MAX_ACTIVE,
  MAX_APPLIED,
  nothing,
  VERBOSITY_RULES,
  type VerbosityEffect,
  type VerbosityEvent,
  type VerbosityRules,
  type VerbosityState,
} from './state';
import { evidenceFor, type Finding, findingFromAnomaly, findingFromIncident, noteFinding } from './findings';
import { relieve } from './relief';
import { boostRequestFromAnomaly, boostRequestFromIncident, targetKey } from './target';

/** Removes expired directives; the target of a boost then cools down before it may be boosted again. */
function expire(state: VerbosityState, now: number, rules: VerbosityRules): Decision {
  const over = state.inForce.filter(({ expiresAt }) => expiresAt <= now);
  const resting = Object.entries(state.resting).filter(([, until]) => until > now);
  if (over.length === 0 && resting.length === Object.keys(state.resting).length) return nothing(state, 'nothing');
  const cooldowns = over
    .filter(isBoost)
    .map((d): [string, number] => [targetKey(d.directive.target), d.expiresAt + rules.restMs]);
  const next = {
    ...state,
    inForce: state.inForce.filter(({ expiresAt }) => expiresAt > now),
    resting: Object.fromEntries([...resting, ...cooldowns.filter(([, until]) => until > now)]),
  };
  return { state: next, effects: over.map((d) => changed('expired', d)), reason: over.length > 0 ? 'expired' : 'nothing' };
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
  const { class: of, priority, target, set, limits, reason, issued_by, ttl_ms } = command;
  const expiresAt = now + ttl_ms;
  const directive: DirectiveRecord = {
    tenant, id, class: of, priority, target, set, limits, reason, issued_by, version: (present?.directive.version ?? 0) + 1,
    evidence: { command_id: id }, issued_at: isoTime(now), expires_at: isoTime(expiresAt),
  }; // prettier-ignore
  const added: ActiveDirective = {
    directive,
    expiresAt,
    isExtended: false,
    isAutomatic: false,
    appliedBy: [],
    records: 0,
    bytes: 0,
  };
  return { state: { ...state, inForce: [...others, added] }, effects: [changed('raised', added)], reason: 'set_by_hand' };
}

/** Counts what an instance of an SDK did. What it could not apply counts for nothing. */
function acknowledge(state: VerbosityState, { instance, status, directives }: AckRecord): Decision {
  if (status !== 'applied') return nothing(state, 'nothing');
  const reported = new Map(directives.map((one) => [one.id, one]));
  const effects: VerbosityEffect[] = [];
  const inForce = state.inForce.map((active): ActiveDirective => {
    const { id } = active.directive;
    const one = reported.get(id);
    if (!one) return active;
    const isFirst = !active.appliedBy.includes(instance) && active.appliedBy.length < MAX_APPLIED;
    if (isFirst) effects.push({ type: 'applied', id, instance });
    if (!isFirst && one.hits === 0 && one.bytes === 0) return active;
    const appliedBy = isFirst ? [...active.appliedBy, instance] : active.appliedBy;
    const counted = { ...active, appliedBy, records: active.records + one.hits, bytes: active.bytes + one.bytes };
    return one.hits > 0 && active.openFindings ? { ...counted, evidenceFor: evidenceFor(active) } : counted;
  });
  if (inForce.every((active, i) => active === state.inForce[i])) return nothing(state, 'nothing');
  return { state: { ...state, inForce }, effects, reason: 'acknowledged' };
}

function react(state: VerbosityState, event: VerbosityEvent, now: number, rules: VerbosityRules): Decision {
  switch (event.type) {
    case 'tick':
      return nothing(state, 'nothing');
    case 'command':
      return applyCommand(state, event.command, now);
    case 'ack':
      return acknowledge(state, event.ack);
    case 'volume':
      return relieve(state, event.volume, now, rules);
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

/** What an event says was found now. Planned work and history are no findings. */
function findingOf(event: VerbosityEvent): Finding | null {
  if (event.type === 'anomaly' && !event.anomaly.backfill && !event.anomaly.in_maintenance)
    return findingFromAnomaly(event.anomaly);
  return event.type === 'incident' && !event.incident.backfill ? findingFromIncident(event.incident) : null;
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
  const finding = findingOf(event);
  return {
    state: finding ? noteFinding(then.state, finding) : then.state,
    effects: [...first.effects, ...then.effects],
    reason: event.type === 'tick' ? first.reason : then.reason,
  };
}

/** When the next directive expires; Infinity without one. */
export const nextExpiry = (state: VerbosityState): number =>
  state.inForce.reduce((least, { expiresAt }) => Math.min(least, expiresAt), Infinity);

export const isEmpty = ({ inForce, resting, volume }: VerbosityState): boolean =>
  inForce.length === 0 && Object.keys(resting).length === 0 && volume === undefined;
