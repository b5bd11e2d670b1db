import { allMatch, type Matchable, type Matcher, type SettingValue } from '@telltale/contracts';
import { windowEnd } from './weekly-window';

export type Silence = Pick<SettingValue<'silence'>, 'service_name' | 'kind' | 'matchers' | 'from' | 'until' | 'weekly'>;

/** What a silence may be about: an incident, or an alert of one. */
export interface Silenceable {
  readonly service_name: string;
  readonly services?: readonly string[];
  readonly kind: string;
  readonly severity?: string;
  readonly title: string;
  readonly probable_cause?: string;
  readonly summary?: string;
}

/** Windows may follow on one another without end; then the next look is after so many. */
const MAX_FOLLOWED = 100;

const matchableOf = (what: Silenceable): Matchable => ({
  services: [what.service_name, ...(what.services ?? [])],
  kind: what.kind,
  severity: what.severity ?? '',
  words: [what.title, what.probable_cause ?? '', what.summary ?? ''],
});

function isAbout({ service_name: service, kind, matchers = [] }: Silence, what: Matchable): boolean {
  const simple: Matcher[] = [
    ...(service === undefined ? [] : [{ field: 'service' as const, op: '=' as const, value: service }]),
    ...(kind === undefined ? [] : [{ field: 'kind' as const, op: '=' as const, value: kind }]),
  ];
  return allMatch([...simple, ...matchers], what);
}

/** When it no longer holds, by what is in force at `at`; 0 where nothing of it is. */
function endOf({ from, until, weekly }: Silence, at: number): number {
  const last = until === undefined ? Infinity : Date.parse(until);
  if (at >= last || (from !== undefined && at < Date.parse(from))) return 0;
  if (!weekly) return last;
  const ends = weekly.flatMap((window) => windowEnd(window, at) ?? []);
  return ends.length === 0 ? 0 : Math.min(last, Math.max(...ends));
}

/** First moment from `now` on at which none of the silences is about this, ms since the epoch; `now` where none is. */
export function silencedUntil(what: Silenceable, silences: readonly Silence[], now: number): number {
  if (silences.length === 0) return now;
  const matchable = matchableOf(what);
  const about = silences.filter((silence) => isAbout(silence, matchable));
  let at = now;
  for (let followed = 0; followed < MAX_FOLLOWED; followed++) {
    const end = about.reduce((latest, silence) => Math.max(latest, endOf(silence, at)), 0);
    if (end <= at) return at;
    at = end;
  }
  return at;
}
