import { groupBy } from '@telltale/kernel';
import { type CallGraph } from './call-graph';
import { isBeneath, isCallOf } from './relation';
import { type Member } from './state';

/** What the members of an incident may be caused by: those that are about the same thing. */
export interface Cause {
  readonly subject: string;
  /** The one that says it best. */
  readonly member: Member;
  readonly members: readonly Member[];
  readonly services: readonly string[];
  readonly startedAt: number;
  /** Something that it calls deviates as well. */
  readonly hasCause: boolean;
  /** It began so long after the first anomaly that it cannot be its reason. */
  readonly isLate: boolean;
  /** How many of the others it explains. */
  readonly support: number;
  readonly depth: number;
}

const byScore = (a: Member, b: Member): number =>
  Number(a.isNovelty) - Number(b.isNovelty) ||
  Number(b.wide !== undefined) - Number(a.wide !== undefined) ||
  b.score - a.score ||
  a.startedAt - b.startedAt ||
  (a.id < b.id ? -1 : 1);

/** Better supported: the callee before its caller, what began in time, the widest before the narrow, what explains more before what explains less, the deeper. */
const bySupport = (a: Cause, b: Cause): number =>
  Number(a.member.isNovelty) - Number(b.member.isNovelty) ||
  Number(a.hasCause) - Number(b.hasCause) ||
  Number(a.isLate) - Number(b.isLate) ||
  b.services.length - a.services.length ||
  b.support - a.support ||
  a.depth - b.depth;

/** Of equal support the first, then the furthest. Nothing depends on the order of arrival. */
const byRank = (a: Cause, b: Cause): number =>
  bySupport(a, b) || a.startedAt - b.startedAt || b.member.score - a.member.score || (a.member.id < b.member.id ? -1 : 1);

/** Whether a cause may take the place of one that people have heard of: it is better supported, and did not begin long after. */
export const isBetter = (next: Cause, current: Cause, joinMs: number): boolean =>
  bySupport(next, current) < 0 && next.startedAt <= current.startedAt + joinMs;

/** Causes of an incident, the most probable first. */
export function rankCauses(members: readonly Member[], graph: CallGraph, joinMs: number): Cause[] {
  const groups: (readonly Member[])[] = [...groupBy(members, ({ subject }) => subject).values()];
  const starts = new Map(groups.map((group) => [group, Math.min(...group.map(({ startedAt }) => startedAt))]));
  const first = Math.min(...members.map(({ startedAt, isNovelty }) => (isNovelty ? Infinity : startedAt)));
  const calls = (from: Member, group: readonly Member[]): boolean =>
    // Nothing is caused by what began long after it.
    (starts.get(group) ?? 0) <= from.startedAt + joinMs &&
    group.some((to) => !to.isNovelty && (isCallOf(from, to, graph) || isBeneath(from, to)));
  /** What deviates in all services explains what does in one. */
  const isPartOf = (from: Member, group: readonly Member[]): boolean =>
    !from.wide && group.some(({ wide, id }) => wide !== undefined && from.parentId === id);
  const causes = groups.map((group): Cause => {
    const ids = new Set(group.map(({ id }) => id));
    const others = groups.filter((other) => other !== group);
    const member = [...group].sort(byScore)[0] as Member;
    const explained = others.flat().filter((from) => ids.has(from.parentId) || calls(from, group));
    // What is over all services is of those that it explains, too.
    const own = (member.wide ? [...group, ...explained] : group).filter(({ wide }) => !wide);
    return {
      subject: member.subject,
      member,
      members: group,
      services: [...new Set(own.map(({ service }) => service))].sort(),
      startedAt: starts.get(group) ?? 0,
      // Two that call each other are no reason of each other.
      hasCause: others.some(
        (other) => group.some((from) => calls(from, other) || isPartOf(from, other)) && !other.some((from) => calls(from, group)),
      ),
      isLate: (starts.get(group) ?? 0) > first + joinMs,
      support: explained.length,
      depth: Math.min(...group.map(({ depth }) => depth)),
    };
  });
  return causes.sort(byRank);
}

const MAX_SHOWN = 3;
const nameOf = (service: string): string => service || 'unnamed service';

function namesOf(services: readonly string[]): string {
  const shown = services.slice(0, MAX_SHOWN).map(nameOf).join(', ');
  const more = services.length - MAX_SHOWN;
  return `${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

function wideTitleOf({ wide, provider, phrase }: Member, services: readonly string[]): string {
  const where = services.length < 2 ? 'several services' : `${services.length} services: ${namesOf(services)}`;
  if (wide === 'turns') return `all services: ${phrase}`;
  return `${wide === 'provider' ? `${provider}: ` : ''}${phrase} in ${where}`;
}

export function titleOf({ services, member }: Pick<Cause, 'services' | 'member'>): string {
  if (member.wide) return wideTitleOf(member, services);
  if (services.length < 2) return `${nameOf(member.service)}: ${member.phrase}`;
  return `${member.phrase} in ${services.length} services: ${namesOf(services)}`;
}
