import { type DirectiveRecord, type VolumeRecord } from '@telltale/contracts';
import { hashId, isoTime, MINUTE_MS } from '@telltale/kernel';
import { type ActiveDirective, changed, type Decision, nothing, type VerbosityEffect, type VerbosityRules, type VerbosityState, type Volume } from './state'; // prettier-ignore

/** Where a tenant sends more than its budget, its largest services keep a share of their turns only, until they would fit again. */

/** Of the mean of bytes a minute: half of it is the last minute. */
const GAIN = 0.5;
const LEAST_KEEP = 0.01;
/** Relief ends once all that would come without it is below this share of the budget. */
const OFF_SHARE = 0.75;
/** A share that differs less is left as it is. */
const DEAD_BAND = 0.3;
/** Relief lasts so long at least, and gives back detail no more often. */
const DWELL_MS = 5 * MINUTE_MS;
const TTL_MS = 15 * MINUTE_MS;
/** Renewed when less is left. */
const RENEW_MS = 5 * MINUTE_MS;
/** Services of a tenant whose volume is followed; what more of them send is one. */
const MAX_SERVICES = 100;
/** Services that are cut at once; what people set by hand has places of its own. */
const MAX_RELIEFS = 20;
const OTHERS = '';

export const NO_VOLUME: Volume = { minute: 0, current: {}, mean: {} };

const sum = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((all, one) => all + one, 0);

/** Folds minutes that are over into the means; a service that has sent nothing for long is forgotten. `keepOf`: the share that it kept; null where that changed in the minute. */
function passTo(minute: number, { minute: before, current, mean }: Volume, keepOf: (service: string) => number | null): Volume {
  const passed = before === 0 ? 0 : minute - before;
  if (passed <= 0) return { minute: Math.max(minute, before), current, mean };
  const left = Math.pow(1 - GAIN, passed);
  const names = new Set([...Object.keys(mean), ...Object.keys(current)]);
  const next = [...names].map((name): [string, number] => {
    const keep = keepOf(name);
    const demand = keep === null ? (mean[name] ?? 0) : (current[name] ?? 0) / keep;
    const first = mean[name] === undefined ? demand : mean[name] * (1 - GAIN) + demand * GAIN;
    return [name, (first * left) / (1 - GAIN)];
  });
  return { minute, current: {}, mean: Object.fromEntries(next.filter(([, bytes]) => bytes >= 1)) };
}

function add({ minute, current, mean }: Volume, { volumes }: VolumeRecord): Volume {
  const next = { ...current };
  for (const { service_name: name, bytes } of volumes) {
    const isKnown = name in next || name in mean || Object.keys(next).length + Object.keys(mean).length < MAX_SERVICES;
    const key = isKnown ? name : OTHERS;
    next[key] = (next[key] ?? 0) + bytes;
  }
  return { minute, current: next, mean };
}

/** The most that a service may send so that all together fit: those above it are cut to it, the others stay whole. */
function levelFor(demands: readonly number[], budget: number): number {
  const ascending = [...demands].sort((a, b) => a - b);
  let left = budget;
  for (const [i, demand] of ascending.entries()) {
    const share = left / (ascending.length - i);
    if (demand > share) return share;
    left -= demand;
  }
  return Infinity;
}

const isRelief = ({ isAutomatic, directive }: ActiveDirective): boolean => isAutomatic && directive.class === 'restrict';
const keepOf = (active: ActiveDirective | undefined): number => active?.directive.set.keep ?? 1;

function reliefFor(tenant: string, service: string, keep: number, now: number, present?: ActiveDirective): ActiveDirective {
  const expiresAt = now + TTL_MS;
  const directive: DirectiveRecord = {
    tenant,
    id: present?.directive.id ?? hashId(16, tenant, 'relief', service, now),
    version: (present?.directive.version ?? 0) + 1,
    class: 'restrict',
    priority: 0,
    target: { service_name: service },
    set: { keep },
    limits: {},
    reason: `more is sent than the verbosity budget holds: ${Math.round(keep * 100)} % of turns are kept`,
    issued_by: 'telltale.verbosity',
    evidence: {},
    issued_at: present?.directive.issued_at ?? isoTime(now),
    expires_at: isoTime(expiresAt),
  };
  const before = present ?? { appliedBy: [], records: 0, bytes: 0 };
  return { ...before, directive, expiresAt, isExtended: false, isAutomatic: true, changedAt: now };
}

/** Whether the relief of a service is to be issued again, because it should keep another share, or is about to expire. */
function isToChange(present: ActiveDirective | undefined, wanted: number, now: number): boolean {
  const keep = keepOf(present);
  const isCut = wanted < keep * (1 - DEAD_BAND);
  const isGivenBack = wanted > keep * (1 + DEAD_BAND) && now - (present?.changedAt ?? 0) >= DWELL_MS;
  const isEnding = present !== undefined && present.expiresAt - now < RENEW_MS;
  return isCut || isGivenBack || isEnding;
}

/** Adds a volume; once a minute it is compared with the budget. */
export function relieve(
  state: VerbosityState,
  volume: VolumeRecord,
  now: number,
  { bytesPerMinute, mode }: VerbosityRules,
): Decision {
  const before = state.volume ?? NO_VOLUME;
  const inForce = new Map(state.inForce.filter(isRelief).map((one) => [one.directive.target.service_name ?? '', one]));
  const passed = passTo(Math.floor(now / MINUTE_MS), before, (service) => {
    const present = inForce.get(service);
    return Math.floor((present?.changedAt ?? 0) / MINUTE_MS) === before.minute ? null : keepOf(present);
  });
  const next = { ...state, volume: add(passed, volume) };
  if (bytesPerMinute === null || mode !== 'always' || passed.minute === before.minute) return nothing(next, 'nothing');
  const demand = sum(passed.mean);
  if (demand <= bytesPerMinute && inForce.size === 0) return nothing(next, 'nothing');
  const level = demand < OFF_SHARE * bytesPerMinute ? Infinity : levelFor(Object.values(passed.mean), bytesPerMinute);
  const effects: VerbosityEffect[] = [];
  const kept = new Map(inForce);
  const largestFirst = Object.keys(passed.mean).sort((a, b) => (passed.mean[b] ?? 0) - (passed.mean[a] ?? 0));
  for (const name of new Set([...inForce.keys(), ...largestFirst])) {
    const present = inForce.get(name);
    if (name === OTHERS || (!present && kept.size >= MAX_RELIEFS)) continue;
    const wanted = Math.min(1, Math.max(LEAST_KEEP, level / Math.max(passed.mean[name] ?? 0, 1)));
    if (present && wanted >= 1 && now - (present.changedAt ?? 0) >= DWELL_MS) {
      kept.delete(name);
      effects.push(changed('revoked', present));
    } else if (wanted < 1 && isToChange(present, wanted, now)) {
      const relief = reliefFor(volume.tenant, name, Number(wanted.toPrecision(2)), now, present);
      kept.set(name, relief);
      effects.push(changed(present ? 'extended' : 'raised', relief));
    }
  }
  if (effects.length === 0) return nothing(next, 'nothing');
  const others = state.inForce.filter((one) => !isRelief(one));
  return { state: { ...next, inForce: [...others, ...kept.values()] }, effects, reason: 'relieved' };
}
